#!/usr/bin/env bash
# The main job on a local consortium: four provinces share a record, are paid for it, and a
# consented reader opens it in another province.
#
# usage: scripts/demo.sh [--once] [--port-base N] [--keep-data]
#   --once        end after the story; non-zero when a step did not do what it must
#   --port-base N move all ports to N … N+43
#   --keep-data   leave chain, vaults and logs on disk at the end
source "$(dirname "$0")/lib/common.sh"
source scripts/lib/consortium.sh

offer_help "$@"
ONCE=
PORT_BASE=
KEEP_DATA=
while [ $# -gt 0 ]; do
    case "$1" in
        --once) ONCE=1 ;;
        --keep-data) KEEP_DATA=1 ;;
        --port-base)
            [[ "${2:-}" =~ ^[0-9]+$ ]] && [ "$2" -ge 1024 ] && [ "$2" -le 65400 ] ||
                fail "--port-base takes a number from 1024 to 65400"
            PORT_BASE="$2"
            shift
            ;;
        *) fail "unknown option $1 (usage: scripts/demo.sh [--once] [--port-base N] [--keep-data])" ;;
    esac
    shift
done

stage "tools"
need_build_tools
need_free_ports

stage "build"
build_binaries

stage "FHIR resources"
RESOURCES="${XDG_CACHE_HOME:-$HOME/.cache}/kanglian/fhir-r4-examples"
if [ ! -d "$RESOURCES/node_modules/hl7.fhir.r4.examples" ] && have npm; then
    mkdir -p "$RESOURCES"
    (cd "$RESOURCES" && npm install --silent --no-audit --no-fund --no-save \
        --prefix "$RESOURCES" hl7.fhir.r4.examples@4.0.1 >/dev/null 2>&1) || true
fi
STORY_RESOURCES=()
if [ -d "$RESOURCES/node_modules/hl7.fhir.r4.examples" ]; then
    say "HL7's own R4 examples, npm package hl7.fhir.r4.examples 4.0.1"
    STORY_RESOURCES=(--resources "$RESOURCES/node_modules/hl7.fhir.r4.examples")
else
    say "the npm package hl7.fhir.r4.examples cannot be had: the built-in generator makes the resources"
fi

stage "consortium"
consortium_up

stage "story"
story=0
"$BIN/kanglian" story --once ${PORT_BASE:+--port-base "$PORT_BASE"} "${STORY_RESOURCES[@]}" || story=$?
check_alive
stage_end
[ "$story" = 0 ] || {
    KEEP_DATA=1
    fail "the story failed (exit code $story); logs are in $DATA"
}
[ -z "$ONCE" ] || exit 0

consortium_addresses
say
say "the registrar set: $DATA/registrars.json"
say "what to do by hand: cli/README.md; the binaries are in $BIN"
say "chain and vaults run on; Ctrl-C ends them"
while :; do
    sleep 2 &
    wait $!
    check_alive
done
