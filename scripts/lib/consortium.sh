# A local consortium: four authorities in four provinces, a vault, a registrar and a custodian for each.
# Source after common.sh. Everything it starts ends with the script that called it.

PROVINCES=(Jiangsu Zhejiang Shanghai Guangdong)
REGIONS=(320000 330000 310000 440000)

# Ports of province i: without a base as docs/architecture.md lists them, with one in tens above it.
rpc_port() { [ -n "${PORT_BASE:-}" ] && echo $((PORT_BASE + $1)) || echo $((9944 + $1)); }
peer_port() { [ -n "${PORT_BASE:-}" ] && echo $((PORT_BASE + 10 + $1)) || echo $((30333 + $1)); }
metrics_port() { [ -n "${PORT_BASE:-}" ] && echo $((PORT_BASE + 20 + $1)) || echo $((9615 + $1)); }
registrar_port() { [ -n "${PORT_BASE:-}" ] && echo $((PORT_BASE + 35 + $1)) || echo $((8700 + $1)); }
custodian_port() { [ -n "${PORT_BASE:-}" ] && echo $((PORT_BASE + 40 + $1)) || echo $((8750 + $1)); }
vault_port() { [ -n "${PORT_BASE:-}" ] && echo $((PORT_BASE + 30 + $1)) || echo $((8600 + $1)); }

PIDS=()
NAMES=()
DATA=

# ours PID: whether this script started it and it still runs. Numbers of ended ones are used again.
ours() { [ "$(ps -o ppid= -p "$1" 2>/dev/null | tr -d ' ')" = "$$" ]; }

# Stops what was started, in reverse, and removes the data.
consortium_down() {
    trap - EXIT INT TERM
    local i
    for ((i = ${#PIDS[@]} - 1; i >= 0; i--)); do
        if ours "${PIDS[i]}"; then kill "${PIDS[i]}" 2>/dev/null || true; fi
    done
    local waited=0
    for i in "${PIDS[@]:-}"; do
        [ -n "$i" ] || continue
        while ours "$i" && [ $waited -lt 100 ]; do
            sleep 0.1
            waited=$((waited + 1))
        done
        if ours "$i"; then kill -9 "$i" 2>/dev/null || true; fi
    done
    if [ -n "$DATA" ] && [ -z "${KEEP_DATA:-}" ]; then rm -rf "$DATA"; fi
}

# started NAME PID LOG: remembers a process.
started() {
    PIDS+=("$2")
    NAMES+=("$1 (log: $3)")
}

# Fails in plain words when something that was started is gone.
check_alive() {
    local i
    for i in "${!PIDS[@]}"; do
        if ! kill -0 "${PIDS[i]}" 2>/dev/null; then
            local log="${NAMES[i]#*log: }"
            KEEP_DATA=1
            tail -n 15 "${log%)}" >&2 || true
            fail "${NAMES[i]} ended unexpectedly; its last lines stand above"
        fi
    done
}

need_free_ports() {
    local i port
    for i in 0 1 2 3; do
        for port in "$(rpc_port "$i")" "$(peer_port "$i")" "$(metrics_port "$i")" \
            "$(vault_port "$i")" "$(registrar_port "$i")" "$(custodian_port "$i")"; do
            port_is_free "$port" ||
                fail "port $port is taken: end what uses it, or give --port-base N to move all ports"
        done
    done
}

# rpc PORT METHOD [PARAMS]: one JSON-RPC call; prints the result.
rpc() {
    curl -s -m 5 -H 'Content-Type: application/json' \
        -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$2\",\"params\":${3:-[]}}" \
        "http://127.0.0.1:$1" | jq -c '.result'
}

finalised_height() {
    local hash
    hash="$(rpc "$1" chain_getFinalizedHead)" || return 1
    rpc "$1" chain_getHeader "[$hash]" | jq -r '.number' | { read -r hex && echo $((hex)); }
}

# wait_for SECONDS "what" command…: until the command succeeds.
wait_for() {
    local limit=$((SECONDS + $1)) what="$2"
    shift 2
    until "$@" >/dev/null 2>&1; do
        check_alive
        if [ $SECONDS -ge $limit ]; then
            KEEP_DATA=1
            fail "$what: not within the time allowed; the logs are in ${DATA:-the data folder}"
        fi
        sleep 0.3
    done
}

finalises() { [ "$(finalised_height "$1")" -ge "${2:-1}" ]; }

# consortium_spec FILE: the chain spec of this consortium, with the ports in use.
consortium_spec() {
    local plain="$DATA/local-plain.json" i
    "$BIN/kanglian-node" export-chain-spec --chain local --output "$plain" >/dev/null 2>&1 ||
        fail "the chain spec could not be written"
    for i in 0 1 2 3; do
        sed -i "s#http://127.0.0.1:$((8600 + i))\"#http://127.0.0.1:$(vault_port "$i")\"#" "$plain"
    done
    "$BIN/kanglian-node" export-chain-spec --chain "$plain" --raw --output "$1" >/dev/null 2>&1 ||
        fail "the raw chain spec could not be written"
}

# start_node I SPEC [BOOTNODE]
start_node() {
    local i="$1" spec="$2" boot="${3:-}" name="${PROVINCES[$1]}"
    local base="$DATA/node-$i" log="$DATA/node-$i.log"
    if [ ! -e "$base/node-key" ]; then
        mkdir -p "$base"
        "$BIN/kanglian-node" key generate-node-key --file "$base/node-key" 2>"$base/peer-id"
        "$BIN/kanglian-node" key insert --base-path "$base" --chain "$spec" \
            --scheme sr25519 --suri "//$name" --key-type aura
        "$BIN/kanglian-node" key insert --base-path "$base" --chain "$spec" \
            --scheme ed25519 --suri "//$name" --key-type gran
    fi
    "$BIN/kanglian-node" --base-path "$base" --chain "$spec" --validator --name "$name" \
        --rpc-port "$(rpc_port "$i")" \
        --prometheus-port "$(metrics_port "$i")" --node-key-file "$base/node-key" \
        --database paritydb --no-telemetry --allow-private-ip --rpc-cors all \
        --listen-addr "/ip4/127.0.0.1/tcp/$(peer_port "$i")" \
        ${boot:+--bootnodes "$boot"} >>"$log" 2>&1 &
    started "the node of $name" $! "$log"
}

# start_vault I
start_vault() {
    local i="$1" name="${PROVINCES[$1]}" log="$DATA/vault-$1.log"
    "$BIN/kanglian-vault" run --region "${REGIONS[$i]}" --data "$DATA/vault-$i" \
        --listen "127.0.0.1:$(vault_port "$i")" --public-url "http://127.0.0.1:$(vault_port "$i")" \
        --node "ws://127.0.0.1:$(rpc_port "$i")" \
        --insecure-dev-key --dev-key "//$name-Vault" >>"$log" 2>&1 &
    started "the vault of $name" $! "$log"
}

# Three of four registrars have to answer. Their keys are well-known: everybody can derive them.
registrar_set() {
    "$BIN/kanglian" --home "$DATA/home" ${PORT_BASE:+--port-base "$PORT_BASE"} \
        registrar dev-set --threshold 3 --out "$DATA/registrars.json" >/dev/null ||
        fail "the registrar set could not be written"
    export KANGLIAN_REGISTRARS="$DATA/registrars.json"
}

# start_registrar I
start_registrar() {
    local i="$1" name="${PROVINCES[$1]}" log="$DATA/registrar-$1.log"
    "$BIN/kanglian-registrar" run --data "$DATA/registrar-$i" \
        --listen "127.0.0.1:$(registrar_port "$i")" --node "ws://127.0.0.1:$(rpc_port "$i")" \
        --insecure-dev-key --dev-share "$((i + 1))" >>"$log" 2>&1 &
    started "the registrar of $name" $! "$log"
}

# start_custodian I
start_custodian() {
    local i="$1" name="${PROVINCES[$1]}" log="$DATA/custodian-$1.log"
    "$BIN/kanglian-custodian" run --listen "127.0.0.1:$(custodian_port "$i")" \
        --node "ws://127.0.0.1:$(rpc_port "$i")" \
        --insecure-dev-key --dev-key "//$name-Custodian" >>"$log" 2>&1 &
    started "the custodian of $name" $! "$log"
}

# Starts nodes, vaults, registrars and custodians and waits until the chain finalises and all answer.
consortium_up() {
    DATA="$(mktemp -d "${TMPDIR:-/tmp}/kanglian.XXXXXX")"
    trap consortium_down EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    say "starting four nodes, then four vaults, four registrars and four custodians"
    local spec="$DATA/spec.json" i
    consortium_spec "$spec"
    start_node 0 "$spec"
    local boot
    boot="/ip4/127.0.0.1/tcp/$(peer_port 0)/p2p/$(tail -n 1 "$DATA/node-0/peer-id")"
    for i in 1 2 3; do start_node "$i" "$spec" "$boot"; done
    for i in 0 1 2 3; do
        wait_for 180 "the node of ${PROVINCES[$i]} did not answer" rpc "$(rpc_port "$i")" system_health
    done
    for i in 0 1 2 3; do
        wait_for 180 "the chain did not finalise in ${PROVINCES[$i]}" finalises "$(rpc_port "$i")" 2
    done
    say "four authorities finalise the same chain"
    registrar_set
    for i in 0 1 2 3; do
        start_vault "$i"
        start_registrar "$i"
        start_custodian "$i"
    done
    for i in 0 1 2 3; do
        wait_for 180 "the vault of ${PROVINCES[$i]} did not become healthy" \
            curl -sf -m 2 "http://127.0.0.1:$(vault_port "$i")/health"
    done
    say "four vaults answer"
    for i in 0 1 2 3; do
        wait_for 180 "the registrar of ${PROVINCES[$i]} did not become healthy" \
            curl -sf -m 2 "http://127.0.0.1:$(registrar_port "$i")/health"
    done
    say "four registrars answer"
    for i in 0 1 2 3; do
        wait_for 180 "the custodian of ${PROVINCES[$i]} did not become healthy" \
            curl -sf -m 2 "http://127.0.0.1:$(custodian_port "$i")/health"
    done
    say "four custodians answer"
}

consortium_addresses() {
    local i
    printf '\n%-10s %-8s %-24s %-24s %-24s %-24s %s\n' \
        province region node vault registrar custodian metrics
    for i in 0 1 2 3; do
        printf '%-10s %-8s %-24s %-24s %-24s %-24s %s\n' "${PROVINCES[$i]}" "${REGIONS[$i]}" \
            "ws://127.0.0.1:$(rpc_port "$i")" "http://127.0.0.1:$(vault_port "$i")" \
            "http://127.0.0.1:$(registrar_port "$i")" "http://127.0.0.1:$(custodian_port "$i")" \
            "http://127.0.0.1:$(metrics_port "$i")/metrics"
    done
}
