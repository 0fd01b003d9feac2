# Starts and stops what scripts/run runs: demo provider, daemon, nginx. Each
# child is a session of its own, so that Ctrl-C in a terminal reaches the
# supervisor alone and the order of stopping is kept.
# shellcheck shell=bash

declare -A child=() # name -> pid

# layout DIR: the folders of one run, and its live files on tmpfs.
layout() {
    dir=$1
    run=$(run_folder "$dir")
    data=$dir/data
    (umask 077 && mkdir -p "$dir" "$dir/log" "$dir/nginx/temp")
    mkdir -p "$data"
    chmod 2770 "$data"
    [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] ||
        die "/dev/shm is not a tmpfs; mount one: mount -t tmpfs tmpfs /dev/shm"
    mkdir -m 2770 "$run" 2>/dev/null || { [ -d "$run" ] && [ ! -L "$run" ] &&
        [ -O "$run" ]; } || die "$run belongs to somebody else; remove it"
}

run_folder() {
    echo "/dev/shm/aiproxy-$(id -u)-$(printf %s "$1" | sha256sum | cut -c1-12)"
}

start_child() { # name, log, command...
    local name=$1 log=$2
    shift 2
    setsid "$@" >"$log" 2>&1 </dev/null 9>&- &
    child[$name]=$!
}

start_demo() {
    local wanted=
    # The same port as last time, so that a changed console keeps working.
    [ ! -f "$dir/demo.json" ] ||
        wanted=$(sed -n 's/.*"demo_port":\([0-9]*\).*/\1/p' "$dir/demo.json")
    if [ -z "$wanted" ] ||
        ! "$tree/scripts/lib/ports" check "$wanted" >/dev/null; then
        wanted=$("$tree/scripts/lib/ports" free 1)
    fi
    start_child demo_provider "$dir/log/demo_provider.log" \
        "$build/demo_provider" --listen "127.0.0.1:$wanted"
    wait_line demo_provider "$dir/log/demo_provider.log" '^listening on '
    demo_port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' \
        "$dir/log/demo_provider.log" | head -n 1)
}

start_daemon() {
    daemon_port=$("$tree/scripts/lib/ports" free 1)
    # By the environment: a URL may hold a password, and ps shows arguments.
    AIPROXY_DATABASE=$database AIPROXY_REDIS=$redis start_child daemon "$dir/log/daemon.log" \
        "$build/aiproxy-admin" serve --listen "127.0.0.1:$daemon_port" \
        --dir "$data" --run-dir "$run" --allowed-networks 127.0.0.0/8
    wait_line daemon "$dir/log/daemon.log" '"event": *"ready"'
}

start_nginx() {
    local files user=
    files=$(ulimit -Hn)
    if [ "$files" = unlimited ] || [ "$files" -gt 65536 ]; then files=65536; fi
    # Workers of another user could not read a clone under /root.
    [ "$(id -u)" != 0 ] || user=root
    "$tree/scripts/lib/nginx_conf" "$tree" "$dir" \
        module="$build/ngx_aiproxy_module.so" user="$user" files="$files" \
        connections=$((files / 4 < 16384 ? files / 4 : 16384)) \
        mime_types="$(mime_types)" data="$data" run="$run" \
        web="$tree/web/dist" port="$port" \
        admin_port="$admin_port" daemon_port="$daemon_port" \
        redis="$redis" || exit 1
    start_child nginx "$dir/log/nginx.log" "$nginx" -p "$dir/nginx/" \
        -c "$dir/nginx/nginx.conf" -e "$dir/log/nginx-error.log" \
        -g 'daemon off;'
    wait_port nginx "$dir/log/nginx.log" "$port"
    wait_port nginx "$dir/log/nginx.log" "$admin_port"
}

mime_types() {
    local file=$build/nginx-source/conf/mime.types
    if [ -f "$file" ]; then echo "$file"; else echo /etc/nginx/mime.types; fi
}

# wait_line NAME LOG PATTERN: until the log has such a line; a child that ends
# before is an error.
wait_line() { wait_until "$1" "$2" grep -qE -- "$3" "$2"; }

wait_port() { wait_until "$1" "$2" port_open "$3"; }

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_until() { # name, log, command...
    local name=$1 log=$2 tries=600
    shift 2
    until "$@"; do
        if ! kill -0 "${child[$name]}" 2>/dev/null; then
            show_log "$name" "$log"
            die "$name did not start"
        fi
        [ $((tries -= 1)) -gt 0 ] || { show_log "$name" "$log"
            die "$name was not ready within 60 s"; }
        sleep 0.1
    done
}

show_log() {
    say "--- the end of $2"
    tail -n 20 "$2" >&2
    [ "$1" != nginx ] || tail -n 20 "$dir/log/nginx-error.log" >&2 2>/dev/null
    say "---"
}

# stop_children: nginx first, so that the daemon still takes in its last
# records; streams that run get three seconds.
stop_children() {
    stop_pid "${child[nginx]-}" QUIT 3 TERM 5
    stop_pid "${child[daemon]-}" TERM 40
    stop_pid "${child[demo_provider]-}" TERM 5
    remove_live_files
}

# stop_pid PID SIGNAL SECONDS [SIGNAL SECONDS]...: then KILL.
stop_pid() {
    local pid=$1 tries
    [ -n "$pid" ] || return 0
    shift
    while [ $# -gt 0 ]; do
        kill -s "$1" "$pid" 2>/dev/null || return 0
        tries=$(($2 * 20))
        while [ $((tries -= 1)) -ge 0 ]; do
            alive "$pid" || return 0
            sleep 0.05
        done
        shift 2
    done
    kill -s KILL "$pid" 2>/dev/null || true
}

# alive PID: a child that ended and was not waited for is not alive.
alive() {
    kill -0 "$1" 2>/dev/null &&
        ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# The files on tmpfs go when their records are in the database; else the next
# start takes them in.
remove_live_files() {
    [ -d "$run" ] || return 0
    if ls "$run"/ledger/*.live >/dev/null 2>&1; then
        say "records are left in $run/ledger: the next start takes them in"
        return 0
    fi
    rm -rf "$run"
}
