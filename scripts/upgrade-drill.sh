#!/usr/bin/env bash
# A runtime upgrade on a running local consortium: builds the runtime's code once more with a higher
# version, and has the council vote for it, everybody wait for the time lock, and somebody install it.
#
# usage: scripts/upgrade-drill.sh [--from FILE] [--code FILE]
#   --from FILE   code that the chain begins with, such as that of the last release; the node's own
#                 otherwise
#   --code FILE   code to upgrade to, with a version one higher; built here otherwise
#
# The chain of the drill has a time lock of seconds. Its genesis says so; no call can, and the
# runtime's own bound of hours holds wherever the genesis names none.
source "$(dirname "$0")/lib/common.sh"

offer_help "$@"
FROM=
CODE=
while [ $# -gt 0 ]; do
    case "$1" in
        --from | --code)
            [ -n "${2:-}" ] || fail "$1 takes a file"
            file="$(from_caller "$2")"
            [ -f "$file" ] && [ -r "$file" ] || fail "$1 takes a file that can be read; $file is none"
            [ "$1" = --from ] && FROM="$file" || CODE="$file"
            shift
            ;;
        *) fail "unknown option $1 (usage: scripts/upgrade-drill.sh [--from FILE] [--code FILE])" ;;
    esac
    shift
done

stage "tools"
need_build_tools
need_nextest

stage "build"
build_binaries

if [ -z "$CODE" ]; then
    stage "code of the next version"
    # The Wasm side alone, with the flags of substrate-wasm-builder: without `std` the runtime's
    # build script has nothing to do. Features differ from the workspace's: a folder of its own.
    target="$(dirname "$CARGO_TARGET_DIR")/target-drill"
    env -u RUSTC_WORKSPACE_WRAPPER CARGO_TARGET_DIR="$target" \
        RUSTFLAGS="-C link-arg=--export-table --cfg substrate_runtime" CARGO_PROFILE_RELEASE_PANIC=abort \
        cargo rustc --release --locked -p kanglian-runtime --no-default-features \
        --features upgrade-drill --target wasm32v1-none --crate-type cdylib
    wasm="$target/wasm32v1-none/release/kanglian_runtime.wasm"
    LC_ALL=C grep -aq runtime_version "$wasm" ||
        fail "$wasm names no version: nodes would not take it"
    # As the runtime is stored on chain: eight bytes that say so, then zstd.
    CODE="$target/kanglian_runtime.compressed.wasm"
    {
        printf '\x52\xbc\x53\x76\x46\xdb\x8e\x05'
        zstd -q -19 -c "$wasm"
    } >"$CODE"
    say "$(stat -c %s "$CODE") bytes, BLAKE2-256 $(b2sum -l 256 "$CODE" | cut -d' ' -f1)"
fi

stage "upgrade"
export KANGLIAN_BIN_DIR="$BIN" KANGLIAN_DRILL_CODE="$CODE"
[ -z "$FROM" ] || export KANGLIAN_DRILL_FROM="$FROM"
cargo nextest run --release --locked --workspace --exclude 'pallet-*' --run-ignored only \
    -E 'test(a_voted_upgrade_is_installed_on_a_running_consortium)'
stage_end
say "the consortium was upgraded while it ran"
