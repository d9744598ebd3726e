#include "model/routing_internal.h"

const struct value value_clean = {.kind = VALUE_PLAIN};
const struct value value_tensor = {.kind = VALUE_PLAIN, .taint = TAINT_VALUE};
const struct value value_none = {.kind = VALUE_NONE};
const struct value value_true = {.kind = VALUE_TRUE};
const struct value value_false = {.kind = VALUE_FALSE};
const struct value value_self = {.kind = VALUE_SELF};

/* Nested tuples that a loop builds (`x = (x, y)`) would grow for ever. */
#define MAX_TUPLE_ITEMS 32
#define MAX_TUPLE_NESTING 6

static struct value *new_value(struct routing_state *state, enum value_kind kind, unsigned taint)
{
    struct value *value = ARENA_NEW(state->scratch, struct value);
    value->kind = (uint8_t)kind;
    value->taint = (uint8_t)taint;
    return value;
}

const struct value *value_with_taint(struct routing_state *state, const struct value *value, unsigned taint)
{
    if (value->taint == taint)
        return value;
    struct value *copy = ARENA_NEW(state->scratch, struct value);
    *copy = *value;
    copy->taint = (uint8_t)taint;
    return copy;
}

const struct value *value_plain(struct routing_state *state, unsigned taint)
{
    if (taint == 0)
        return &value_clean;
    if (taint == TAINT_VALUE)
        return &value_tensor;
    return new_value(state, VALUE_PLAIN, taint);
}

static unsigned tuple_nesting(const struct value *value, unsigned limit)
{
    if (limit == 0 || (value->kind != VALUE_TUPLE && value->kind != VALUE_SEQUENCE))
        return 0;
    unsigned deepest = 0;
    if (value->kind == VALUE_SEQUENCE)
        return value->element ? 1 + tuple_nesting(value->element, limit - 1) : 1;
    for (uint32_t i = 0; i < value->count; i++) {
        unsigned depth = tuple_nesting(value->items[i], limit - 1);
        deepest = depth > deepest ? depth : deepest;
    }
    return 1 + deepest;
}

/* An item that may be put into a tuple or sequence: nesting stays bounded. */
static const struct value *flattened(struct routing_state *state, const struct value *value)
{
    if (tuple_nesting(value, MAX_TUPLE_NESTING + 1) < MAX_TUPLE_NESTING)
        return value;
    return value_plain(state, value_flat_taint(value));
}

const struct value *value_tuple(struct routing_state *state, const struct value *const *items, uint32_t count)
{
    if (count > MAX_TUPLE_ITEMS) {
        const struct value *element = NULL;
        for (uint32_t i = 0; i < count; i++)
            element = value_join(state, element, items[i], false);
        return value_sequence(state, element, 0);
    }
    const struct value **copies = ARENA_ARRAY(state->scratch, count ? count : 1, const struct value *);
    for (uint32_t i = 0; i < count; i++)
        copies[i] = flattened(state, items[i]);
    struct value *value = new_value(state, VALUE_TUPLE, 0);
    value->items = copies;
    value->count = count;
    return value;
}

const struct value *value_sequence(struct routing_state *state, const struct value *element, unsigned taint)
{
    struct value *value = new_value(state, VALUE_SEQUENCE, taint);
    value->element = element ? flattened(state, element) : NULL;
    return value;
}

const struct value *value_module(struct routing_state *state, enum value_kind kind, struct text child, struct text shown)
{
    struct value *value = new_value(state, kind, 0);
    value->text = child;
    value->shown = shown;
    return value;
}

const struct value *value_global(struct routing_state *state, struct python_file *file, struct text name, bool dotted)
{
    struct value *value = new_value(state, VALUE_GLOBAL, 0);
    value->file = file;
    value->text = name;
    value->dotted = dotted;
    return value;
}

/* Doubt stays only while everything that depends on data is doubtful. */
unsigned taint_join(unsigned a, unsigned b)
{
    unsigned joined = (a | b) & ~(unsigned)TAINT_DOUBT;
    if (!(joined & TAINT_DATA))
        return joined;
    bool a_doubt = !(a & TAINT_DATA) || (a & TAINT_DOUBT);
    bool b_doubt = !(b & TAINT_DATA) || (b & TAINT_DOUBT);
    return a_doubt && b_doubt ? joined | TAINT_DOUBT : joined;
}

unsigned value_flat_taint(const struct value *value)
{
    unsigned taint;
    switch (value->kind) {
    case VALUE_TUPLE:
        taint = value->taint;
        for (uint32_t i = 0; i < value->count; i++)
            taint = taint_join(taint, value_flat_taint(value->items[i]));
        return taint;
    case VALUE_SEQUENCE:
        return value->element ? taint_join(value->taint, value_flat_taint(value->element)) : value->taint;
    case VALUE_MODULE:
    case VALUE_CONTAINER:
        return 0; /* which module it is matters only where it is called */
    default:
        return value->taint;
    }
}

enum strength taint_strength(unsigned taint, unsigned mask)
{
    if (!(taint & mask))
        return STRENGTH_NONE;
    return taint & TAINT_DOUBT ? STRENGTH_DOUBT : STRENGTH_DATA;
}

static bool same_constant(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind || a->taint != b->taint)
        return false;
    switch (a->kind) {
    case VALUE_NONE:
    case VALUE_TRUE:
    case VALUE_FALSE:
    case VALUE_SELF:
    case VALUE_SUPER:
        return true;
    case VALUE_INT:
        return a->number == b->number;
    case VALUE_STRING:
        return text_equal(a->text, b->text);
    case VALUE_MODULE:
    case VALUE_CONTAINER:
        return a->opaque == b->opaque && text_equal(a->shown, b->shown);
    case VALUE_GLOBAL:
        return a->file == b->file && a->dotted == b->dotted && text_equal(a->text, b->text);
    case VALUE_METHOD:
        return a->method.file == b->method.file && a->method.function == b->method.function;
    default:
        return false;
    }
}

static bool is_module(const struct value *value)
{
    return value->kind == VALUE_MODULE || value->kind == VALUE_CONTAINER;
}

/* Two modules, or a module and something else: a module that may be either. */
static const struct value *join_modules(struct routing_state *state, const struct value *a, const struct value *b,
                                        unsigned taint, bool data)
{
    const struct value *module = is_module(a) ? a : b;
    struct value *joined = ARENA_NEW(state->scratch, struct value);
    *joined = *module;
    joined->taint = (uint8_t)taint_join(taint, data ? TAINT_CHOICE : 0);
    joined->opaque = (is_module(a) && a->opaque) || (is_module(b) && b->opaque);
    if (a->kind == VALUE_MODULE || b->kind == VALUE_MODULE)
        joined->kind = VALUE_MODULE;
    return joined;
}

static const struct value *join_sequences(struct routing_state *state, const struct value *a, const struct value *b,
                                          bool data)
{
    unsigned taint = taint_join(a->taint, b->taint);
    if (a->kind == VALUE_TUPLE && b->kind == VALUE_TUPLE && a->count == b->count) {
        const struct value *items[MAX_TUPLE_ITEMS];
        for (uint32_t i = 0; i < a->count; i++)
            items[i] = value_join(state, a->items[i], b->items[i], data);
        return value_with_taint(state, value_tuple(state, items, a->count), taint);
    }
    const struct value *element = NULL;
    const struct value *sides[2] = {a, b};
    for (int side = 0; side < 2; side++) {
        if (sides[side]->kind == VALUE_SEQUENCE && sides[side]->element)
            element = value_join(state, element, sides[side]->element, false);
        else if (sides[side]->kind == VALUE_TUPLE)
            for (uint32_t i = 0; i < sides[side]->count; i++)
                element = value_join(state, element, sides[side]->items[i], false);
    }
    /* What one side appended under a data-dependent branch has marked the list already; here one list replaces another. */
    return value_sequence(state, element, data ? taint_join(taint, TAINT_LENGTH) : taint);
}

const struct value *value_join(struct routing_state *state, const struct value *a, const struct value *b, bool data)
{
    if (a == b || !b)
        return a;
    if (!a)
        return b;
    if (same_constant(a, b))
        return a;
    unsigned taint = taint_join(a->taint, b->taint);
    if (is_module(a) || is_module(b))
        return join_modules(state, a, b, taint, data);
    bool a_sequence = a->kind == VALUE_TUPLE || a->kind == VALUE_SEQUENCE;
    bool b_sequence = b->kind == VALUE_TUPLE || b->kind == VALUE_SEQUENCE;
    if (a_sequence && b_sequence)
        return join_sequences(state, a, b, data);
    if ((a_sequence && b->kind == VALUE_NONE) || (b_sequence && a->kind == VALUE_NONE))
        return value_with_taint(state, a_sequence ? a : b, data ? taint_join(taint, TAINT_CHOICE) : taint);
    if (a->kind == VALUE_FUNCTION || a->kind == VALUE_METHOD || b->kind == VALUE_FUNCTION || b->kind == VALUE_METHOD) {
        /* Which function is called depends on data: what it calls is marked at its call (see routing_call). */
        const struct value *callable = a->kind == VALUE_FUNCTION || a->kind == VALUE_METHOD ? a : b;
        return value_with_taint(state, callable, data ? taint_join(taint, TAINT_CHOICE) : taint);
    }
    taint = taint_join(value_flat_taint(a), value_flat_taint(b));
    if (data) {
        bool tensors = a->kind == VALUE_PLAIN && b->kind == VALUE_PLAIN;
        if (!tensors)
            taint = taint_join(taint, TAINT_CHOICE);
        taint = taint_join(taint, TAINT_VALUE);
    }
    return value_plain(state, taint);
}

const struct value *value_item(struct routing_state *state, const struct value *value)
{
    switch (value->kind) {
    case VALUE_TUPLE: {
        const struct value *item = NULL;
        for (uint32_t i = 0; i < value->count; i++)
            item = value_join(state, item, value->items[i], false);
        return item ? item : &value_clean;
    }
    case VALUE_SEQUENCE:
        return value->element ? value->element : &value_clean;
    case VALUE_SELF:
    case VALUE_MODULE:
    case VALUE_CONTAINER: {
        struct text shown = value->kind == VALUE_SELF ? TEXT("self") : value->shown;
        struct text item = text_format(state->scratch, "%.*s[...]", TEXT_ARGS(shown));
        struct value *module = ARENA_NEW(state->scratch, struct value);
        *module = *value;
        module->kind = VALUE_MODULE;
        /* That the number of items depends on data is the loop's matter, not the item's. */
        module->taint &= (uint8_t) ~(unsigned)(TAINT_LENGTH | TAINT_ITEMS);
        module->shown = item;
        return module;
    }
    case VALUE_PLAIN: {
        unsigned taint = value->taint & (TAINT_VALUE | TAINT_DOUBT | TAINT_BOOL);
        if (value->taint & TAINT_ITEMS)
            taint |= TAINT_LENGTH;
        return value_plain(state, taint);
    }
    default:
        return &value_clean;
    }
}

unsigned value_length_taint(const struct value *value)
{
    return value->taint & (TAINT_LENGTH | TAINT_CHOICE | TAINT_DOUBT);
}

struct condition value_truth(const struct value *value)
{
    struct condition condition = {TRUTH_CANNOT_TELL, STRENGTH_NONE};
    switch (value->kind) {
    case VALUE_NONE:
    case VALUE_FALSE:
        condition.truth = TRUTH_FALSE;
        break;
    case VALUE_TRUE:
    case VALUE_SELF:
        condition.truth = TRUTH_TRUE;
        break;
    case VALUE_INT:
        condition.truth = value->number != 0 ? TRUTH_TRUE : TRUTH_FALSE;
        break;
    case VALUE_STRING:
        condition.truth = value->text.length != 0 ? TRUTH_TRUE : TRUTH_FALSE;
        break;
    case VALUE_PLAIN:
        condition.strength = (uint8_t)taint_strength(value->taint, TAINT_VALUE | TAINT_CHOICE | TAINT_LENGTH);
        break;
    default:
        condition.strength = (uint8_t)taint_strength(value->taint, TAINT_CHOICE | TAINT_LENGTH);
        break;
    }
    return condition;
}

bool value_holds_module(const struct value *value)
{
    switch (value->kind) {
    case VALUE_SELF:
    case VALUE_MODULE:
    case VALUE_CONTAINER:
    case VALUE_METHOD:
    case VALUE_FUNCTION:
        return true;
    case VALUE_SEQUENCE:
        return value->element && value_holds_module(value->element);
    case VALUE_TUPLE:
        for (uint32_t i = 0; i < value->count; i++)
            if (value_holds_module(value->items[i]))
                return true;
        return false;
    default:
        return false;
    }
}
