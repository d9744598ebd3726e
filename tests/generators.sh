#!/usr/bin/env bash
# What tools/ generates from, and what it refuses.  $RULE_REGISTRY and $EMBED_FILES are the programs.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir rules facts facts/torch
passed=0 failed=0

# result NAME STATUS...: counts one case, good when the command STATUS... succeeds.
result() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $name"
    fi
}

# rule FILE NAME DEFINED [SEVERITY]: a file of a rule that explains NAME and defines DEFINED.
rule() {
    printf '/* RULE %s\n *\n * Finds "x".  \n *\n *     {"a": 1}\\ \n *\n */\n' "$2" >"$1"
    printf '\nconst struct rule rule_it = {\n    .name = "%s",\n    .severity = %s,\n    .since = "0.1.0",\n' "$3" \
        "${4:-SEVERITY_NOTE}" >>"$1"
    printf '    .summary = "an \\"x\\" "\n               "and more",\n};\n' >>"$1"
}

# refuses NAME WORDS: the rules as they stand stop the build with these words.
refuses() {
    printf '%s\n' rules/*.c >list
    result "$1" bash -c '! "$RULE_REGISTRY" list out.c 2>errors && grep -qF -- "$1" errors' - "$2"
    rm -f rules/*
}

rule rules/bad_thing.c bad-thing bad-thing
echo 'int helper;' >rules/helper.c
printf '%s\n' rules/*.c >list
"$RULE_REGISTRY" list out.c
result "a helper is not a rule" grep -qx 'const size_t all_rule_count = 1;' out.c
result "the explanation is the comment without its marks" diff - <(sed -n '/rule_explanations/,/^};/p' out.c) <<'EXPECTED'
const char *const rule_explanations[] = {
    "Finds \"x\".\n"
    "\n"
    "    {\"a\": 1}\\\n",
    NULL,
};
EXPECTED
"$RULE_REGISTRY" --docs list out.md
result "the page has the joined summary" grep -qxF '| [bad-thing](#bad-thing) | note | an "x" and more |' out.md
rm rules/*

rule rules/bad_thing.c bad-thing good-thing
refuses "names that differ" 'explains `bad-thing` but defines `good-thing`'
rule rules/bad.c bad-thing bad-thing
refuses "a file named otherwise" 'must be named after it'
rule rules/bad_thing.c bad-thing bad-thing GRAVE
refuses "an unknown severity" 'no .severity = SEVERITY_'
rule rules/bad_thing.c bad-thing bad-thing
sed -i.old 1,7d rules/bad_thing.c
refuses "a rule without explanation" 'begins with "/* RULE NAME"'
rule rules/bad_thing.c bad-thing bad-thing
sed -i.old '8,$d' rules/bad_thing.c
refuses "an explanation without a rule" 'no "const struct rule'
rule rules/bad_thing.c bad-thing bad-thing
sed 's/rule_it/rule_other/' rules/bad_thing.c >more && cat more >>rules/bad_thing.c
refuses "two rules in one file" 'a file holds one rule'
printf '/* RULE bad-thing\n * Finds' >rules/bad_thing.c
refuses "a comment without end" 'const struct rule'

printf 'a = "\\t?"\n\xc3\xa9' >facts/torch/a.py
: >facts/b.py
printf 'facts/b.py\nfacts/torch/a.py\n' >list
"$EMBED_FILES" facts/ list out.c
result "facts are sorted, each with its tables" diff - <(sed -n '/fact_files\[\]/,$p' out.c) <<'EXPECTED'
const struct fact_file fact_files[] = {
    {"b.py", &tables_0},
    {"torch/a.py", &tables_1},
    {0},
};

const size_t fact_file_count = 2;
EXPECTED
result "facts are embedded byte for byte, with what is not in them after that" \
    diff - <(sed -n '/ bytes_1\[\]/,/;$/p' out.c) <<'EXPECTED'
static const char bytes_1[] =
    "a = \"\\t\?\"\n"
    "\303\251\000super__class__<lambda>*\011\?";
EXPECTED
result "and their length is that of the file" grep -qx '    .length = 12,' out.c
printf 'a = (\n' >facts/b.py
result "a fact that does not parse is refused" \
    bash -c '! "$EMBED_FILES" facts/ list out.c 2>errors && grep -qF "facts/b.py:1: a bracket that is not closed" errors'
printf 'def f()\n    pass\n' >facts/b.py
result "a definition that does not parse is refused" \
    bash -c '! "$EMBED_FILES" facts/ list out.c 2>errors && grep -qF "facts/b.py:2: a syntax error" errors'
printf 'class A:\n    def f(self):\n        return )\n' >facts/b.py
result "a method that does not parse is refused" \
    bash -c '! "$EMBED_FILES" facts/ list out.c 2>errors && grep -qF "facts/b.py:" errors'
: >facts/b.py
printf 'facts/torch/a.py\nfacts/b.py\n' >list
result "unsorted facts are refused" bash -c '! "$EMBED_FILES" facts/ list out.c 2>/dev/null'
printf 'facts/none.py\n' >list
result "a missing fact is refused" bash -c '! "$EMBED_FILES" facts/ list out.c 2>/dev/null'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
