#!/usr/bin/env bash
# Makes the keys of a real consortium and assembles its genesis.
#
# usage: scripts/key-ceremony.sh province --region CODE --name NAME --vault-url URL --peer MULTIADDR --out FOLDER
#        scripts/key-ceremony.sh regulator --out FOLDER
#        scripts/key-ceremony.sh assemble NETWORK CARD…
#
# The first two run where the keys are to stay. Secrets are written to files that only their owner
# reads and appear nowhere else; the card CODE.json (or regulator.json) is public. The last one
# writes to chain-specs/NETWORK, or to another folder of networks that KANGLIAN_CHAIN_SPECS names.
source "$(dirname "$0")/lib/common.sh"
source scripts/lib/json.sh
offer_help "$@"

usage() {
    fail "${*:-what is to be done?}
$(sed -n '4,6s/^# *//p' "$ROOT/scripts/key-ceremony.sh")"
}
for tool in jq openssl; do
    have "$tool" || fail "$tool is missing: apt-get install $tool"
done
# A ceremony's machine needs the two binaries only: KANGLIAN_BIN_DIR says where they were put.
BIN="${KANGLIAN_BIN_DIR:-$BIN}"
[ -x "$BIN/kanglian-node" ] && [ -x "$BIN/kanglian-vault" ] ||
    fail "$BIN has no kanglian-node and kanglian-vault: build them with scripts/demo.sh --once, or name their folder in KANGLIAN_BIN_DIR"
umask 077

# key SCHEME FILE: makes a key, writes its secret phrase to FILE, prints the public key.
key() {
    [ ! -e "$2" ] || fail "$2 exists: a ceremony never overwrites a key"
    local made
    made="$("$BIN/kanglian-node" key generate --scheme "$1" --output-type json)"
    jq -r .secretPhrase <<<"$made" >"$2"
    jq -r "$3" <<<"$made"
}

province() {
    local region= name= url= peer= out=
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || usage "$1 needs a value"
        case "$1" in
            --region) region="$2" ;;
            --name) name="$2" ;;
            --vault-url) url="$2" ;;
            --peer) peer="$2" ;;
            --out) out="$(from_caller "$2")" ;;
            *) usage "unknown option $1" ;;
        esac
        shift 2
    done
    [[ "$region" =~ ^[1-8][0-9]0000$ ]] || fail "--region takes a province-level code such as 320000 (GB/T 2260)"
    [ -n "$name" ] || usage "--name is missing"
    [[ "$url" =~ ^https?://[!-~]+$ ]] || fail "--vault-url takes an http(s) URL"
    [[ "$peer" =~ ^/(ip4|ip6|dns|dns4|dns6)/.+/tcp/[0-9]+$ ]] || fail "--peer takes an address such as /dns/node.example/tcp/30333"
    [ -n "$out" ] || usage "--out is missing"
    mkdir -p "$out/keystore"

    local account aura aura_ss58 grandpa grandpa_ss58 vault custodian peer_id
    account="$(key sr25519 "$out/pan-centre.phrase" .ss58PublicKey)"
    read -r aura aura_ss58 <<<"$(key sr25519 "$out/aura.phrase" '"\(.publicKey) \(.ss58PublicKey)"')"
    read -r grandpa grandpa_ss58 <<<"$(key ed25519 "$out/grandpa.phrase" '"\(.publicKey) \(.ss58PublicKey)"')"
    # The keystore's files are named by key type and public key and hold the phrase.
    jq -Rc . "$out/aura.phrase" >"$out/keystore/$(printf aura | od -An -tx1 | tr -d ' \n')${aura#0x}"
    jq -Rc . "$out/grandpa.phrase" >"$out/keystore/$(printf gran | od -An -tx1 | tr -d ' \n')${grandpa#0x}"
    [ ! -e "$out/node-key" ] || fail "$out/node-key exists: a ceremony never overwrites a key"
    "$BIN/kanglian-node" key generate-node-key --file "$out/node-key" 2>"$out/peer-id" >/dev/null
    peer_id="$(tail -n 1 "$out/peer-id")"
    vault="$("$BIN/kanglian-vault" keygen "$out/vault.key" | sed -n 's/^public key: *//p')"
    [[ "$vault" =~ ^0x[0-9a-f]{64}$ ]] || fail "kanglian-vault keygen gave no key"
    [ ! -e "$out/custodian.pem" ] || fail "$out/custodian.pem exists: a ceremony never overwrites a key"
    openssl genpkey -algorithm X25519 -out "$out/custodian.pem"
    custodian="0x$(openssl pkey -in "$out/custodian.pem" -pubout -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \n')"

    jq -n --argjson region "$region" --arg name "$name" --arg url "$url" \
        --arg peer "$peer/p2p/$peer_id" --arg account "$account" --arg aura "$aura_ss58" \
        --arg grandpa "$grandpa_ss58" --arg vault "$vault" --arg custodian "$custodian" \
        '{kind: "province", region: $region, name: $name, vault_url: $url, peer: $peer,
          account: $account, aura: $aura, grandpa: $grandpa, vault: $vault, custodian: $custodian}' \
        >"$out/$region.json"
    chmod 644 "$out/$region.json"
    say "secrets: $out (never leave this machine)"
    say "card:    $out/$region.json (give it to the coordinator)"
}

regulator() {
    [ "${1:-}" = --out ] && [ -n "${2:-}" ] || usage "--out is missing"
    local account out
    out="$(from_caller "$2")"
    mkdir -p "$out"
    account="$(key sr25519 "$out/regulator.phrase" .ss58PublicKey)"
    jq -n --arg account "$account" '{kind: "regulator", account: $account}' >"$out/regulator.json"
    chmod 644 "$out/regulator.json"
    say "secrets: $out (never leave this machine)"
    say "card:    $out/regulator.json (give it to the coordinator)"
}

assemble() {
    [ $# -ge 2 ] || usage "a network and its cards are missing"
    local network card given=()
    network="$(network_folder "$1")"
    shift
    for card in "$@"; do given+=("$(from_caller "$card")"); done
    set -- "${given[@]}"
    [ -f "$network/network.json" ] || fail "$network/network.json does not exist"
    for card in "$@"; do
        jq -e '.kind == "province" or .kind == "regulator"' "$card" >/dev/null 2>&1 ||
            fail "$card is no card of this ceremony"
    done
    local cards twice
    cards="$(jq -s . "$@")"
    twice="$(jq -r '[.[] | .region, .account, .aura, .grandpa, .vault, .custodian, .vault_url, .peer
        | select(. != null)]
        | group_by(.) | map(select(length > 1) | .[0] | tostring) | join(", ")' <<<"$cards")"
    [ -z "$twice" ] || fail "used twice: $twice"
    jq -e '[.[] | select(.kind == "regulator")] | length == 1' <<<"$cards" >/dev/null ||
        fail "exactly one regulator's card is needed"
    jq -e '[.[] | select(.kind == "province")] | length >= 4' <<<"$cards" >/dev/null ||
        fail "at least four provinces are needed: with fewer, the chain survives no failure"

    "$BIN/kanglian-node" export-chain-spec --chain staging 2>/dev/null | exact_in |
        jq --argjson cards "$cards" '
            [$cards[] | select(.kind == "province")] as $p
            | ($cards[] | select(.kind == "regulator") | .account) as $regulator
            | .genesis.runtimeGenesis.patch
            | .regions.regions = [$p[] | [.region, .name, .account, .custodian, .vault, .vault_url]]
            | .authorities.authorities = [$p[] | [.account, .region]]
            | .session.keys = [$p[] | [.account, .account, {aura: .aura, grandpa: .grandpa}]]
            | .councilMembership.members = ([$p[].account] + [$regulator] | sort)
            | .mandates.regulator = $regulator
        ' | exact_out >"$network/genesis.json.new"
    mv "$network/genesis.json.new" "$network/genesis.json"
    jq --argjson cards "$cards" '.bootNodes = [$cards[] | select(.kind == "province") | .peer]' \
        "$network/network.json" >"$network/network.json.new"
    mv "$network/network.json.new" "$network/network.json"
    chmod 644 "$network/genesis.json" "$network/network.json"
    say "wrote $network/genesis.json and the boot nodes of $network/network.json"
    say "review them, then run scripts/build-spec.sh ${network##*/}"
}

case "${1:-}" in
    province | regulator | assemble) "$@" ;;
    *) usage ;;
esac
