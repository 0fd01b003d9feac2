# Builds nginx from source: for NGINX_SOURCE and for the sanitizers.
# shellcheck shell=bash

# default_build_folder: build, or build-<version> for another nginx.
default_build_folder() {
    if [ -z "${NGINX_SOURCE:-}" ]; then
        echo "$tree/build"
        return
    fi
    local version
    version=$(nginx_version_of "$NGINX_SOURCE") || return
    echo "$tree/build-$version"
}

nginx_version_of() {
    local version
    version=$(sed -n 's/^#define NGINX_VERSION *"\(.*\)"/\1/p' \
        "$1/src/core/nginx.h" 2>/dev/null) || true
    [ -n "$version" ] || die "no nginx source in $1 (src/core/nginx.h is missing)"
    echo "$version"
}

# build_nginx SOURCE BUILD SANITIZE(ON|OFF): BUILD/nginx is the binary. The
# source is copied: nginx's configure writes into its own folder.
build_nginx() {
    local source=$1 build=$2 sanitize=$3 copy=$2/nginx-source configure wanted
    nginx_version_of "$source" >/dev/null
    wanted="$(fingerprint "$source/src" "$source/auto") $sanitize"
    if [ -x "$build/nginx" ] && up_to_date "$build/.nginx" "$wanted"; then
        return 0
    fi
    say "building nginx $(nginx_version_of "$source") from $source"
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r "$source/." "$copy"
    configure=./configure
    [ -x "$copy/configure" ] || configure=auto/configure
    (cd "$copy" && run_logged "$build/nginx-configure.log" \
        "$configure" --prefix="$build/nginx-prefix" $(nginx_options) \
        "--with-cc-opt=$(nginx_cc_options "$sanitize")" \
        "--with-ld-opt=$(nginx_ld_options "$sanitize")") ||
        die "nginx's configure failed"
    (cd "$copy" && run_logged "$build/nginx-make.log" make -j "$(nproc)") ||
        die "nginx does not build"
    cp "$copy/objs/nginx" "$build/nginx"
    echo "$wanted" >"$build/.nginx"
}

nginx_options() {
    echo --with-compat --with-debug --with-threads --with-http_ssl_module \
        --with-http_v2_module --with-http_realip_module \
        --with-http_stub_status_module --with-http_gzip_static_module
}

# NGX_DEBUG_PALLOC gives each allocation of a pool its own malloc, so that
# ASan sees a step past its end. What nginx itself does that UBSan minds
# (null pointers with a length of 0) is left out.
nginx_cc_options() {
    [ "$1" = ON ] || { echo '-O2 -g'; return; }
    echo '-O1 -g -fno-omit-frame-pointer -DNGX_DEBUG_PALLOC=1' \
        '-fsanitize=address,undefined' \
        '-fno-sanitize=nonnull-attribute,pointer-overflow,alignment'
}

# libstdc++ must be there when ASan starts, or the module's first exception
# ends the worker: nginx is C and would load it with the module only.
nginx_ld_options() {
    [ "$1" = ON ] || return 0
    echo '-fsanitize=address,undefined -Wl,--no-as-needed -lstdc++'
}
