#!/usr/bin/env bash
# Measures how many lines of each pallet its own tests run, and fails when one is below the goal.
# Tests, mocks, benchmarks and generated weights do not count as lines to be covered.
#
# usage: scripts/coverage.sh [--least PERCENT]    (default 90, see docs/performance.md)
source "$(dirname "$0")/lib/common.sh"

offer_help "$@"
LEAST=90
case "${1:-}" in
    "") ;;
    --least)
        [[ "${2:-}" =~ ^[0-9]+$ ]] || fail "--least takes a number"
        LEAST="$2"
        ;;
    *) fail "unknown option $1 (usage: scripts/coverage.sh [--least PERCENT])" ;;
esac

stage "tools"
need_build_tools
have jq || fail "jq is missing: install it with the system's package manager"
rustup component add --toolchain "$TOOLCHAIN" llvm-tools >/dev/null 2>&1 ||
    fail "the component llvm-tools of toolchain $TOOLCHAIN could not be installed"
host="$(rustc -vV | sed -n 's/^host: //p')"
llvm="$(rustc --print sysroot)/lib/rustlib/$host/bin"

# Only the workspace's crates are instrumented; what they depend on is built as always.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
wrapper="$CARGO_TARGET_DIR/rustc-for-coverage"
mkdir -p "$CARGO_TARGET_DIR"
printf '#!/bin/sh\nexec "$@" -C instrument-coverage\n' >"$wrapper"
chmod +x "$wrapper"

stage "build"
RUSTC_WORKSPACE_WRAPPER="$wrapper" cargo test --no-run --release --locked -p 'pallet-*' --lib \
    --features runtime-benchmarks --message-format=json >"$work/build.json"
tests=()
while read -r test; do tests+=("$test"); done < <(
    jq -r 'select(.reason == "compiler-artifact" and .profile.test and .executable != null) | .executable' \
        "$work/build.json"
)
[ ${#tests[@]} -gt 0 ] || fail "no tests were built"

stage "tests"
for test in "${tests[@]}"; do
    LLVM_PROFILE_FILE="$work/%m-%p.profraw" "$test" --quiet >"$work/tests.log" 2>&1 ||
        { tail -n 30 "$work/tests.log" >&2; fail "$(basename "$test") fails"; }
done
"$llvm/llvm-profdata" merge -sparse "$work"/*.profraw -o "$work/all.profdata"

stage "coverage"
objects=()
for test in "${tests[@]}"; do objects+=(-object "$test"); done
"$llvm/llvm-cov" export -summary-only -instr-profile "$work/all.profdata" "${objects[@]}" \
    -ignore-filename-regex '/(tests|mock|benchmarking|weights)(/|\.rs)' >"$work/coverage.json"
jq -r --arg root "$ROOT/pallets/" '
    [.data[0].files[] | select(.filename | startswith($root))
        | {pallet: (.filename | ltrimstr($root) | split("/")[0]),
           count: .summary.lines.count, covered: .summary.lines.covered}]
    | group_by(.pallet)[]
    | [.[0].pallet, (map(.covered) | add), (map(.count) | add)] | @tsv' \
    "$work/coverage.json" >"$work/table"
[ -s "$work/table" ] || fail "no line of a pallet was counted"
awk -v least="$LEAST" '
    { share = 100 * $2 / $3; printf "%-20s %6d of %6d lines  %5.1f %%\n", $1, $2, $3, share
      covered += $2; count += $3; if (share < least) below = below " " $1 }
    END { printf "%-20s %6d of %6d lines  %5.1f %%\n", "all", covered, count, 100 * covered / count
          if (below != "") { print "below " least " %:" below; exit 1 } }' "$work/table" ||
    fail "the goal is $LEAST % of each pallet's lines"
stage_end
