/* Sets of given values and chains of calls, as pairs of what they are made of. */
#include "eval/evidence.h"

#include <stdlib.h>
#include <string.h>

/* Marks a set of one value. */
#define LONE UINT64_MAX

#define NO_PAIR UINT32_MAX

static uint32_t *slot_of(const struct pair_table *table, uint64_t a, uint64_t b)
{
    uint64_t hash = (a ^ b * 0x9E3779B97F4A7C15u) * 0xC2B2AE3D27D4EB4Fu;
    size_t at = (hash >> 20) & (table->slot_count - 1);
    for (; table->slots[at]; at = (at + 1) & (table->slot_count - 1)) {
        const struct pair *pair = &table->pairs[table->slots[at] - 1];
        if (pair->a == a && pair->b == b)
            break;
    }
    return &table->slots[at];
}

static void grow_slots(struct pair_table *table)
{
    free(table->slots);
    table->slot_count = table->slot_count ? table->slot_count * 2 : 256;
    table->slots = memory_alloc(table->slot_count * sizeof *table->slots);
    memset(table->slots, 0, table->slot_count * sizeof *table->slots);
    for (size_t i = 0; i < table->count; i++)
        *slot_of(table, table->pairs[i].a, table->pairs[i].b) = (uint32_t)i + 1;
}

/* NO_PAIR when there are `limit` of them already. */
static uint32_t pair_number(struct pair_table *table, uint64_t a, uint64_t b, size_t limit)
{
    if ((table->count + 1) * 2 > table->slot_count)
        grow_slots(table);
    uint32_t *slot = slot_of(table, a, b);
    if (*slot)
        return *slot - 1;
    if (table->count >= limit)
        return NO_PAIR;
    table->pairs = array_grow(table->pairs, table->count, &table->capacity, sizeof *table->pairs);
    table->pairs[table->count++] = (struct pair){a, b};
    *slot = (uint32_t)table->count;
    return *slot - 1;
}

static void pairs_free(struct pair_table *table)
{
    free(table->pairs);
    free(table->slots);
}

void evidence_begin(struct eval *ev)
{
    ev->evidence = memory_alloc(sizeof *ev->evidence);
    *ev->evidence = (struct evidence){.first = ev->next_given ? ev->next_given : 1};
}

void evidence_end(struct eval *ev)
{
    struct evidence *evidence = ev->evidence;
    ev->evidence = NULL;
    ev->next_given = evidence->first + (uint32_t)evidence->sets.count;
    pairs_free(&evidence->sets);
    pairs_free(&evidence->calls);
    pairs_free(&evidence->children);
    free(evidence->child_calls);
    free(evidence);
}

/* Given values. */

static bool is_set(const struct evidence *evidence, uint32_t number)
{
    return number >= evidence->first && number - evidence->first < evidence->sets.count;
}

static uint32_t set_number(struct evidence *evidence, uint64_t a, uint64_t b)
{
    /* Numbers of all evidence of a run differ. */
    bool room = evidence->first <= UINT32_MAX - LIMIT_GIVEN_SETS;
    uint32_t number = pair_number(&evidence->sets, a, b, room ? LIMIT_GIVEN_SETS : 0);
    return number == NO_PAIR ? 0 : evidence->first + number;
}

uint32_t evidence_given(struct eval *ev, const void *given)
{
    return set_number(ev->evidence, LONE, (uintptr_t)given);
}

uint32_t evidence_join_sets(struct eval *ev, uint32_t left, uint32_t right)
{
    struct evidence *evidence = ev->evidence;
    if (!is_set(evidence, left) || !is_set(evidence, right))
        return is_set(evidence, left) ? left : is_set(evidence, right) ? right : 0;
    uint32_t set = set_number(evidence, left, right);
    return set ? set : left; /* too many: it says less */
}

size_t evidence_list(const struct eval *ev, uint32_t number, const void **items, size_t room)
{
    const struct evidence *evidence = ev->evidence;
    size_t count = 0, waiting = 0, set_count = evidence->sets.count;
    if (!is_set(evidence, number))
        return 0;
    /* Each set is taken apart once, into two. */
    bool *seen = memory_alloc(set_count * sizeof *seen);
    uint32_t *stack = memory_alloc((2 * set_count + 1) * sizeof *stack);
    memset(seen, 0, set_count * sizeof *seen);
    stack[waiting++] = number - evidence->first;
    while (waiting && count < room) {
        uint32_t at = stack[--waiting];
        struct pair pair = evidence->sets.pairs[at];
        if (seen[at])
            continue;
        seen[at] = true;
        if (pair.a == LONE) {
            items[count++] = (const void *)(uintptr_t)pair.b;
            continue;
        }
        stack[waiting++] = (uint32_t)pair.b - evidence->first;
        stack[waiting++] = (uint32_t)pair.a - evidence->first;
    }
    free(seen);
    free(stack);
    return count;
}

/* Calls. */

static uint32_t chain(struct evidence *evidence, const struct unit *unit, uint32_t at, uint32_t outer)
{
    if (!unit || unit->is_fact)
        return outer;
    uint64_t where = (uintptr_t)unit, rest = (uint64_t)at << 32 | outer;
    /* A class that makes its instance in several calls is one call in the sources. */
    if (outer && evidence->calls.pairs[outer - 1].a == where && evidence->calls.pairs[outer - 1].b >> 32 == at)
        return outer;
    uint32_t number = pair_number(&evidence->calls, where, rest, LIMIT_CALL_CHAINS);
    return number == NO_PAIR ? outer : number + 1;
}

uint32_t evidence_calls(struct eval *ev, struct unit *unit, uint32_t at)
{
    return chain(ev->evidence, unit, at, ev->running ? ev->running->calls : 0);
}

bool evidence_call(const struct eval *ev, uint32_t calls, struct unit **unit, uint32_t *at, uint32_t *outer)
{
    if (!calls)
        return false;
    const struct pair *pair = &ev->evidence->calls.pairs[calls - 1];
    *unit = (struct unit *)(uintptr_t)pair->a;
    *at = (uint32_t)(pair->b >> 32);
    *outer = (uint32_t)pair->b;
    return true;
}

void evidence_child(struct eval *ev, const struct dict *modules, struct value child)
{
    struct evidence *evidence = ev->evidence;
    if (child.kind != VALUE_INSTANCE)
        return;
    uint32_t number = pair_number(&evidence->children, (uintptr_t)modules, (uintptr_t)child.instance, LIMIT_MODULES);
    if (number == NO_PAIR)
        return;
    evidence->child_calls = array_grow(evidence->child_calls, number, &evidence->child_capacity, sizeof *evidence->child_calls);
    uint32_t at;
    struct unit *unit = eval_place(ev, &at);
    evidence->child_calls[number] = evidence_calls(ev, unit, at);
}

uint32_t evidence_child_calls(const struct eval *ev, const struct dict *modules, const struct instance *child)
{
    const struct evidence *evidence = ev->evidence;
    if (!evidence->children.slot_count)
        return 0;
    uint32_t slot = *slot_of(&evidence->children, (uintptr_t)modules, (uintptr_t)child);
    return slot ? evidence->child_calls[slot - 1] : 0;
}

/* What flows through calls. */

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
