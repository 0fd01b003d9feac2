# Starts and stops what scripts/run runs: demo provider, daemon, nginx. Each
# child is a session of its own, so that Ctrl-C in a terminal reaches the
# supervisor alone and the order of stopping is kept.
# shellcheck shell=bash

declare -A child=() # name -> pid

# at_node N: what follows is about this node of the run in DIR: its folders,
# its ports, the names of its children. The second node's folder is DIR/node-2,
# its ports are the next ones.
at_node() {
    node=$1 home=$dir suffix=
    [ "$node" = 1 ] || home=$dir/node-$node suffix=_$node
    run=$(run_folder "$home")
    data=$home/data
    node_port=$((port + node - 1))
    node_admin_port=$((admin_port + node - 1))
}

# layout: the folders of a node, and its live files on tmpfs.
layout() {
    (umask 077 && mkdir -p "$home" "$home/log" "$home/nginx/temp")
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
    local name=()
    [ "$nodes" = 1 ] || name=(--node-name "node-$node")
    daemon_port=$("$tree/scripts/lib/ports" free 1)
    daemon_ports[$node]=$daemon_port
    # By the environment: a URL may hold a password, and ps shows arguments.
    AIPROXY_DATABASE=$database AIPROXY_REDIS=$redis \
        start_child "daemon$suffix" "$home/log/daemon.log" \
        "$build/aiproxy-admin" serve --listen "127.0.0.1:$daemon_port" \
        --dir "$data" --run-dir "$run" --allowed-networks 127.0.0.0/8 \
        "${name[@]}"
    wait_line "daemon$suffix" "$home/log/daemon.log" '"event": *"ready"'
}

# What one node seals in the database the others open: they have one key.
share_master_key() {
    [ "$node" = 1 ] || [ -e "$data/master.key" ] ||
        (umask 077 && cp "$dir/data/master.key" "$data/master.key.new" &&
            mv "$data/master.key.new" "$data/master.key")
}

start_nginx() {
    local files user=
    files=$(ulimit -Hn)
    if [ "$files" = unlimited ] || [ "$files" -gt 65536 ]; then files=65536; fi
    # Workers of another user could not read a clone under /root.
    [ "$(id -u)" != 0 ] || user=root
    "$tree/scripts/lib/nginx_conf" "$tree" "$home" \
        module="$build/ngx_aiproxy_module.so" user="$user" files="$files" \
        connections=$((files / 4 < 16384 ? files / 4 : 16384)) \
        mime_types="$(mime_types)" data="$data" run="$run" \
        web="$tree/web/dist" port="$node_port" \
        admin_port="$node_admin_port" daemon_port="${daemon_ports[$node]}" \
        redis="$redis" || exit 1
    start_child "nginx$suffix" "$home/log/nginx.log" "$nginx" \
        -p "$home/nginx/" -c "$home/nginx/nginx.conf" \
        -e "$home/log/nginx-error.log" -g 'daemon off;'
    wait_port "nginx$suffix" "$home/log/nginx.log" "$node_port"
    wait_port "nginx$suffix" "$home/log/nginx.log" "$node_admin_port"
}

mime_types() {
    local file=$build/nginx-source/conf/mime.types
    if [ -f "$file" ]; then echo "$file"; else echo /etc/nginx/mime.types; fi
}

# wait_line NAME LOG PATTERN: until the log has such a line; a child that ends
# before is an error. The log may not be there yet.
wait_line() { wait_until "$1" "$2" grep -qsE -- "$3" "$2"; }

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
    [[ $1 != nginx* ]] ||
        tail -n 20 "${2%/*}/nginx-error.log" >&2 2>/dev/null
    say "---"
}

# stop_children: nginx first, so that the daemon still takes in its last
# records; streams that run get three seconds.
stop_children() {
    local name n
    for name in "${!child[@]}"; do
        [[ $name != nginx* ]] || stop_pid "${child[$name]}" QUIT 3 TERM 5
    done
    for name in "${!child[@]}"; do
        [[ $name != daemon* ]] || stop_pid "${child[$name]}" TERM 40
    done
    stop_pid "${child[demo_provider]-}" TERM 5
    for n in 1 $(other_nodes); do
        at_node "$n"
        remove_live_files
    done
}

# The numbers of the nodes that have a folder in DIR, but the first.
other_nodes() {
    local folder
    for folder in "$dir"/node-*; do
        [ ! -d "$folder" ] || echo "${folder##*-}"
    done
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
