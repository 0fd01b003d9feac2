# What every command here says it with. Progress goes to stderr: stdout is
# kept for results.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# run_logged LOG COMMAND...: quiet while it works; when it fails, the end of
# its log is shown.
run_logged() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if "$@" >"$log" 2>&1; then return 0; fi
    say "--- the end of $log"
    tail -n 40 "$log" >&2
    say "---"
    return 1
}

# fingerprint PATH...: changes when a file is added, removed or touched.
fingerprint() {
    find "$@" \( -name node_modules -o -name dist -o -name output \) -prune \
        -o -type f -printf '%p %s %T@\n' 2>/dev/null |
        LC_ALL=C sort | sha256sum | cut -d' ' -f1
}

# up_to_date STAMP VALUE: true when the stamp holds this value.
up_to_date() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
