/* Sets of given values, as pairs of sets. */
#include "eval/evidence.h"

#include <stdlib.h>
#include <string.h>

struct given_set {
    uint32_t left, right; /* parts; both 0 for a single value */
    const void *given;
};

void evidence_begin(struct eval *ev)
{
    struct evidence *evidence = memory_alloc(sizeof *evidence);
    *evidence = (struct evidence){.first = ev->next_given ? ev->next_given : 1, .slot_count = 256};
    evidence->slots = memory_alloc(evidence->slot_count * sizeof *evidence->slots);
    memset(evidence->slots, 0, evidence->slot_count * sizeof *evidence->slots);
    ev->evidence = evidence;
}

void evidence_end(struct eval *ev)
{
    struct evidence *evidence = ev->evidence;
    ev->evidence = NULL;
    ev->next_given = evidence->first + (uint32_t)evidence->count;
    free(evidence->sets);
    free(evidence->slots);
    free(evidence);
}

static const struct given_set *find_set(const struct evidence *evidence, uint32_t number)
{
    return number >= evidence->first && number - evidence->first < evidence->count ? &evidence->sets[number - evidence->first] : NULL;
}

static uint32_t add_set(struct evidence *evidence, struct given_set set)
{
    if (evidence->count >= LIMIT_GIVEN_SETS || evidence->first > UINT32_MAX - LIMIT_GIVEN_SETS)
        return 0;
    evidence->sets = array_grow(evidence->sets, evidence->count, &evidence->capacity, sizeof *evidence->sets);
    evidence->sets[evidence->count] = set;
    return evidence->first + (uint32_t)evidence->count++;
}

uint32_t evidence_given(struct eval *ev, const void *given)
{
    return add_set(ev->evidence, (struct given_set){.given = given});
}

static uint32_t *slot_of(const struct evidence *evidence, uint32_t left, uint32_t right)
{
    size_t at = (left * 2654435761u ^ right * 40503u) & (evidence->slot_count - 1);
    for (; evidence->slots[at]; at = (at + 1) & (evidence->slot_count - 1)) {
        const struct given_set *set = &evidence->sets[evidence->slots[at] - 1];
        if (set->left == left && set->right == right)
            break;
    }
    return &evidence->slots[at];
}

static void grow_slots(struct evidence *evidence)
{
    free(evidence->slots);
    evidence->slot_count *= 2;
    evidence->slots = memory_alloc(evidence->slot_count * sizeof *evidence->slots);
    memset(evidence->slots, 0, evidence->slot_count * sizeof *evidence->slots);
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->sets[i].left)
            *slot_of(evidence, evidence->sets[i].left, evidence->sets[i].right) = (uint32_t)i + 1;
}

uint32_t evidence_join_sets(struct eval *ev, uint32_t left, uint32_t right)
{
    struct evidence *evidence = ev->evidence;
    if (!find_set(evidence, left) || !find_set(evidence, right))
        return find_set(evidence, left) ? left : find_set(evidence, right) ? right : 0;
    if ((evidence->count + 1) * 2 > evidence->slot_count)
        grow_slots(evidence);
    uint32_t *slot = slot_of(evidence, left, right);
    if (*slot)
        return evidence->first + *slot - 1;
    uint32_t set = add_set(evidence, (struct given_set){.left = left, .right = right});
    if (!set)
        return left; /* too many: it says less */
    *slot = set - evidence->first + 1;
    return set;
}

size_t evidence_list(const struct eval *ev, uint32_t number, const void **items, size_t room)
{
    const struct evidence *evidence = ev->evidence;
    size_t count = 0, waiting = 0;
    if (!find_set(evidence, number))
        return 0;
    /* Each set is taken apart once, into two. */
    bool *seen = memory_alloc(evidence->count * sizeof *seen);
    uint32_t *stack = memory_alloc((2 * evidence->count + 1) * sizeof *stack);
    memset(seen, 0, evidence->count * sizeof *seen);
    stack[waiting++] = number - evidence->first;
    while (waiting && count < room) {
        uint32_t at = stack[--waiting];
        const struct given_set *set = &evidence->sets[at];
        if (seen[at])
            continue;
        seen[at] = true;
        if (!set->left) {
            items[count++] = set->given;
            continue;
        }
        uint32_t parts[] = {set->right - evidence->first, set->left - evidence->first};
        for (size_t i = 0; i < 2; i++)
            if (!seen[parts[i]])
                stack[waiting++] = parts[i];
    }
    free(seen);
    free(stack);
    return count;
}

static uint32_t of_arguments(struct eval *ev, const struct arguments *arguments)
{
    uint32_t given = 0;
    for (uint32_t i = 0; i < arguments->count; i++)
        given = evidence_join(ev, given, arguments->items[i].given);
    for (uint32_t i = 0; i < arguments->named_count; i++)
        given = evidence_join(ev, given, arguments->named[i].given);
    return given;
}

void evidence_of_call(struct eval *ev, struct value callee, const struct arguments *arguments, struct value *result)
{
    bool builtin = callee.kind == VALUE_NATIVE || (callee.kind == VALUE_CLASS && callee.class_->is_builtin);
    if (!is_raised(*result)) {
        if (builtin && !result->given && evidence_is_data(*result))
            result->given = of_arguments(ev, arguments);
        return;
    }
    if (ev->raised.given)
        return;
    /* A function that raises for what it was given, as a helper does that checks its arguments.  Further out, arguments
     * say nothing about the exception. */
    bool fact = callee.kind == VALUE_FUNCTION && callee.function->unit->is_fact;
    if (builtin || fact || (callee.kind == VALUE_FUNCTION && ev->evidence->returns++ == 0))
        ev->raised.given = of_arguments(ev, arguments);
}
