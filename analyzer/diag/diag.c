#include "diag/diag.h"

#include <stdlib.h>

/* When the list is full: makes room for something of this severity by dropping the last finding of the lowest severity
 * below it.  So an error is never lost to a thousand notes, and the exit status stays right. */
static bool drop_one_below(struct findings *findings, enum severity severity)
{
    for (int lower = SEVERITY_NOTE; lower < (int)severity; lower++) {
        if (findings->by_severity[lower] == 0)
            continue;
        size_t at = findings->count - 1;
        while (findings->items[at].severity != (enum severity)lower)
            at--;
        memmove(findings->items + at, findings->items + at + 1, (findings->count - at - 1) * sizeof *findings->items);
        findings->by_severity[lower]--;
        findings->count--;
        return true;
    }
    return false;
}

struct finding *findings_add(struct findings *findings, const char *rule, enum severity severity, struct span span)
{
    /* One slot more than findings: what is over the limit is written there and forgotten. */
    findings->items = array_grow(findings->items, findings->count, &findings->capacity, sizeof *findings->items);
    bool kept = true;
    if (findings->count == LIMIT_FINDINGS) {
        findings->dropped++;
        kept = drop_one_below(findings, severity);
    }
    struct finding *finding = &findings->items[findings->count];
    *finding = (struct finding){.rule = text_from(rule),
                                .severity = severity,
                                .message = TEXT(""),
                                .span = span,
                                .key = TEXT(""),
                                .value = TEXT(""),
                                .model = TEXT(""),
                                .help = TEXT("")};
    if (kept) {
        findings->count++;
        findings->by_severity[severity]++;
    }
    return finding;
}

void finding_suggest(struct finding *finding, struct text text)
{
    for (size_t i = 0; i < finding->suggestion_count; i++)
        if (text_equal(finding->suggestions[i], text))
            return;
    if (finding->suggestion_count < LIMIT_SUGGESTIONS)
        finding->suggestions[finding->suggestion_count++] = text;
}

void finding_relate(struct finding *finding, struct text path, struct place start, struct text message)
{
    if (finding->related_count < LIMIT_RELATED)
        finding->related[finding->related_count++] = (struct related){path, start, message};
}

/* A finding and where it stood: qsort is not stable. */
struct placed {
    struct finding finding;
    size_t at;
};

static int compare_placed(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    const struct finding *one = &a->finding, *two = &b->finding;
    if (one->span.start != two->span.start)
        return one->span.start < two->span.start ? -1 : 1;
    if (one->span.end != two->span.end)
        return one->span.end < two->span.end ? -1 : 1;
    size_t common = one->rule.length < two->rule.length ? one->rule.length : two->rule.length;
    int order = common ? memcmp(one->rule.bytes, two->rule.bytes, common) : 0;
    if (order)
        return order;
    if (one->rule.length != two->rule.length)
        return one->rule.length < two->rule.length ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

void findings_sort(struct findings *findings)
{
    if (findings->count < 2)
        return;
    struct placed *placed = memory_alloc(findings->count * sizeof *placed);
    for (size_t i = 0; i < findings->count; i++)
        placed[i] = (struct placed){findings->items[i], i};
    qsort(placed, findings->count, sizeof *placed, compare_placed);
    for (size_t i = 0; i < findings->count; i++)
        findings->items[i] = placed[i].finding;
    free(placed);
}

void findings_free(struct findings *findings)
{
    free(findings->items);
    *findings = (struct findings){.arena = findings->arena};
}
