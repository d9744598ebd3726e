#!/usr/bin/env bash
# Custom modeling code against trees that torch built; see custom.py.
[ -d "${SOURCES_5:-}" ] || { echo "needs the sources of transformers 5.23.0 (scripts/sources)"; exit 77; }
exec python3 "$(dirname "$0")/custom.py" "$LEAFLINT" "$SOURCES_5"
