#!/usr/bin/env bash
# Passes the tests: formatting, lints, dependency versions, unit, integration and end-to-end tests.
#
# usage: scripts/test.sh [--fast]     --fast leaves out what needs running nodes
source "$(dirname "$0")/lib/common.sh"

offer_help "$@"
FAST=
case "${1:-}" in
    "") ;;
    --fast) FAST=1 ;;
    *) fail "unknown option $1 (usage: scripts/test.sh [--fast])" ;;
esac

stage "tools"
need_build_tools
need_nextest
[ -n "$FAST" ] || need_node

stage "formatting"
cargo fmt --all --check || fail "formatting differs: run cargo fmt --all"

stage "dependency versions"
versions="$(sed -n '/^name = "sp-runtime"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock | sort -u)"
[ "$(printf '%s\n' "$versions" | wc -l)" = 1 ] ||
    fail "several versions of sp-runtime in Cargo.lock: $versions (see docs/adr/0001)"
if cargo tree --locked -d --workspace 2>/dev/null | grep -E '^sp-runtime v'; then
    fail "cargo tree -d shows a second sp-runtime"
fi

stage "pallets: unit, property and benchmark tests"
cargo nextest run --release --locked -p 'pallet-*' --features runtime-benchmarks

stage "build"
build_binaries

stage "runtime, node, vault, SDK, command line"
export KANGLIAN_BIN_DIR="$BIN"
if [ -n "$FAST" ]; then
    cargo nextest run --release --locked --workspace --exclude 'pallet-*' -E 'not package(kanglian-e2e)'
else
    cargo nextest run --release --locked --workspace --exclude 'pallet-*'
fi
stage_end
say "all tests passed"
