#include "model/routing_internal.h"

const struct value value_clean = {.kind = VALUE_PLAIN};
const struct value value_tensor = {.kind = VALUE_PLAIN, .taint = TAINT_VALUE};
const struct value value_none = {.kind = VALUE_NONE};
const struct value value_true = {.kind = VALUE_TRUE};
const struct value value_false = {.kind = VALUE_FALSE};
const struct value value_self = {.kind = VALUE_SELF};

/* Tuples that a loop builds (`x = (x, y)`) would grow for ever, and joining them costs items to the power of nesting. */
#define MAX_TUPLE_ITEMS 24
#define MAX_NESTING 4

static struct value *new_value(struct routing_state *state, enum value_kind kind, unsigned taint)
{
    struct value *value = ARENA_NEW(state->scratch, struct value);
    value->kind = (uint8_t)kind;
    value->taint = (uint16_t)taint;
    return value;
}

const struct value *value_with_taint(struct routing_state *state, const struct value *value, unsigned taint)
{
    if (value->taint == taint)
        return value;
    struct value *copy = ARENA_NEW(state->scratch, struct value);
    *copy = *value;
    copy->taint = (uint16_t)taint;
    return copy;
}

const struct value *value_plain(struct routing_state *state, unsigned taint)
{
    if (taint == 0)
        return &value_clean;
    return taint == TAINT_VALUE ? &value_tensor : new_value(state, VALUE_PLAIN, taint);
}

/* An item that may be put into a tuple or sequence: nesting stays bounded. */
static const struct value *flattened(struct routing_state *state, const struct value *value)
{
    return value->nesting < MAX_NESTING ? value : value_plain(state, value->inside | value->taint);
}

/* What is true of a sequence because of its items is kept in it, so that asking costs nothing. */
static void note_item(struct value *sequence, const struct value *item)
{
    if (sequence->nesting <= item->nesting)
        sequence->nesting = (uint8_t)(item->nesting + 1);
    sequence->inside |= (uint16_t)value_flat_taint(item);
    sequence->holds_module |= value_holds_module(item);
}

const struct value *value_tuple(struct routing_state *state, const struct value *const *items, uint32_t count)
{
    state->steps += count;
    if (count > MAX_TUPLE_ITEMS) {
        const struct value *element = NULL;
        for (uint32_t i = 0; i < count; i++)
            element = traced_join(state, element, items[i], STRENGTH_NONE);
        return value_sequence(state, element, 0);
    }
    const struct value **copies = ARENA_ARRAY(state->scratch, count ? count : 1, const struct value *);
    struct value *value = new_value(state, VALUE_TUPLE, 0);
    for (uint32_t i = 0; i < count; i++) {
        copies[i] = flattened(state, items[i]);
        note_item(value, copies[i]);
    }
    value->items = copies;
    value->count = count;
    return value;
}

const struct value *value_sequence(struct routing_state *state, const struct value *element, unsigned taint)
{
    struct value *value = new_value(state, VALUE_SEQUENCE, taint);
    if (element) {
        value->element = flattened(state, element);
        note_item(value, value->element);
    }
    return value;
}

const struct value *value_module(struct routing_state *state, enum value_kind kind, struct text child,
                                 struct text shown)
{
    struct value *value = new_value(state, kind, 0);
    value->text = child;
    value->shown = shown;
    return value;
}

const struct value *traced_int(struct routing_state *state, int64_t number)
{
    struct value *value = new_value(state, VALUE_INT, 0);
    value->number = number;
    return value;
}

const struct value *traced_string(struct routing_state *state, struct text text)
{
    struct value *value = new_value(state, VALUE_STRING, 0);
    value->text = text;
    return value;
}

const struct value *value_global(struct routing_state *state, struct python_file *file, struct text name,
                                 struct text root, bool dotted)
{
    struct value *value = new_value(state, VALUE_GLOBAL, 0);
    value->file = file;
    value->text = name;
    value->shown = root;
    value->dotted = dotted;
    return value;
}

unsigned taint_move(unsigned taint, unsigned from, unsigned to)
{
    return (taint & from ? to : 0) | (taint & DOUBT(from) ? DOUBT(to) : 0);
}

unsigned taint_as_tensor(unsigned taint)
{
    if (taint & TAINT_UNTYPED)
        taint |= (taint >> 8) & (TAINT_VALUE | TAINT_BOOL);
    return taint & ~(unsigned)TAINT_ORIGIN;
}

enum strength taint_strength(unsigned taint, unsigned mask)
{
    if (taint & mask)
        return STRENGTH_DATA;
    return taint & DOUBT(mask) ? STRENGTH_DOUBT : STRENGTH_NONE;
}

unsigned strength_taint(enum strength strength, unsigned taint)
{
    switch (strength) {
    case STRENGTH_DATA: return taint;
    case STRENGTH_DOUBT: return DOUBT(taint);
    case STRENGTH_NONE:
    case STRENGTH_COUNT: break;
    }
    return 0;
}

unsigned value_flat_taint(const struct value *value)
{
    if (value->kind == VALUE_MODULE || value->kind == VALUE_CONTAINER)
        return 0; /* which module it is matters only where it is called */
    return value->taint | value->inside;
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
    case VALUE_PLAIN: return true;
    case VALUE_INT: return a->number == b->number;
    case VALUE_STRING: return text_equal(a->text, b->text);
    case VALUE_MODULE:
    case VALUE_CONTAINER: return a->opaque == b->opaque && text_equal(a->shown, b->shown);
    case VALUE_GLOBAL:
        return a->file == b->file && a->dotted == b->dotted && text_equal(a->text, b->text) &&
               text_equal(a->shown, b->shown);
    case VALUE_METHOD: return a->method.file == b->method.file && a->method.function == b->method.function;
    default: return false;
    }
}

static bool is_module(const struct value *value)
{
    return value->kind == VALUE_MODULE || value->kind == VALUE_CONTAINER;
}

static bool is_callable(const struct value *value)
{
    return value->kind == VALUE_FUNCTION || value->kind == VALUE_METHOD;
}

/* Two modules, or a module and something else: a module that may be either. */
static const struct value *join_modules(struct routing_state *state, const struct value *a, const struct value *b,
                                        enum strength strength)
{
    const struct value *module = is_module(a) ? a : b;
    struct value *joined = ARENA_NEW(state->scratch, struct value);
    *joined = *module;
    joined->taint = (uint16_t)(a->taint | b->taint | strength_taint(strength, TAINT_CHOICE));
    joined->opaque = (is_module(a) && a->opaque) || (is_module(b) && b->opaque);
    if (a->kind == VALUE_MODULE || b->kind == VALUE_MODULE)
        joined->kind = VALUE_MODULE;
    return joined;
}

static const struct value *element_of(struct routing_state *state, const struct value *sequence)
{
    if (sequence->kind == VALUE_SEQUENCE)
        return sequence->element;
    const struct value *element = NULL;
    state->steps += sequence->count;
    for (uint32_t i = 0; i < sequence->count; i++)
        element = traced_join(state, element, sequence->items[i], STRENGTH_NONE);
    return element;
}

static const struct value *join_sequences(struct routing_state *state, const struct value *a, const struct value *b,
                                          enum strength strength)
{
    unsigned taint = a->taint | b->taint;
    if (a->kind == VALUE_TUPLE && b->kind == VALUE_TUPLE && a->count == b->count) {
        const struct value *items[MAX_TUPLE_ITEMS];
        for (uint32_t i = 0; i < a->count; i++)
            items[i] = traced_join(state, a->items[i], b->items[i], strength);
        return value_with_taint(state, value_tuple(state, items, a->count), taint);
    }
    const struct value *element = traced_join(state, element_of(state, a), element_of(state, b), STRENGTH_NONE);
    return value_sequence(state, element, taint | strength_taint(strength, TAINT_LENGTH));
}

const struct value *traced_join(struct routing_state *state, const struct value *a, const struct value *b,
                                enum strength strength)
{
    if (a == b || !b)
        return a;
    if (!a)
        return b;
    if (same_constant(a, b) && !(a->kind == VALUE_PLAIN && strength != STRENGTH_NONE))
        return a;
    unsigned choice = strength_taint(strength, TAINT_CHOICE);
    if (is_module(a) || is_module(b))
        return join_modules(state, a, b, strength);
    if (value_is_sequence(a) && value_is_sequence(b))
        return join_sequences(state, a, b, strength);
    if ((value_is_sequence(a) && b->kind == VALUE_NONE) || (value_is_sequence(b) && a->kind == VALUE_NONE))
        return value_with_taint(state, value_is_sequence(a) ? a : b, a->taint | b->taint | choice);
    if (is_callable(a) || is_callable(b)) /* what it calls is marked where it is called */
        return value_with_taint(state, is_callable(a) ? a : b, a->taint | b->taint | choice);
    unsigned taint = value_flat_taint(a) | value_flat_taint(b) | strength_taint(strength, TAINT_VALUE);
    /* Two tensors stay a tensor; None or a tensor, one flag or another are a choice. */
    if (a->kind != VALUE_PLAIN || b->kind != VALUE_PLAIN)
        taint |= choice;
    return value_plain(state, taint);
}

const struct value *value_item(struct routing_state *state, const struct value *value)
{
    switch (value->kind) {
    case VALUE_TUPLE:
    case VALUE_SEQUENCE: {
        const struct value *item = element_of(state, value);
        return item ? item : &value_clean;
    }
    case VALUE_SELF:
    case VALUE_MODULE:
    case VALUE_CONTAINER: {
        struct value *module = ARENA_NEW(state->scratch, struct value);
        *module = *value;
        module->kind = VALUE_MODULE;
        /* That the number of items depends on data is the loop's matter, not the item's. */
        module->taint &= (uint16_t)~EITHER(TAINT_LENGTH | TAINT_ITEMS);
        struct text shown = value->kind == VALUE_SELF ? TEXT("self") : value->shown;
        module->shown = shown.length < MAX_SHOWN ? text_format(state->scratch, "%.*s[...]", TEXT_ARGS(shown)) : shown;
        return module;
    }
    case VALUE_PLAIN: {
        unsigned taint = value->taint & (EITHER(TAINT_VALUE | TAINT_BOOL) | TAINT_ORIGIN);
        return value_plain(state, taint | taint_move(value->taint, TAINT_ITEMS, TAINT_LENGTH));
    }
    default: return &value_clean;
    }
}

/* What can be unpacked has a fixed number of items: if a length depends on data, it is that of the items. */
const struct value *value_unpacked(struct routing_state *state, const struct value *value)
{
    const struct value *item = value_item(state, value);
    if (value->kind != VALUE_PLAIN)
        return item;
    unsigned length = taint_move(value->taint, TAINT_LENGTH | TAINT_ITEMS, TAINT_LENGTH);
    return value_plain(state, item->taint | length | (value->taint & EITHER(TAINT_CHOICE)));
}

enum strength value_length_strength(const struct value *value)
{
    return taint_strength(value->taint, TAINT_LENGTH | TAINT_CHOICE);
}

struct condition traced_truth(const struct value *value)
{
    struct condition condition = {.truth = TRUTH_CANNOT_TELL};
    unsigned taint = value->taint;
    switch (value->kind) {
    case VALUE_NONE:
    case VALUE_FALSE: condition.truth = TRUTH_FALSE; break;
    case VALUE_TRUE:
    case VALUE_SELF: condition.truth = TRUTH_TRUE; break;
    case VALUE_INT: condition.truth = value->number != 0 ? TRUTH_TRUE : TRUTH_FALSE; break;
    case VALUE_STRING: condition.truth = value->text.length != 0 ? TRUTH_TRUE : TRUTH_FALSE; break;
    case VALUE_PLAIN:
        /* `if argument:` is a flag: a tensor of several items has no truth. */
        if (taint & TAINT_LOOSE)
            taint = (taint & ~EITHER(TAINT_VALUE)) | (taint & TAINT_VALUE ? DOUBT(TAINT_VALUE) : 0);
        condition.strength = (uint8_t)taint_strength(taint, TAINT_VALUE | TAINT_CHOICE | TAINT_LENGTH);
        break;
    default: condition.strength = (uint8_t)taint_strength(taint, TAINT_CHOICE | TAINT_LENGTH); break;
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
    case VALUE_FUNCTION: return true;
    default: return value->holds_module;
    }
}
