# Shared by the benchmarks: a fleet of their own in a temporary folder.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
offset=${PORT_OFFSET:-21000}
export PROTOPLEX_DIR="$work/fleet"
web=http://127.0.0.1:$((8080 + offset))
meta=http://127.0.0.1:$((8050 + offset))

# One build for the whole run, whatever is edited meanwhile.
"$root/protoplex" --version >/dev/null
dist=${PROTOPLEX_HOME:-$root/runtimes/dist/target/protoplex}
export PROTOPLEX_HOME=$dist

px() { "$root/protoplex" "$@"; }

need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 2; }; }

java_of_fleet() { readlink "/proc/$(node_pid)/exe"; }

node_pid() { tr -d '\n' <"$PROTOPLEX_DIR/nodes/node-1/lock"; }

end() {
    px down >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT

# Versions 1.0.0 to 1.0.N of the app that is swapped.
bundles() {
    "$(java_of_fleet)" "$root/benchmarks/swap/Bundles.java" "$work/bundles" "$1" \
        "$(echo "$dist"/bundles/org.apache.felix.http.servlet-api-*.jar):$(echo "$dist"/lib/host/org.apache.felix.framework-*.jar)"
}

# A figure of a sorted list of numbers on standard input: its P-th percentile.
percentile() { sort -n | awk -v p="$1" '{ v[NR] = $1 } END { i = int((NR - 1) * p / 100 + 0.5) + 1; print v[i] }'; }

# Figures of the last load: requests, requests per second, answers that were no 200, the longest wait for one, connections that failed.
requests() { awk '/requests in/ { print $1 }' "$work/wrk"; }
rate() { awk '/Requests\/sec/ { print $2 }' "$work/wrk"; }
failed() { awk '/Non-2xx/ { n = $NF } END { print n + 0 }' "$work/wrk"; }
longest() { awk '$1 == "Latency" { print $4 }' "$work/wrk"; }
broken() { awk '/Socket errors/ { gsub(",", ""); n = $4 + $6 + $8 + $10 } END { print n + 0 }' "$work/wrk"; }

# Bounded: it is ended when what was to be seen is over, or by itself.
load() {
    wrk -t1 -c64 -d"$2"s --timeout 30s "$1" >"$work/wrk" 2>&1 &
    load=$!
}
end_load() {
    kill -INT "$load" 2>/dev/null || true
    wait "$load" || true
}
