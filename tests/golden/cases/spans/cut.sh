#!/bin/bash
# cut.sh FILE...: for each finding on FILE its rule, and the bytes from its start to its end.
for file in "$@"; do
    echo "$file"
    $LEAFLINT --model model --sources $SOURCES_5 --output-format json "$file" 2>/dev/null |
        sed -nE 's/^ *"rule": "([a-z0-9-]*)".*/\1/p; s/^ *"start": .*"byte": ([0-9]+).*/\1/p; s/^ *"end": .*"byte": ([0-9]+).*/\1/p' |
        while read -r rule && read -r start && read -r end; do
            printf '  %s: ' "$rule"
            tail -c +$((start + 1)) "$file" | head -c $((end - start)) | cat -A
            echo
        done
done
