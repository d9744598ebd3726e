#include "model/routing_internal.h"

const struct traced value_clean = {.kind = TRACED_PLAIN};
const struct traced value_tensor = {.kind = TRACED_PLAIN, .taint = TAINT_VALUE};
const struct traced value_none = {.kind = TRACED_NONE};
const struct traced value_true = {.kind = TRACED_TRUE};
const struct traced value_false = {.kind = TRACED_FALSE};
const struct traced value_self = {.kind = TRACED_SELF};

/* Tuples that a loop builds (`x = (x, y)`) would grow for ever, and joining them costs items to the power of nesting. */
#define MAX_TUPLE_ITEMS 24
#define MAX_NESTING 4

static struct traced *new_value(struct routing_state *state, enum traced_kind kind, unsigned taint)
{
    struct traced *value = ARENA_NEW(state->scratch, struct traced);
    value->kind = (uint8_t)kind;
    value->taint = (uint16_t)taint;
    return value;
}

const struct traced *traced_with_taint(struct routing_state *state, const struct traced *value, unsigned taint)
{
    if (value->taint == taint)
        return value;
    struct traced *copy = ARENA_NEW(state->scratch, struct traced);
    *copy = *value;
    copy->taint = (uint16_t)taint;
    return copy;
}

const struct traced *traced_plain(struct routing_state *state, unsigned taint)
{
    if (taint == 0)
        return &value_clean;
    return taint == TAINT_VALUE ? &value_tensor : new_value(state, TRACED_PLAIN, taint);
}

/* An item that may be put into a tuple or sequence: nesting stays bounded. */
static const struct traced *flattened(struct routing_state *state, const struct traced *value)
{
    return value->nesting < MAX_NESTING ? value : traced_plain(state, value->inside | value->taint);
}

/* What is true of a sequence because of its items is kept in it, so that asking costs nothing. */
static void note_item(struct traced *sequence, const struct traced *item)
{
    if (sequence->nesting <= item->nesting)
        sequence->nesting = (uint8_t)(item->nesting + 1);
    sequence->inside |= (uint16_t)traced_flat_taint(item);
    sequence->holds_module |= traced_holds_module(item);
}

const struct traced *traced_tuple(struct routing_state *state, const struct traced *const *items, uint32_t count)
{
    state->steps += count;
    if (count > MAX_TUPLE_ITEMS) {
        const struct traced *element = NULL;
        for (uint32_t i = 0; i < count; i++)
            element = traced_join(state, element, items[i], STRENGTH_NONE);
        return traced_sequence(state, element, 0);
    }
    const struct traced **copies = ARENA_ARRAY(state->scratch, count ? count : 1, const struct traced *);
    struct traced *value = new_value(state, TRACED_TUPLE, 0);
    for (uint32_t i = 0; i < count; i++) {
        copies[i] = flattened(state, items[i]);
        note_item(value, copies[i]);
    }
    value->items = copies;
    value->count = count;
    return value;
}

const struct traced *traced_sequence(struct routing_state *state, const struct traced *element, unsigned taint)
{
    struct traced *value = new_value(state, TRACED_SEQUENCE, taint);
    if (element) {
        value->element = flattened(state, element);
        note_item(value, value->element);
    }
    return value;
}

const struct traced *traced_module(struct routing_state *state, enum traced_kind kind, struct text child,
                                 struct text shown)
{
    struct traced *value = new_value(state, kind, 0);
    value->text = child;
    value->shown = shown;
    return value;
}

const struct traced *traced_int(struct routing_state *state, int64_t number)
{
    struct traced *value = new_value(state, TRACED_INT, 0);
    value->number = number;
    return value;
}

const struct traced *traced_string(struct routing_state *state, struct text text)
{
    struct traced *value = new_value(state, TRACED_STRING, 0);
    value->text = text;
    return value;
}

const struct traced *traced_global(struct routing_state *state, struct python_file *file, struct text name,
                                 struct text root, bool dotted)
{
    struct traced *value = new_value(state, TRACED_GLOBAL, 0);
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

unsigned traced_flat_taint(const struct traced *value)
{
    if (value->kind == TRACED_MODULE || value->kind == TRACED_CONTAINER)
        return 0; /* which module it is matters only where it is called */
    return value->taint | value->inside;
}

static bool same_constant(const struct traced *a, const struct traced *b)
{
    if (a->kind != b->kind || a->taint != b->taint)
        return false;
    switch (a->kind) {
    case TRACED_NONE:
    case TRACED_TRUE:
    case TRACED_FALSE:
    case TRACED_SELF:
    case TRACED_SUPER:
    case TRACED_PLAIN: return true;
    case TRACED_INT: return a->number == b->number;
    case TRACED_STRING: return text_equal(a->text, b->text);
    case TRACED_MODULE:
    case TRACED_CONTAINER: return a->opaque == b->opaque && text_equal(a->shown, b->shown);
    case TRACED_GLOBAL:
        return a->file == b->file && a->dotted == b->dotted && text_equal(a->text, b->text) &&
               text_equal(a->shown, b->shown);
    case TRACED_METHOD: return a->method.file == b->method.file && a->method.function == b->method.function;
    default: return false;
    }
}

static bool is_module(const struct traced *value)
{
    return value->kind == TRACED_MODULE || value->kind == TRACED_CONTAINER;
}

static bool is_callable(const struct traced *value)
{
    return value->kind == TRACED_FUNCTION || value->kind == TRACED_METHOD;
}

/* Two modules, or a module and something else: a module that may be either. */
static const struct traced *join_modules(struct routing_state *state, const struct traced *a, const struct traced *b,
                                        enum strength strength)
{
    const struct traced *module = is_module(a) ? a : b;
    struct traced *joined = ARENA_NEW(state->scratch, struct traced);
    *joined = *module;
    joined->taint = (uint16_t)(a->taint | b->taint | strength_taint(strength, TAINT_CHOICE));
    joined->opaque = (is_module(a) && a->opaque) || (is_module(b) && b->opaque);
    if (a->kind == TRACED_MODULE || b->kind == TRACED_MODULE)
        joined->kind = TRACED_MODULE;
    return joined;
}

static const struct traced *element_of(struct routing_state *state, const struct traced *sequence)
{
    if (sequence->kind == TRACED_SEQUENCE)
        return sequence->element;
    const struct traced *element = NULL;
    state->steps += sequence->count;
    for (uint32_t i = 0; i < sequence->count; i++)
        element = traced_join(state, element, sequence->items[i], STRENGTH_NONE);
    return element;
}

static const struct traced *join_sequences(struct routing_state *state, const struct traced *a, const struct traced *b,
                                          enum strength strength)
{
    unsigned taint = a->taint | b->taint;
    if (a->kind == TRACED_TUPLE && b->kind == TRACED_TUPLE && a->count == b->count) {
        const struct traced *items[MAX_TUPLE_ITEMS];
        for (uint32_t i = 0; i < a->count; i++)
            items[i] = traced_join(state, a->items[i], b->items[i], strength);
        return traced_with_taint(state, traced_tuple(state, items, a->count), taint);
    }
    const struct traced *element = traced_join(state, element_of(state, a), element_of(state, b), STRENGTH_NONE);
    return traced_sequence(state, element, taint | strength_taint(strength, TAINT_LENGTH));
}

const struct traced *traced_join(struct routing_state *state, const struct traced *a, const struct traced *b,
                                enum strength strength)
{
    if (a == b || !b)
        return a;
    if (!a)
        return b;
    if (same_constant(a, b) && !(a->kind == TRACED_PLAIN && strength != STRENGTH_NONE))
        return a;
    unsigned choice = strength_taint(strength, TAINT_CHOICE);
    if (is_module(a) || is_module(b))
        return join_modules(state, a, b, strength);
    if (traced_is_sequence(a) && traced_is_sequence(b))
        return join_sequences(state, a, b, strength);
    if ((traced_is_sequence(a) && b->kind == TRACED_NONE) || (traced_is_sequence(b) && a->kind == TRACED_NONE))
        return traced_with_taint(state, traced_is_sequence(a) ? a : b, a->taint | b->taint | choice);
    if (is_callable(a) || is_callable(b)) /* what it calls is marked where it is called */
        return traced_with_taint(state, is_callable(a) ? a : b, a->taint | b->taint | choice);
    unsigned taint = traced_flat_taint(a) | traced_flat_taint(b) | strength_taint(strength, TAINT_VALUE);
    /* Two tensors stay a tensor; None or a tensor, one flag or another are a choice. */
    if (a->kind != TRACED_PLAIN || b->kind != TRACED_PLAIN)
        taint |= choice;
    return traced_plain(state, taint);
}

const struct traced *traced_item(struct routing_state *state, const struct traced *value)
{
    switch (value->kind) {
    case TRACED_TUPLE:
    case TRACED_SEQUENCE: {
        const struct traced *item = element_of(state, value);
        return item ? item : &value_clean;
    }
    case TRACED_SELF:
    case TRACED_MODULE:
    case TRACED_CONTAINER: {
        struct traced *module = ARENA_NEW(state->scratch, struct traced);
        *module = *value;
        module->kind = TRACED_MODULE;
        /* That the number of items depends on data is the loop's matter, not the item's. */
        module->taint &= (uint16_t)~EITHER(TAINT_LENGTH | TAINT_ITEMS);
        struct text shown = value->kind == TRACED_SELF ? TEXT("self") : value->shown;
        module->shown = shown.length < MAX_SHOWN ? text_format(state->scratch, "%.*s[...]", TEXT_ARGS(shown)) : shown;
        return module;
    }
    case TRACED_PLAIN: {
        unsigned taint = value->taint & (EITHER(TAINT_VALUE | TAINT_BOOL) | TAINT_ORIGIN);
        return traced_plain(state, taint | taint_move(value->taint, TAINT_ITEMS, TAINT_LENGTH));
    }
    default: return &value_clean;
    }
}

/* What can be unpacked has a fixed number of items: if a length depends on data, it is that of the items. */
const struct traced *traced_unpacked(struct routing_state *state, const struct traced *value)
{
    const struct traced *item = traced_item(state, value);
    if (value->kind != TRACED_PLAIN)
        return item;
    unsigned length = taint_move(value->taint, TAINT_LENGTH | TAINT_ITEMS, TAINT_LENGTH);
    return traced_plain(state, item->taint | length | (value->taint & EITHER(TAINT_CHOICE)));
}

enum strength traced_length_strength(const struct traced *value)
{
    return taint_strength(value->taint, TAINT_LENGTH | TAINT_CHOICE);
}

struct condition traced_truth(const struct traced *value)
{
    struct condition condition = {.truth = TRUTH_CANNOT_TELL};
    unsigned taint = value->taint;
    switch (value->kind) {
    case TRACED_NONE:
    case TRACED_FALSE: condition.truth = TRUTH_FALSE; break;
    case TRACED_TRUE:
    case TRACED_SELF: condition.truth = TRUTH_TRUE; break;
    case TRACED_INT: condition.truth = value->number != 0 ? TRUTH_TRUE : TRUTH_FALSE; break;
    case TRACED_STRING: condition.truth = value->text.length != 0 ? TRUTH_TRUE : TRUTH_FALSE; break;
    case TRACED_PLAIN:
        /* `if argument:` is a flag: a tensor of several items has no truth. */
        if (taint & TAINT_LOOSE)
            taint = (taint & ~EITHER(TAINT_VALUE)) | (taint & TAINT_VALUE ? DOUBT(TAINT_VALUE) : 0);
        condition.strength = (uint8_t)taint_strength(taint, TAINT_VALUE | TAINT_CHOICE | TAINT_LENGTH);
        break;
    default: condition.strength = (uint8_t)taint_strength(taint, TAINT_CHOICE | TAINT_LENGTH); break;
    }
    return condition;
}

bool traced_holds_module(const struct traced *value)
{
    switch (value->kind) {
    case TRACED_SELF:
    case TRACED_MODULE:
    case TRACED_CONTAINER:
    case TRACED_METHOD:
    case TRACED_FUNCTION: return true;
    default: return value->holds_module;
    }
}
