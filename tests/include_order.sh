#!/usr/bin/env bash
# Includes go one way through the program (CONTRIBUTING.md, "Where things are").  Run in the repository's folder.
set -euo pipefail

# What the files of a folder, or of a longer prefix, may include; the last line that fits a file counts.  In model/ only
# what builds a model knows the evaluator, so that rules, which see the model's questions, cannot reach it.
allowed='
analyzer/base/                base/
analyzer/source/              source/ base/
analyzer/syntax/              syntax/ source/ base/
analyzer/syntax/python        syntax/ source/ base/ tree_sitter/
analyzer/eval/                eval/ syntax/ source/ base/
analyzer/torch/               torch/ eval/ syntax/ source/ base/
analyzer/hub/                 hub/ torch/fact_files.h eval/ syntax/ source/ base/
analyzer/model/               model/ source/ base/
analyzer/model/routing        model/ syntax/ source/ base/
analyzer/model/block_routing  model/ eval/ syntax/ source/ base/
analyzer/model/training       model/ eval/ syntax/ source/ base/
analyzer/model/whole          model/ eval/ syntax/ source/ base/
analyzer/model/made           model/ eval/ syntax/ source/ base/
analyzer/model/tree           model/ eval/ syntax/ source/ base/
analyzer/model/load           model/ hub/ torch/ eval/ syntax/ diag/diag.h source/ base/
analyzer/config/              config/ syntax/ source/ base/
analyzer/diag/                diag/ source/ base/
analyzer/report/              report/ diag/ source/ base/
analyzer/cli/                 cli/ report/ rules/ model/ hub/ torch/ eval/ syntax/ config/ diag/ source/ base/
rules/                        rules/ model/model.h model/fold.h config/ diag/ source/ base/
'

# Sanity of the table itself: everything it names is looked at, so an empty search is a mistake.
files=$(find analyzer rules -name '*.[ch]' | LC_ALL=C sort)
[ -n "$files" ] || { echo "no C files found: wrong folder?" >&2; exit 1; }

# shellcheck disable=SC2086
grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*(".*"|<tree_sitter/.*>)' $files /dev/null |
    awk -v allowed="$allowed" '
        BEGIN {
            rows = split(allowed, row, "\n")
        }
        {
            split($0, part, ":")
            file = part[1]
            header = $0
            sub(/^[^"<]*["<]/, "", header)
            sub(/[">].*$/, "", header)
            fits = ""
            for (i = 1; i <= rows; i++) {
                count = split(row[i], word, " ")
                if (count && index(file, word[1]) == 1)
                    fits = row[i]
            }
            good = 0
            count = split(fits, word, " ")
            for (i = 2; i <= count; i++)
                if (index(header, word[i]) == 1)
                    good = 1
            seen++
            if (!good) {
                printf "%s:%s: %s is not to be included here\n", file, part[2], header
                bad++
            }
        }
        END {
            printf "%d includes, %d against the order\n", seen, bad
            exit bad > 0 || seen == 0
        }'
