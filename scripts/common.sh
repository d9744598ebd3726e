# Sourced by the scripts beside it: the repository's folder, and packages of the system that are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() {
    printf '==> %s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# need PACKAGE TEST...: notes Debian's PACKAGE as missing when the command TEST fails.
missing=()
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

# has_header HEADER [COMPILER OPTION]...
has_header() {
    local header=$1
    shift
    echo "#include $header" | cc -E "$@" -x c -
}

# The same order as in grammars/fetch.cmake.
has_pip() {
    command -v pip3 || command -v pip || python3 -m pip --version
}

pip_download() {
    if command -v pip3 >/dev/null; then
        pip3 download "$@"
    elif command -v pip >/dev/null; then
        pip download "$@"
    else
        python3 -m pip download "$@"
    fi
}

# Installs what was noted as missing, when this machine has apt and we may.
install_missing() {
    [ ${#missing[@]} -gt 0 ] || return 0
    local manually="Install these packages (Debian's names): ${missing[*]}"
    command -v apt-get >/dev/null || fail "$manually"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "$manually"
        as_root=(sudo)
    fi
    say "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq || fail "$manually"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        >/dev/null || fail "$manually"
    missing=()
}

# What every build needs.
need_build_tools() {
    need gcc command -v cc
    need libc6-dev has_header '<stdio.h>'
    need libpcre2-dev has_header '<pcre2.h>' -DPCRE2_CODE_UNIT_WIDTH=8
    need libyaml-dev has_header '<yaml.h>'
    need cmake command -v cmake
    need ninja-build command -v ninja
    need python3-pip has_pip
}

# build PRESET [OPTION]...: configures and builds; prints what the tools said only when they failed.
build() {
    local preset=$1 log
    shift
    say "Building the preset $preset"
    log=$(mktemp)
    if ! { cmake --preset "$preset" "$@" && cmake --build --preset "$preset"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "The preset $preset does not build."
    fi
    rm -f "$log"
}
