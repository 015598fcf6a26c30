# Shared by all scripts: where things are built, what a machine must have, and how to speak.
# Source it; it changes to the root of the checkout.

set -euo pipefail

# Where the caller stands: file names that people give are meant from there.
CALLER="$PWD"
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cd "$ROOT"

# Outside the checkout, so that a fresh clone rebuilds the workspace's crates only.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/kanglian/target}"
# Else the Wasm build does not find Cargo.lock and resolves anew.
export WASM_BUILD_WORKSPACE_HINT="$ROOT"
BIN="$CARGO_TARGET_DIR/release"
TOOLCHAIN="$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)"

STAGE_STARTED=$SECONDS
STAGE_NAME=

say() { printf '%s\n' "$*"; }
fail() {
    printf 'kanglian: %s\n' "$*" >&2
    exit 1
}

# from_caller NAME: a file name that somebody gave, made absolute.
from_caller() {
    case "$1" in
        /*) printf '%s' "$1" ;;
        *) printf '%s/%s' "$CALLER" "$1" ;;
    esac
}

# network_folder NAME: where the reviewed files of a network lie.
network_folder() {
    local networks="chain-specs"
    [ -z "${KANGLIAN_CHAIN_SPECS:-}" ] || networks="$(from_caller "$KANGLIAN_CHAIN_SPECS")"
    printf '%s/%s' "$networks" "$1"
}

# offer_help "$@": prints the comment at the head of the script when that is asked for.
offer_help() {
    local argument
    for argument in "$@"; do
        case "$argument" in
            -h | --help)
                sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$ROOT/scripts/$(basename "$0")"
                exit 0
                ;;
        esac
    done
}

# stage "what happens now": prints it, and the seconds the stage before it took.
stage() {
    stage_end
    STAGE_NAME="$1"
    STAGE_STARTED=$SECONDS
    printf '\n==> %s\n' "$1"
}
stage_end() {
    if [ -n "$STAGE_NAME" ]; then
        printf '    (%s: %s s)\n' "$STAGE_NAME" "$((SECONDS - STAGE_STARTED))"
        STAGE_NAME=
    fi
}

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        fail "this needs root: $* (run it yourself, or install sudo)"
    fi
}

# Installs Debian packages whose command or file is missing.
need_packages() {
    local missing=()
    have protoc || missing+=(protobuf-compiler)
    have clang || missing+=(clang)
    have cmake || missing+=(cmake)
    have pkg-config || missing+=(pkg-config)
    have cc || missing+=(build-essential)
    have mold || missing+=(mold)
    have zstd || missing+=(zstd)
    have jq || missing+=(jq)
    have curl || missing+=(curl)
    have ip || missing+=(iproute2)
    compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null || missing+=(libclang-dev)
    [ ${#missing[@]} = 0 ] && return
    have apt-get || fail "these packages are missing and there is no apt-get: ${missing[*]}"
    say "installing system packages: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
}

need_rust() {
    have rustup || fail "rustup is missing: install it as rust-lang.org says, then run this again"
    if ! rustup run "$TOOLCHAIN" rustc --version >/dev/null 2>&1; then
        say "installing Rust $TOOLCHAIN"
        rustup toolchain install "$TOOLCHAIN" --profile minimal ||
            fail "Rust $TOOLCHAIN cannot be installed; rust-toolchain.toml names the version"
    fi
    local installed
    installed="$(rustup target list --installed --toolchain "$TOOLCHAIN")"
    case "$installed" in
        *wasm32v1-none*) ;;
        *)
            say "installing the Wasm target"
            rustup target add wasm32v1-none --toolchain "$TOOLCHAIN" ||
                fail "the Rust target wasm32v1-none cannot be downloaded"
            ;;
    esac
    installed="$(rustup component list --installed --toolchain "$TOOLCHAIN")"
    local component
    for component in rust-src clippy rustfmt; do
        case "$installed" in
            *"$component"*) ;;
            *) rustup component add "$component" --toolchain "$TOOLCHAIN" ;;
        esac
    done
    # Clippy compiles the workspace's crates: no second pass over the dependencies.
    RUSTC_WORKSPACE_WRAPPER="$(rustup which --toolchain "$TOOLCHAIN" clippy-driver)"
    export RUSTC_WORKSPACE_WRAPPER
}

need_node() {
    have node && have npm || fail "Node.js with npm is missing: install version 20 or later"
    local major
    major="$(node -p 'process.versions.node.split(".")[0]')"
    [ "$major" -ge 18 ] || fail "Node.js $major is too old: install version 20 or later"
}

need_nextest() {
    cargo nextest --version >/dev/null 2>&1 && return
    say "installing cargo-nextest"
    cargo install --locked cargo-nextest
}

# Two checkouts that share a build folder can run each other's code, since cargo compares times:
# note the last one, and touch the sources when it was another.
claim_build_folder() {
    mkdir -p "$CARGO_TARGET_DIR"
    local note="$CARGO_TARGET_DIR/.kanglian-checkout"
    if [ "$(cat "$note" 2>/dev/null)" != "$ROOT" ]; then
        git ls-files -z -- '*.rs' '*.toml' '*.json' '*.lock' 2>/dev/null | xargs -0 -r touch -c
        printf '%s' "$ROOT" >"$note"
    fi
}

need_build_tools() {
    need_packages
    need_rust
    claim_build_folder
}

# Set A: everything that runs. Never build a single package into the same folder: its features
# differ from the workspace's and the SDK is compiled again.
build_binaries() {
    say "the first build takes about half an hour on two cores, later ones minutes"
    cargo build --release --locked --workspace --exclude 'pallet-*'
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
