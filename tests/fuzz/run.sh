#!/usr/bin/env bash
# Some hundred of the fuzz command's cases; see fuzz.py, README.md.
[ -d "${SOURCES_5:-}" ] || { echo "needs the sources of transformers 5.23.0 (scripts/sources)"; exit 77; }
exec python3 "$(dirname "$0")/fuzz.py" --program "$LEAFLINT" --sources "$SOURCES_5" --count 120 --spread --seconds 30
