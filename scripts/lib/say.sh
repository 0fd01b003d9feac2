# What every command here says it with. Progress goes to stderr: stdout is
# kept for results.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# run_logged LOG COMMAND...: says every 20 seconds how far it is; when it
# fails, the end of its log is shown.
run_logged() {
    local log=$1 watcher failed=no
    shift
    mkdir -p "$(dirname "$log")"
    : >"$log"
    show_progress "$log" >&2 &
    watcher=$!
    "$@" >"$log" 2>&1 || failed=yes
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    [ $failed = yes ] || return 0
    say "--- the end of $log"
    tail -n 40 "$log" >&2
    say "---"
    return 1
}

# show_progress LOG: its last line, for as long as this command lives. It
# waits at a pipe that never says anything: a sleep would outlive it.
show_progress() {
    exec 8<> <(:)
    while ! read -r -t 20 -u 8 && kill -0 $$ 2>/dev/null; do
        tail -n 1 "$1" | cut -c 1-78
    done
}

# fingerprint PATH...: changes when a file is added, removed or touched.
fingerprint() {
    find "$@" \( -name node_modules -o -name dist -o -name output \) -prune \
        -o -type f -printf '%p %s %T@\n' 2>/dev/null |
        LC_ALL=C sort | sha256sum | cut -d' ' -f1
}

# up_to_date STAMP VALUE: true when the stamp holds this value.
up_to_date() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
