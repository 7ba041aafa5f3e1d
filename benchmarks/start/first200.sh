# Shared by the benchmarks of starts: the time from `java` to the first 200 of the app.

# Whether the app answers 200. In this shell and with a pause after it: a process for each try would take one of the processors from the node.
exec 9<> <(:)
answers() {
    { exec 3<>"/dev/tcp/127.0.0.1/$((8080 + offset))"; } 2>/dev/null || return 1
    printf 'GET /bench/instant HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    IFS= read -r status <&3 || status=
    exec 3>&-
    [[ $status == *' 200 '* ]]
}

# first200 NAME COMMAND...: appends the milliseconds to NAME.first, and the MiB of resident memory to NAME.rss; ends the process.
first200() {
    local name=$work/$1 begin node
    shift
    begin=$(date +%s%N)
    "$@" >"$name.log" 2>&1 &
    node=$!
    until answers; do
        read -rt 0.002 -u 9 || true
        kill -0 $node || { cat "$name.log" >&2; echo "the process ended before it served" >&2; exit 1; }
    done
    echo $((($(date +%s%N) - begin) / 1000000)) >>"$name.first"
    # Memory when all that starts in the background has started, and what only the start needed is given back.
    sleep 12
    awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$node/status" >>"$name.rss"
    kill $node
    wait $node || true
}

# The command line of a node of one process that serves the app, in the array `command`.
command_of_node() {
    px up --detach --port-offset "$offset" >/dev/null
    bundles 1
    px push "$work/bundles/bench-1.0.0.jar" >/dev/null
    mapfile -d '' command <"/proc/$(node_pid)/cmdline"
    px down >/dev/null
}

row() { printf '%-28s %6s %6s %6s\n' "$1" "$(percentile 50 <"$2")" "$(percentile 0 <"$2")" "$(percentile 100 <"$2")"; }
