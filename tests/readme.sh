#!/usr/bin/env bash
# What README.md shows is so: its first block is the two commands, and its examples print what stands there.
# Run in the repository's folder; $LEAFLINT is the program, $SOURCES_4 and $SOURCES_5 hold the sources.
set -euo pipefail

fail() {
    echo "README.md: $1" >&2
    exit 1
}

first=$(awk '/^```/ { if (open) exit; open = 1; next } open' README.md)
[ "$first" = $'./scripts/try\n./scripts/test' ] || fail "the first block is not the two commands"
for command in $first; do
    [ -x "$command" ] || fail "$command cannot be run"
done

for release in "$SOURCES_4" "$SOURCES_5"; do
    [ -d "$release/transformers" ] || { echo "no sources in $release: run scripts/sources" >&2; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A block ```console holds one command behind "$ " and what a terminal shows: lines "leaflint: ..." come from standard error.
awk -v work="$work" '
    /^```console/ { count++; inside = 1; next }
    /^```/ { inside = 0 }
    inside && /^\$ / { print substr($0, 3) > (work "/" count ".command"); next }
    inside && /^leaflint: / { print > (work "/" count ".err"); next }
    inside { print > (work "/" count ".out") }' README.md
seen=0
for block in "$work"/*.command; do
    [ -e "$block" ] || fail "it has no example"
    base=${block%.command}
    touch "$base.out" "$base.err"
    command=$(sed -e "s#^leaflint #\"\$LEAFLINT\" #" -e "s#build/sources/4\.57\.6#\"\$SOURCES_4\"#g" \
        -e "s#build/sources/5\.23\.0#\"\$SOURCES_5\"#g" "$block")
    status=0
    eval "$command" >"$work/stdout" 2>"$work/stderr" || status=$?
    [ "$status" -le 1 ] || fail "\`$(cat "$block")\` ends with status $status: $(cat "$work/stderr")"
    diff -u "$base.out" "$work/stdout" || fail "\`$(cat "$block")\` prints something else"
    diff -u "$base.err" "$work/stderr" || fail "\`$(cat "$block")\` says something else"
    seen=$((seen + 1))
done
echo "$seen examples"
