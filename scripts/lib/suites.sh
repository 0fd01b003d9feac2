# The suites of scripts/test: what each runs. They differ in the runner only:
# everything prints TAP and tap_runner counts.
# shellcheck shell=bash

default_suites='layers unit golden module admin e2e sdk docs web'
other_suites='sanitize fuzz chaos soak scale'

describe_suites() {
    cat <<'END'
layers    includes stay inside their layers; the C++ is formatted
unit      CppUnit: core and the daemon's services; replays the fuzz corpora
golden    recorded requests and answers of each dialect, at every split
module    nginx with the module and the demo provider
admin     the management API, on SQLite and Postgres
e2e       daemon, nginx and demo provider together; kills and reloads; half
          a minute of chaos
sdk       the official SDKs through the gateway and direct
docs      the documents say what the code does
web       the console: its units, and in a real browser
sanitize  unit, golden, module, admin, e2e, sdk, the fuzzer of the API and the
          mix of soak with nginx, module and daemon under ASan and UBSan
          (NGINX_SOURCE=DIR, or Debian's source)
fuzz      libFuzzer on each parser (FUZZ_SECONDS=60 each); the scanners beside
          jansson over SCANNER_CASES=300000 generated texts; the management API
          under requests made from openapi.json
chaos     kills, reloads, absences together under load (CHAOS_SECONDS=180);
          below 120 fifty rounds of each kill become three
soak      the same load for long: memory stays flat (SOAK_SECONDS=600); each
          of MIX_REQUESTS=100000 mixed requests has the right record
scale     what the bench shows of many records and keys is within its limits:
          SCALE_RECORDS=1000000 (ten times as many on Postgres), 200,000 keys
END
}

passed=0 failed=0

# tap SUITE [tap_runner's options] NAME=COMMAND...
tap() {
    local suite=$1 counts p f
    shift
    mkdir -p "$logs/$suite"
    local options=()
    [ -z "${AIPROXY_TEST_AGAIN:-}" ] || options+=(--again)
    while [[ ${1-} == --* ]]; do
        options+=("$1")
        if [ "$1" != --plain ]; then options+=("$2"); shift; fi
        shift
    done
    counts=$("$tree/scripts/lib/tap_runner" "${options[@]}" "$logs/$suite" "$@") ||
        counts='0 1'
    read -r p f <<<"$counts"
    passed=$((passed + p)) failed=$((failed + f))
    echo "$suite: $p passed, $f failed"
}

# perl_suite SUITE JOBS [SECONDS]: t/SUITE/*.t
perl_suite() {
    local file commands=()
    for file in "$tree/t/$1"/*.t; do
        [ -f "$file" ] || continue
        commands+=("$1/$(basename "$file" .t)=perl -I'$tree/t/lib' '$file'")
    done
    [ ${#commands[@]} -gt 0 ] || { nothing "$1"; return; }
    tap "$1" --jobs "$2" --seconds "${3:-300}" "${commands[@]}"
}

# A suite without a test is a failure: somebody moved the files.
nothing() {
    say "FAILED $1 has no tests"
    echo "$1: 0 passed, 1 failed"
    failed=$((failed + 1))
}

suite_layers() {
    tap layers --plain check-layers="'$tree/scripts/check-layers'" \
        format="'$tree/scripts/format' --check"
}

suite_unit() { tap unit unit="'$build/unit_tests'"; }

suite_golden() { tap golden golden="'$build/unit_tests' Golden"; }

suite_module() { perl_suite module 2; }

# Some of its tests play an authorization server in Node.
suite_admin() {
    npm_packages "$tree/t"
    perl_suite admin 2
}

# One at a time: these measure what happens within a second.
suite_e2e() {
    perl_suite e2e 1 600
    CHAOS_SECONDS=${CHAOS_SECONDS:-30} suite_chaos
}

suite_docs() { perl_suite docs 2; }

suite_sdk() {
    npm_packages "$tree/t"
    node_suite sdk "$tree/t/sdk"/*.test.mjs
}

suite_web() {
    npm_packages "$tree/t"
    npm_packages "$tree/t/web"
    tap web --plain types="npm --prefix '$tree/web' run --silent typecheck" \
        lint="npm --prefix '$tree/web' run --silent lint"
    tap web units="npm --prefix '$tree/web' run --silent test -- --reporter=tap-flat"
    node_suite web "$tree/t/web"/*.test.mjs
    # The first hour once more, on the other database.
    AIPROXY_TEST_POSTGRES=1 node_suite web-postgres \
        "$tree/t/web"/{console,limits,prices}.test.mjs
}

node_suite() { # name, file...
    local name=$1 file commands=()
    shift
    for file in "$@"; do
        [ -f "$file" ] || continue
        commands+=("$name/$(basename "$file" .test.mjs)=env -C '$tree/t' node \
--test --test-reporter=tap --test-concurrency=1 '$file'")
    done
    [ ${#commands[@]} -gt 0 ] || { nothing "$name"; return; }
    tap "$name" --seconds 600 "${commands[@]}"
}

# Everything again, on a build of its own.
suite_sanitize() {
    local source=${NGINX_SOURCE:-} suite
    if [ -z "$source" ]; then
        say "getting Debian's nginx source"
        source=$("$tree/scripts/lib/debian_nginx_source" "$tree/.deps") ||
            { nothing sanitize; return; }
    fi
    build=$(NGINX_SOURCE=$source "$tree/scripts/build" --sanitize \
        "$tree/build-sanitize") || { nothing sanitize; return; }
    use_build
    export ASAN_OPTIONS=detect_odr_violation=0:detect_leaks=0:abort_on_error=0
    export UBSAN_OPTIONS=print_stacktrace=1
    export AIPROXY_SANITIZE=1
    for suite in unit golden module admin e2e sdk; do "suite_$suite"; done
    perl_suite fuzz 1 $((${FUZZ_SECONDS:-60} + 120))
    tap mix --seconds 14400 mix="perl -I'$tree/t/lib' '$tree/t/soak/mix.t'"
}

suite_fuzz() {
    local build=$tree/build-fuzz target commands=() seconds=${FUZZ_SECONDS:-60}
    say "building the fuzzers"
    run_logged "$build/configure.log" cmake -G Ninja -S "$tree" -B "$build" \
        -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 \
        -DAIPROXY_FUZZ=ON || { nothing fuzz; return; }
    run_logged "$build/build.log" ninja -C "$build" fuzzers ||
        { nothing fuzz; return; }
    for target in "$build"/fuzz/*_fuzzer; do
        target=$(basename "$target" _fuzzer)
        mkdir -p "$build/corpus/$target"
        # New finds go to the build folder; the tree's corpus is only read.
        commands+=("$target=env ASAN_OPTIONS=detect_leaks=1 \
'$build/fuzz/${target}_fuzzer' -max_total_time=$seconds -timeout=10 \
-rss_limit_mb=2048 -artifact_prefix='$build/fuzz/' \
'$build/corpus/$target' '$tree/t/fuzz/corpus/$target'")
    done
    commands+=("generated='$build/fuzz/scanner_difference' \
${SCANNER_CASES:-300000}")
    tap fuzz --plain --jobs 2 --seconds $((seconds + 120)) "${commands[@]}"
    npm_packages "$tree/t"
    build=$("$tree/scripts/build") || { nothing fuzz; return; }
    use_build
    perl_suite fuzz 1 $((seconds + 120))
}

# In their long form the rounds take as long as they take.
suite_chaos() {
    local seconds=${CHAOS_SECONDS:-180}
    perl_suite chaos 1 $((seconds < 120 ? seconds + 300 : 7200))
}

# As scripts/bench prints it; each is an hour's work at most.
suite_scale() {
    local records=${SCALE_RECORDS:-1000000}
    tap scale --plain --seconds 3600 keys="'$tree/scripts/bench' scale" \
        records-sqlite="'$tree/scripts/bench' records --console \
--records $records" \
        records-postgres="'$tree/scripts/bench' records --database postgres \
--records $((records * 10))"
}

suite_soak() {
    perl_suite soak 1 $((${SOAK_SECONDS:-600} + 300 + ${MIX_REQUESTS:-100000} / 20))
}

