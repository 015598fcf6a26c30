#!/usr/bin/env bash
# Kills nodes and vaults with -9 under load, again and again, and looks for what must not happen:
# a database that does not open, a finalised block that is lost or differs, an equivocation, an
# acknowledged record that is gone.
#
# usage: scripts/soak.sh [--rounds N] [--seed N] [--port-base N]
#   --rounds N    kills (default 20); every fourth kill takes a vault, the others a node
#   --seed N      which ones, and after how long (default: from the clock; it is printed)
source "$(dirname "$0")/lib/common.sh"
source scripts/lib/consortium.sh

offer_help "$@"
ROUNDS=20
SEED=$(date +%s)
PORT_BASE=28000
KEEP_DATA=
while [ $# -gt 0 ]; do
    case "$1" in
        --rounds | --seed | --port-base) ;;
        *) fail "unknown option $1 (usage: scripts/soak.sh [--rounds N] [--seed N] [--port-base N])" ;;
    esac
    [[ "${2:-}" =~ ^[0-9]+$ ]] || fail "$1 takes a number"
    case "$1" in
        --rounds) ROUNDS="$2" ;;
        --seed) SEED="$2" ;;
        --port-base)
            [ "$2" -ge 1024 ] && [ "$2" -le 65400 ] ||
                fail "--port-base takes a number from 1024 to 65400"
            PORT_BASE="$2"
            ;;
    esac
    shift 2
done
RANDOM=$SEED
say "seed $SEED, $ROUNDS kills"

for binary in kanglian-node kanglian-vault kanglian-registrar kanglian-custodian kanglian; do
    [ -x "$BIN/$binary" ] || fail "$binary is not built: run scripts/demo.sh --once first"
done
need_free_ports
consortium_up

# The process of the last start of "the node of X" or "the vault of X".
index_of() {
    local i
    for ((i = ${#NAMES[@]} - 1; i >= 0; i--)); do
        [[ "${NAMES[i]}" != "$1 "* ]] || { echo "$i" && return; }
    done
}

forget() {
    unset "PIDS[$1]" "NAMES[$1]"
    PIDS=("${PIDS[@]}")
    NAMES=("${NAMES[@]}")
}

# The load: the story, over and over; a kill may make one of its steps fail, the chain must not.
(
    while :; do
        "$BIN/kanglian" story --once --port-base "$PORT_BASE" >>"$DATA/load.log" 2>&1 || true
    done
) &
LOAD=$!
PIDS+=("$LOAD")
NAMES+=("the load (log: $DATA/load.log)")

boot="/ip4/127.0.0.1/tcp/$(peer_port 0)/p2p/$(tail -n 1 "$DATA/node-0/peer-id")"
lost=0
slowest=0
for ((round = 1; round <= ROUNDS; round++)); do
    sleep "$((RANDOM % 4 + 2)).$((RANDOM % 10))"
    i=$((RANDOM % 4))
    if ((round % 4 == 0)); then
        at="$(index_of "the vault of ${PROVINCES[$i]}")"
        kill -9 "${PIDS[at]}"
        wait "${PIDS[at]}" 2>/dev/null || true
        forget "$at"
        start_vault "$i"
        wait_for 60 "the vault of ${PROVINCES[$i]} did not come back" \
            curl -sf -m 2 "http://127.0.0.1:$(vault_port "$i")/health"
        say "$round: killed the vault of ${PROVINCES[$i]}; back"
        continue
    fi
    before="$(finalised_height "$(rpc_port "$i")")"
    hash="$(rpc "$(rpc_port "$i")" chain_getBlockHash "[$before]")"
    at="$(index_of "the node of ${PROVINCES[$i]}")"
    kill -9 "${PIDS[at]}"
    wait "${PIDS[at]}" 2>/dev/null || true
    forget "$at"
    began=$SECONDS
    start_node "$i" "$DATA/spec.json" "$([ "$i" = 0 ] || echo "$boot")"
    wait_for 60 "the node of ${PROVINCES[$i]} did not answer again" rpc "$(rpc_port "$i")" system_health
    wait_for 60 "the node of ${PROVINCES[$i]} did not finalise again" finalises "$(rpc_port "$i")" $((before + 2))
    took=$((SECONDS - began))
    [ "$took" -le "$slowest" ] || slowest=$took
    [ "$(rpc "$(rpc_port "$i")" chain_getBlockHash "[$before]")" = "$hash" ] || lost=$((lost + 1))
    say "$round: killed the node of ${PROVINCES[$i]} at #$before; finalising again after $took s"
done

kill "$LOAD" 2>/dev/null || true
forget "$(index_of "the load")"
height="$(finalised_height "$(rpc_port 0)")"
for i in 1 2 3; do
    wait_for 60 "${PROVINCES[$i]} fell behind" finalises "$(rpc_port "$i")" "$height"
    [ "$(rpc "$(rpc_port "$i")" chain_getBlockHash "[$height]")" = "$(rpc "$(rpc_port 0)" chain_getBlockHash "[$height]")" ] ||
        fail "${PROVINCES[$i]} finalised another block #$height"
done
equivocations="$(cat "$DATA"/node-*.log | grep -ci equivocat || true)"
say "after $ROUNDS kills: finalised #$height in all four, $lost finalised blocks lost, $equivocations lines about equivocation, slowest return $slowest s"
say "one more story on the survivors:"
"$BIN/kanglian" story --once --port-base "$PORT_BASE" | tail -n 1 || fail "the story fails after the kills"
[ "$lost" = 0 ] && [ "$equivocations" = 0 ] || fail "see the line above; logs are in $DATA"
for i in 0 1 2 3; do
    at="$(index_of "the vault of ${PROVINCES[$i]}")"
    kill "${PIDS[at]}"
    wait "${PIDS[at]}" 2>/dev/null || true
    forget "$at"
    "$BIN/kanglian-vault" check --region "${REGIONS[$i]}" --data "$DATA/vault-$i" \
        --listen "127.0.0.1:$(vault_port "$i")" --public-url "http://127.0.0.1:$(vault_port "$i")" \
        --node "ws://127.0.0.1:$(rpc_port "$i")" --insecure-dev-key --dev-key "//${PROVINCES[$i]}-Vault" |
        tail -n 1 || fail "the vault of ${PROVINCES[$i]} holds damaged objects"
done
say "every stored object matches its BLAKE3"
