#!/usr/bin/env bash
# Makes a network's chain specs out of its reviewed genesis.
#
# usage: scripts/build-spec.sh NETWORK [FOLDER]
#   NETWORK  a folder of chain-specs/ (or of the folder that KANGLIAN_CHAIN_SPECS names), with
#            genesis.json (what the runtime starts with) and network.json (name, id, type, boot
#            nodes)
#   FOLDER   where plain.json and raw.json go (default: built in NETWORK's folder, not committed)
#
# The raw spec is what every operator starts from. Compare its SHA-256 before you do.
source "$(dirname "$0")/lib/common.sh"
source scripts/lib/json.sh
offer_help "$@"

[ $# -ge 1 ] && [ $# -le 2 ] || fail "usage: scripts/build-spec.sh NETWORK [FOLDER]"
have jq || fail "jq is missing: apt-get install jq"
BIN="${KANGLIAN_BIN_DIR:-$BIN}"
[ -x "$BIN/kanglian-node" ] ||
    fail "$BIN has no kanglian-node: build it with scripts/demo.sh --once, or name its folder in KANGLIAN_BIN_DIR"
network="$(network_folder "$1")"
out="$network/built"
[ $# = 1 ] || out="$(from_caller "$2")"
for file in genesis network; do
    [ -f "$network/$file.json" ] || fail "$network/$file.json does not exist"
    jq -e . "$network/$file.json" >/dev/null 2>&1 || fail "$network/$file.json is not valid JSON"
done
mkdir -p "$out"
"$BIN/kanglian-node" export-chain-spec --chain staging --output "$out/base.json" >/dev/null 2>&1 ||
    fail "kanglian-node could not write the base spec"
exact_in "$out/base.json" | jq --slurpfile network "$network/network.json" \
    --slurpfile genesis <(exact_in "$network/genesis.json") '
    . + $network[0] | .genesis.runtimeGenesis.patch = $genesis[0]
' | exact_out >"$out/plain.json"
rm "$out/base.json"
"$BIN/kanglian-node" export-chain-spec --chain "$out/plain.json" --raw --output "$out/raw.json" \
    2>"$out/error.log" >/dev/null ||
    fail "the genesis is not accepted by the runtime: $(tail -n 3 "$out/error.log" | cut -c 1-300)"
rm -f "$out/error.log"
say "plain spec: $out/plain.json"
say "raw spec:   $out/raw.json"
jq -e '(.authorities.authorities // []) | length > 0' "$network/genesis.json" >/dev/null ||
    say "NOTE: this genesis names no authority yet (see the key ceremony): a chain from it stays at block 0"
say "SHA-256:    $(sha256sum "$out/raw.json" | cut -d' ' -f1)"
