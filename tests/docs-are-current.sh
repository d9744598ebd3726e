#!/usr/bin/env bash
# docs/rules.md is what the rules' files say now.  Run in the repository's folder; $RULE_REGISTRY is tools/rule_registry.c.
set -euo pipefail
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find rules -name '*.c' | LC_ALL=C sort >"$list"
"$RULE_REGISTRY" --docs "$list" /dev/stdout | diff -u docs/rules.md - || {
    echo "docs/rules.md is out of date: cmake --build --preset dev --target docs" >&2
    exit 1
}
