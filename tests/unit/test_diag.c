/* Findings and did-you-mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diag/diag.h"

/* ---- findings ---- */

static void a_new_finding_is_empty_but_for_what_is_given(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct findings findings = {.arena = &arena};
    struct finding *finding = findings_add(&findings, "unknown-class", SEVERITY_ERROR, (struct span){3, 7});
    assert_string_equal(finding->rule.bytes, "unknown-class");
    assert_int_equal(finding->severity, SEVERITY_ERROR);
    assert_int_equal(finding->span.start, 3);
    assert_int_equal(finding->span.end, 7);
    assert_string_equal(finding->message.bytes, "");
    assert_string_equal(finding->key.bytes, "");
    assert_string_equal(finding->value.bytes, "");
    assert_string_equal(finding->model.bytes, "");
    assert_string_equal(finding->help.bytes, "");
    assert_int_equal(finding->suggestion_count + finding->related_count, 0);
    findings_free(&findings);
    assert_null(findings.items);
    arena_free(&arena);
}

static void suggestions_and_related_places_are_bounded(void **state)
{
    (void)state;
    struct finding finding = {0};
    static const char *const names[] = {"a", "b", "a", "c", "d"};
    for (size_t i = 0; i < 5; i++)
        finding_suggest(&finding, text_from(names[i]));
    assert_int_equal(finding.suggestion_count, LIMIT_SUGGESTIONS);
    assert_string_equal(finding.suggestions[2].bytes, "c"); /* the repeated one is not there twice */
    for (uint32_t i = 0; i < LIMIT_RELATED + 3; i++)
        finding_relate(&finding, TEXT("x.py"), (struct place){i, 1, 0}, TEXT("here"));
    assert_int_equal(finding.related_count, LIMIT_RELATED);
    assert_int_equal(finding.related[LIMIT_RELATED - 1].start.line, LIMIT_RELATED - 1);
}

static void sorting_is_by_place_then_rule_and_stable(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        struct span span;
        const char *message;
    } added[] = {
        {"b", {5, 9}, "5"}, {"a", {5, 9}, "3"}, {"a", {5, 8}, "2"},
        {"z", {1, 2}, "1"}, {"a", {5, 9}, "4"}, {"ba", {5, 9}, "6"},
    };
    struct findings findings = {0};
    for (size_t i = 0; i < 6; i++)
        findings_add(&findings, added[i].rule, SEVERITY_NOTE, added[i].span)->message = text_from(added[i].message);
    findings_sort(&findings);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(findings.items[i].message.bytes[0], '1' + (int)i);
    findings_free(&findings);
}

static void over_the_limit_the_least_severe_go_first(void **state)
{
    (void)state;
    struct findings findings = {0};
    for (uint32_t i = 0; i < LIMIT_FINDINGS; i++)
        findings_add(&findings, "note", SEVERITY_NOTE, (struct span){i, i});
    assert_int_equal(findings.count, LIMIT_FINDINGS);
    assert_int_equal(findings.dropped, 0);
    /* One more of the same kind is forgotten, but can be filled in. */
    findings_add(&findings, "note", SEVERITY_NOTE, (struct span){7, 7})->message = TEXT("lost");
    assert_int_equal(findings.count, LIMIT_FINDINGS);
    assert_int_equal(findings.dropped, 1);
    /* Errors and warnings push notes out, and errors push warnings out. */
    for (uint32_t i = 0; i < LIMIT_FINDINGS - 10; i++)
        findings_add(&findings, "warning", SEVERITY_WARNING, (struct span){i, i});
    for (uint32_t i = 0; i < LIMIT_FINDINGS; i++)
        findings_add(&findings, "error", SEVERITY_ERROR, (struct span){i, i});
    assert_int_equal(findings.count, LIMIT_FINDINGS);
    assert_int_equal(findings.by_severity[SEVERITY_ERROR], LIMIT_FINDINGS);
    assert_int_equal(findings.by_severity[SEVERITY_NOTE] + findings.by_severity[SEVERITY_WARNING], 0);
    assert_int_equal(findings.dropped, 1 + (LIMIT_FINDINGS - 10) + LIMIT_FINDINGS);
    for (uint32_t i = 0; i < LIMIT_FINDINGS; i++)
        assert_int_equal(findings.items[i].span.start, i); /* in the order in which they came */
    findings_add(&findings, "error", SEVERITY_ERROR, (struct span){0, 0});
    assert_int_equal(findings.count, LIMIT_FINDINGS);
    findings_free(&findings);
}

/* ---- did you mean ---- */

static const char *const classes[] = {
    "MixtralSparseMoeBlock", "MixtralDecoderLayer", "MixtralExperts", "MixtralAttention",
    "MixtralRMSNorm",        "MixtralModel",        "Linear",         "Embedding"};

/* What is suggested for `entry` among `count` names, joined by blanks. */
static const char *suggested(const char *entry, const char *const *names, size_t count, size_t room)
{
    static char joined[512];
    struct text candidates[16], nearest[16];
    joined[0] = 0;
    for (size_t i = 0; i < count; i++)
        candidates[i] = text_from(names[i]);
    size_t found = suggest_nearest(text_from(entry), candidates, count, nearest, room);
    assert_true(found <= room);
    for (size_t i = 0; i < found; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i ? " " : "", nearest[i].bytes);
    return joined;
}
#define SUGGESTED(entry, names) suggested(entry, names, sizeof(names) / sizeof *(names), 3)

static void a_slip_finds_the_name(void **state)
{
    (void)state;
    assert_string_equal(SUGGESTED("MixtralSparseMoeBlok", classes), "MixtralSparseMoeBlock");
    assert_string_equal(SUGGESTED("MixtralSprseMoeBlock", classes), "MixtralSparseMoeBlock");
    assert_string_equal(SUGGESTED("MixtralSaprseMoeBlock", classes), "MixtralSparseMoeBlock");
    assert_string_equal(SUGGESTED("mixtralsparsemoeblock", classes), "MixtralSparseMoeBlock");
    assert_string_equal(SUGGESTED("Liner", classes), "Linear");
    assert_string_equal(SUGGESTED("PhimoeSparseMoeBlock", classes), "MixtralSparseMoeBlock");
    assert_string_equal(SUGGESTED("something else", classes), "");
    assert_string_equal(SUGGESTED("", classes), "");
    assert_string_equal(SUGGESTED("X", classes), "");
}

static void case_counts_last_and_the_entry_itself_not(void **state)
{
    (void)state;
    static const char *const names[] = {"moeblock", "MoEBlocks", "MoeBlock", "MoEBlock", "MoeBlock"};
    assert_string_equal(SUGGESTED("MoEBlocK", names), "MoEBlock MoeBlock moeblock");
    assert_string_equal(SUGGESTED("MoEBlock", names), "MoeBlock moeblock MoEBlocks");
    assert_string_equal(suggested("MoEBlock", names, 5, 1), "MoeBlock");
    assert_string_equal(suggested("MoEBlock", names, 5, 0), "");
    assert_string_equal(suggested("MoEBlock", names, 5, 6), "MoeBlock moeblock MoEBlocks");
}

/* A distance of a third of the longer text is near enough, one more is not. */
static void near_ends_at_a_third(void **state)
{
    (void)state;
    static const char *const nine[] = {"abcdefghi"}, *const seven[] = {"classes"};
    assert_string_equal(SUGGESTED("abcdefxyz", nine), "abcdefghi");
    assert_string_equal(SUGGESTED("abcdewxyz", nine), "");
    assert_string_equal(SUGGESTED("class", seven), "classes");
    assert_string_equal(SUGGESTED("clas", seven), "");
}

static size_t plain_distance(const char *a, size_t n, const char *b, size_t m)
{
    static size_t row[300][300];
    for (size_t i = 0; i <= n; i++)
        row[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            size_t best = row[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (row[i - 1][j] + 1 < best)
                best = row[i - 1][j] + 1;
            if (row[i][j - 1] + 1 < best)
                best = row[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && row[i - 2][j - 2] + 1 < best)
                best = row[i - 2][j - 2] + 1;
            row[i][j] = best;
        }
    }
    return row[n][m];
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* The bit vectors against the plain table, with entries of one word and of several. */
static void distances_equal_the_plain_table(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < 4000; round++) {
        char a[256], b[256];
        size_t most = round % 4 ? 24 : 250, n = 1 + next_random(&seed) % most, m = n;
        uint32_t letters = 1 + next_random(&seed) % 4;
        for (size_t i = 0; i < n; i++)
            a[i] = b[i] = (char)('a' + next_random(&seed) % letters);
        for (size_t edits = next_random(&seed) % (n / 3 + 2); edits > 0; edits--) {
            size_t at = next_random(&seed) % m;
            uint32_t kind = next_random(&seed) % 4;
            if (kind == 0) {
                b[at] = (char)('a' + next_random(&seed) % 5);
            } else if (kind == 1 && at + 1 < m) {
                char swapped = b[at];
                b[at] = b[at + 1];
                b[at + 1] = swapped;
            } else if (kind == 2 && m > 1) {
                memmove(b + at, b + at + 1, --m - at);
            } else if (kind == 3 && m < 255) {
                memmove(b + at + 1, b + at, m++ - at);
            }
        }
        struct text entry = {a, n}, other = {b, m}, nearest;
        if (text_equal(entry, other))
            continue;
        size_t distance = plain_distance(a, n, b, m), longer = n > m ? n : m;
        size_t found = suggest_nearest(entry, &other, 1, &nearest, 1);
        if (found != (distance <= longer / 3))
            fail_msg("%.*s and %.*s: distance %zu", TEXT_ARGS(entry), TEXT_ARGS(other), distance);
    }
}

static void the_nearest_of_many_comes_first(void **state)
{
    (void)state;
    enum { LAYERS = 500 };
    static char names[LAYERS][64];
    struct text candidates[LAYERS], nearest[3];
    for (int i = 0; i < LAYERS; i++) {
        int length = snprintf(names[i], sizeof names[i], "model.layers.%d.block_sparse_moe", i);
        candidates[i] = (struct text){names[i], (size_t)length};
    }
    assert_int_equal(suggest_nearest(TEXT("model.layer.321.block_sparse_moe"), candidates, LAYERS, nearest, 3), 3);
    assert_string_equal(nearest[0].bytes, "model.layers.321.block_sparse_moe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_finding_is_empty_but_for_what_is_given),
        cmocka_unit_test(suggestions_and_related_places_are_bounded),
        cmocka_unit_test(sorting_is_by_place_then_rule_and_stable),
        cmocka_unit_test(over_the_limit_the_least_severe_go_first),
        cmocka_unit_test(a_slip_finds_the_name),
        cmocka_unit_test(case_counts_last_and_the_entry_itself_not),
        cmocka_unit_test(near_ends_at_a_third),
        cmocka_unit_test(distances_equal_the_plain_table),
        cmocka_unit_test(the_nearest_of_many_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
