#!/usr/bin/env bash
# Measures what the calls of the runtime's pallets cost on this machine and writes
# runtime/src/weights. Run it on a quiet machine after calls changed, and look at the difference.
#
# usage: scripts/weights.sh [--steps N] [--repeat N] [--seconds N] [PALLET ...]
#   --steps N     points of each range that are measured (default 50)
#   --repeat N    runs of each point (default 20)
#   --seconds N   how long each call is measured at least (default 10)
#   PALLET        names as in runtime/src/benchmarks.rs, such as pallet_records (default: all)
source "$(dirname "$0")/lib/common.sh"

offer_help "$@"
# The baseline measures the machine, not the runtime.
mapfile -t KNOWN < <(sed -n 's/^    \[\([a-z_]*\), .*/\1/p' runtime/src/benchmarks.rs |
    grep -v '^frame_benchmarking$')
STEPS=50
REPEAT=20
SECONDS_EACH=10
PALLETS=()
while [ $# -gt 0 ]; do
    case "$1" in
        --steps | --repeat | --seconds)
            [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || fail "$1 takes a number above zero"
            case "$1" in
                --steps) STEPS="$2" ;;
                --repeat) REPEAT="$2" ;;
                --seconds) SECONDS_EACH="$2" ;;
            esac
            shift 2
            ;;
        -*) fail "unknown option $1 (see scripts/weights.sh --help)" ;;
        *)
            [[ " ${KNOWN[*]} " == *" $1 "* ]] || fail "no pallet $1 is measured; there are: ${KNOWN[*]}"
            PALLETS+=("$1")
            shift
            ;;
    esac
done

stage "tools"
need_build_tools

stage "build of a node that measures"
# A folder of its own: the features differ from those of the binaries that run.
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR-weights"
# A runtime that measures parachains' storage; nothing here asks for it.
export SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD=1
env -u RUSTC_WORKSPACE_WRAPPER \
    cargo build --release --locked -p kanglian-node --features runtime-benchmarks
NODE="$CARGO_TARGET_DIR/release/kanglian-node"

[ ${#PALLETS[@]} != 0 ] || PALLETS=("${KNOWN[@]}")

for pallet in "${PALLETS[@]}"; do
    stage "$pallet"
    "$NODE" benchmark pallet --chain development --genesis-builder spec-genesis \
        --pallet "$pallet" --extrinsic '*' \
        --steps "$STEPS" --repeat "$REPEAT" --min-duration "$SECONDS_EACH" --heap-pages 4096 --wasm-execution compiled \
        --template runtime/src/weights/template.hbs --output "runtime/src/weights/$pallet.rs" >"$CARGO_TARGET_DIR/weights-$pallet.log" 2>&1 ||
        { tail -n 20 "$CARGO_TARGET_DIR/weights-$pallet.log" >&2 && fail "$pallet was not measured"; }
done
stage_end

cargo fmt --package kanglian-runtime
say "written: runtime/src/weights; see what changed: git diff --stat runtime/src/weights"
