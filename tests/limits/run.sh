#!/usr/bin/env bash
# The evaluator's bounds from both sides; see limits.py.
[ -d "${SOURCES_4:-}" ] || { echo "needs the sources of transformers 4.57.6 (scripts/sources)"; exit 77; }
exec python3 "$(dirname "$0")/limits.py" "$LEAFLINT" "$SOURCES_4"
