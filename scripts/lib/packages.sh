# Installs the Debian packages that are missing, and starts no service by it.
# shellcheck shell=bash

packages_to_build='nginx nginx-dev build-essential cmake ninja-build pkg-config
    libpistache-dev libsoci-dev libboost-dev libboost-date-time-dev
    libhiredis-dev libjwt-dev libjansson-dev libcppunit-dev libflatbuffers-dev
    flatbuffers-compiler libspdlog-dev libfmt-dev libcli11-dev libsodium-dev
    libcurl4-openssl-dev libhowardhinnant-date-dev tzdata libpq-dev libzstd-dev libyaml-cpp-dev
    libsqlite3-dev libssl-dev zlib1g-dev libpcre2-dev libpcre3-dev unicode-data
    sqlite3 perl curl ca-certificates procps'
packages_to_test='postgresql-15 redis-server chromium fonts-noto-cjk clang-14 clang-format-14
    libclang-rt-14-dev libfuzzer-14-dev wrk jq openssl'

# install_packages NAME...: a second call is one dpkg-query.
install_packages() {
    local missing
    missing=$(missing_packages "$@")
    # npm comes from elsewhere on many machines, and Debian's would clash.
    command -v npm >/dev/null || missing="$missing npm"
    missing=$(echo $missing)
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null ||
        die "install these first (this is not Debian, so I cannot): $missing"
    say "installing: $missing"
    as_root "$tree/scripts/lib/apt_install" $missing >&2 ||
        die "apt-get could not install: $missing (its output is above)"
}

missing_packages() {
    command -v dpkg-query >/dev/null || { echo "$@"; return; }
    local installed name
    installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "$@" \
        2>/dev/null) "
    for name in "$@"; do
        case $installed in *" installed:$name "*) ;; *) echo "$name" ;; esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; return; fi
    command -v sudo >/dev/null ||
        die "packages are missing; run this as root once, or install sudo"
    sudo "$@"
}
