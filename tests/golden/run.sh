#!/usr/bin/env bash
# tests/golden/run.sh [--update] [NAME...]: the golden cases, all of them or those named.
#
# A case is a folder cases/NAME with a file `cmd`: one shell line, run in a temporary copy of the folder, where $LEAFLINT is
# the program and $SOURCES_5 and $SOURCES_4 are folders that hold transformers 5.23.0 and 4.57.6.  `expected.txt` holds
# what it prints to stdout, then `--- stderr` and what it prints there, then `--- exit STATUS`.  What depends on the
# machine or the version is replaced by a word in brackets.  --update writes expected.txt anew: read the diff before
# you commit it.
#
# By hand: LEAFLINT=build/dev/leaflint tests/golden/run.sh NAME
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

: "${LEAFLINT:=build/dev/leaflint}" "${SOURCES_5:=build/sources/5.23.0}" "${SOURCES_4:=build/sources/4.57.6}"
case $LEAFLINT in /*) ;; *) LEAFLINT=$root/$LEAFLINT ;; esac
case $SOURCES_5 in /*) ;; *) SOURCES_5=$root/$SOURCES_5 ;; esac
case $SOURCES_4 in /*) ;; *) SOURCES_4=$root/$SOURCES_4 ;; esac
export LEAFLINT SOURCES_5 SOURCES_4
[ -x "$LEAFLINT" ] || { echo "$LEAFLINT is not there: build it first" >&2; exit 1; }
for sources in "$SOURCES_5" "$SOURCES_4"; do
    [ -d "$sources/transformers" ] || { echo "$sources/transformers is not there: run scripts/sources" >&2; exit 1; }
done

# A sed command that replaces a path by a word.
replace() {
    printf 's|%s|%s|g;' "$(printf '%s' "$1" | sed 's/[][\\.*^$|]/\\&/g')" "$2"
}

# The outcome of the case $1, in the form of expected.txt, into $2/actual.
run_case() {
    local work=$2 status=0 words
    mkdir -p "$work/home"
    cp -R "tests/golden/cases/$1" "$work/case"
    rm -f "$work/case/expected.txt"
    (
        cd "$work/case"
        # No cache, installed package or colour setting of this machine may show.
        unset VIRTUAL_ENV HF_HOME HF_HUB_CACHE XDG_CACHE_HOME TRANSFORMERS_CACHE NO_COLOR FORCE_COLOR CLICOLOR_FORCE
        unset GITHUB_ACTIONS CI
        HOME=$work/home LC_ALL=C.UTF-8 TERM=dumb exec timeout 120 bash ./cmd
    ) >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
    words=$(replace "$work/case" '[case]')$(replace "$work/home" '[home]')
    words+=$(replace "$SOURCES_5" '[sources 5]')$(replace "$SOURCES_4" '[sources 4]')
    words+=$(replace "$(cd "$SOURCES_5" && pwd -P)" '[sources 5]')$(replace "$(cd "$SOURCES_4" && pwd -P)" '[sources 4]')
    words+=$(replace "$LEAFLINT" '[leaflint]')$(replace "$root" '[repository]')
    words+=$(replace "leaflint $version" 'leaflint [version]')$(replace "\"$version\"" '"[version]"')
    {
        print_lines "$work/stdout"
        echo '--- stderr'
        print_lines "$work/stderr"
        echo "--- exit $status"
    } | LC_ALL=C sed "$words" >"$work/actual"
    chmod -R u+rwX "$work/case" 2>/dev/null || true
}

# The file, and a newline where its last line has none.
print_lines() {
    cat "$1"
    [ ! -s "$1" ] || [ "$(tail -c 1 "$1" | wc -l)" -eq 1 ] || echo
}

version=$(sed -nE 's/^project\(leaflint VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)

update=
if [ "${1:-}" = --update ]; then
    update=yes
    shift
fi

# One case: what run.sh calls itself for, several at a time.
if [ "${1:-}" = --one ]; then
    name=$2 work=$3
    mkdir "$work"
    expected=tests/golden/cases/$name/expected.txt
    run_case "$name" "$work"
    if [ -n "$update" ]; then
        cmp -s "$work/actual" "$expected" || { cp "$work/actual" "$expected" && echo "wrote $name"; }
    elif diff -a -u -N --label "$expected" --label 'this run' "$expected" "$work/actual" >"$work/diff" 2>&1; then
        echo "ok $name"
    else
        { echo "FAILED $name" && cat "$work/diff"; } >"$work/failed"
        cat "$work/failed"
    fi
    rm -rf "$work/case" "$work/home"
    exit 0
fi

all=$(mktemp -d)
trap 'rm -rf "$all"' EXIT
if [ $# -gt 0 ]; then
    printf '%s\n' "$@" >"$all/names"
else
    (cd tests/golden/cases && ls) >"$all/names"
fi
while read -r name; do
    [ -f "tests/golden/cases/$name/cmd" ] || { echo "tests/golden/cases/$name has no file cmd" >&2; exit 1; }
done <"$all/names"

jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
xargs -P "$jobs" -I '{}' bash tests/golden/run.sh ${update:+--update} --one '{}' "$all/"'{}' <"$all/names"
total=$(wc -l <"$all/names")
failed=$(find "$all" -name failed | wc -l)
# A case that left no outcome did not run.
ran=$(find "$all" -name actual | wc -l)
[ -n "$update" ] || echo "golden cases: $((ran - failed)) passed, $((failed + total - ran)) failed"
[ "$failed" -eq 0 ] && [ "$ran" -eq "$total" ] && [ "$total" -gt 0 ]
