#!/usr/bin/env bash
# Hostile modeling code; see hostile.py.
[ -d "${SOURCES_5:-}" ] || { echo "needs the sources of transformers 5.23.0 (scripts/sources)"; exit 77; }
exec python3 "$(dirname "$0")/hostile.py" "$LEAFLINT" "$SOURCES_5"
