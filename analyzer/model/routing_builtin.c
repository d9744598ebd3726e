/* Python's own functions, and the methods of lists, dicts and strings. */
#include "model/routing_internal.h"

#define ANY_VALUE (TAINT_VALUE | TAINT_CHOICE)

enum builtin {
    BUILTIN_LIST = 1, /* the same items */
    BUILTIN_SET,
    BUILTIN_SORTED,
    BUILTIN_ENUMERATE,
    BUILTIN_ZIP,
    BUILTIN_RANGE,
    BUILTIN_LEN,
    BUILTIN_NUMBER, /* one number made of all arguments */
    BUILTIN_DICT,
    BUILTIN_NEXT,
    BUILTIN_KIND, /* says what an object is, not what it holds */
    BUILTIN_NOTHING
};

struct builtin_name {
    const char *name;
    uint8_t builtin;
};

static const struct builtin_name builtin_names[] = {
    {"len", BUILTIN_LEN},
    {"range", BUILTIN_RANGE},
    {"enumerate", BUILTIN_ENUMERATE},
    {"zip", BUILTIN_ZIP},
    {"list", BUILTIN_LIST},
    {"tuple", BUILTIN_LIST},
    {"iter", BUILTIN_LIST},
    {"reversed", BUILTIN_LIST},
    {"frozenset", BUILTIN_SET},
    {"set", BUILTIN_SET},
    {"sorted", BUILTIN_SORTED},
    {"dict", BUILTIN_DICT},
    {"OrderedDict", BUILTIN_DICT},
    {"int", BUILTIN_NUMBER},
    {"float", BUILTIN_NUMBER},
    {"bool", BUILTIN_NUMBER},
    {"str", BUILTIN_NUMBER},
    {"abs", BUILTIN_NUMBER},
    {"round", BUILTIN_NUMBER},
    {"sum", BUILTIN_NUMBER},
    {"max", BUILTIN_NUMBER},
    {"min", BUILTIN_NUMBER},
    {"any", BUILTIN_NUMBER},
    {"all", BUILTIN_NUMBER},
    {"pow", BUILTIN_NUMBER},
    {"divmod", BUILTIN_NUMBER},
    {"next", BUILTIN_NEXT},
    {"isinstance", BUILTIN_KIND},
    {"issubclass", BUILTIN_KIND},
    {"hasattr", BUILTIN_KIND},
    {"callable", BUILTIN_KIND},
    {"type", BUILTIN_KIND},
    {"id", BUILTIN_KIND},
    {"print", BUILTIN_NOTHING},
    {"slice", BUILTIN_NUMBER},
    {"repr", BUILTIN_NUMBER},
    {"is_torchdynamo_compiling", BUILTIN_NOTHING},
    {"is_torchdynamo_exporting", BUILTIN_NOTHING},
    {"is_tracing", BUILTIN_NOTHING},
};

static unsigned flat_taint(const struct arguments *arguments)
{
    unsigned taint = 0;
    for (uint32_t i = 0; i < arguments->count; i++)
        taint |= traced_flat_taint(arguments->items[i].value);
    return taint;
}

static const struct traced *first_argument(const struct arguments *arguments)
{
    return arguments->count ? arguments->items[0].value : NULL;
}

/* The length of what is iterated, with that of a choice between two lists. */
static unsigned length_taint(const struct traced *value)
{
    return taint_move(value->taint, TAINT_LENGTH | TAINT_CHOICE, TAINT_LENGTH);
}

static const struct traced *items_or_null(struct routing_state *state, const struct traced *value)
{
    bool empty = (value->kind == TRACED_TUPLE && !value->count) || (value->kind == TRACED_SEQUENCE && !value->element);
    return empty ? NULL : traced_item(state, value);
}

static const struct traced *enumerated(struct routing_state *state, const struct traced *value)
{
    const struct traced *item = items_or_null(state, value);
    if (!item)
        return traced_tuple(state, NULL, 0);
    const struct traced *pair[2] = {&value_clean, item};
    return traced_sequence(state, traced_tuple(state, pair, 2), length_taint(value));
}

#define MAX_ZIPPED 16

static const struct traced *zipped(struct routing_state *state, const struct arguments *arguments)
{
    const struct traced *items[MAX_ZIPPED];
    unsigned length = 0;
    if (arguments->count == 1 && arguments->items[0].star) {
        /* zip(*lists): as long as each of them, an item of each at a time */
        const struct traced *lists = arguments->items[0].value;
        const struct traced *list = traced_item(state, lists);
        const struct traced *item = traced_item(state, list);
        length = length_taint(list);
        return traced_sequence(state, traced_sequence(state, item, lists->taint & EITHER(TAINT_LENGTH)), length);
    }
    if (arguments->count > MAX_ZIPPED)
        return traced_plain(state, flat_taint(arguments));
    for (uint32_t i = 0; i < arguments->count; i++) {
        const struct traced *list = arguments->items[i].value;
        items[i] = traced_item(state, list);
        if (arguments->items[i].star)
            items[i] = traced_item(state, items[i]);
        length |= length_taint(list);
    }
    return traced_sequence(state, traced_tuple(state, items, arguments->count), length);
}

static const struct traced *as_list(struct routing_state *state, const struct traced *value)
{
    switch ((enum traced_kind)value->kind) {
    case TRACED_TUPLE:
    case TRACED_SEQUENCE:
    case TRACED_CONTAINER:
    case TRACED_PLAIN: return value;
    case TRACED_SELF:
    case TRACED_MODULE: return traced_sequence(state, traced_item(state, value), 0);
    default: return &value_clean;
    }
}

const struct traced *routing_builtin(struct routing_state *state, struct text name, const struct arguments *arguments)
{
    uint8_t found = 0;
    for (size_t i = 0; i < sizeof builtin_names / sizeof *builtin_names && !found; i++)
        if (text_equal(name, text_from(builtin_names[i].name)))
            found = builtin_names[i].builtin;
    if (!found)
        return NULL;
    const struct traced *first = first_argument(arguments);
    unsigned all = flat_taint(arguments);
    switch ((enum builtin)found) {
    case BUILTIN_LIST: return first ? as_list(state, first) : traced_tuple(state, NULL, 0);
    case BUILTIN_SET: /* equal items fall together */
        if (!first)
            return traced_sequence(state, NULL, 0);
        return traced_sequence(state, items_or_null(state, first),
                              length_taint(first) | taint_move(all, TAINT_VALUE, TAINT_LENGTH));
    case BUILTIN_SORTED: {
        const struct traced *item = first ? items_or_null(state, first) : NULL;
        unsigned order = taint_move(all, ANY_VALUE, TAINT_CHOICE);
        if (item && order && traced_holds_module(item))
            item = traced_with_taint(state, item, item->taint | order);
        return traced_sequence(state, item, first ? length_taint(first) : 0);
    }
    case BUILTIN_ENUMERATE: return first ? enumerated(state, first) : &value_clean;
    case BUILTIN_ZIP: return zipped(state, arguments);
    case BUILTIN_RANGE: {
        const struct traced *number = traced_plain(state, arguments->count > 1 && first ? traced_flat_taint(first) : 0);
        return traced_sequence(state, number, taint_move(all, ANY_VALUE, TAINT_LENGTH));
    }
    case BUILTIN_LEN: return traced_plain(state, first ? taint_move(length_taint(first), TAINT_LENGTH, TAINT_VALUE) : 0);
    case BUILTIN_NUMBER: {
        /* any([...]), sum([...]): more or fewer items make another number */
        unsigned value = taint_move(all, ANY_VALUE, TAINT_VALUE) | (all & TAINT_ORIGIN);
        if (first && (traced_is_sequence(first)))
            value |= taint_move(first->taint, TAINT_LENGTH, TAINT_VALUE);
        return traced_plain(state, value);
    }
    case BUILTIN_DICT: {
        const struct traced *element = NULL;
        for (uint32_t i = 0; i < arguments->count; i++) {
            const struct argument *item = &arguments->items[i];
            element = traced_join(state, element, item->name.length ? item->value : traced_item(state, item->value),
                                  STRENGTH_NONE);
        }
        return traced_sequence(state, element, 0);
    }
    case BUILTIN_NEXT: return first ? traced_item(state, first) : &value_clean;
    case BUILTIN_KIND: return traced_plain(state, first ? taint_move(first->taint, TAINT_CHOICE, TAINT_VALUE) : 0);
    case BUILTIN_NOTHING: break;
    }
    return &value_clean;
}

/* ---- methods of lists and dicts ---- */

enum list_method { LIST_ADD = 1, LIST_EXTEND, LIST_REMOVE, LIST_GET, LIST_ITEMS, LIST_KEYS, LIST_VALUES, LIST_FIND };

static const struct builtin_name list_methods[] = {
    {"append", LIST_ADD},     {"add", LIST_ADD},        {"insert", LIST_ADD},      {"appendleft", LIST_ADD},
    {"setdefault", LIST_ADD}, {"extend", LIST_EXTEND},  {"update", LIST_EXTEND},   {"pop", LIST_REMOVE},
    {"popleft", LIST_REMOVE}, {"popitem", LIST_REMOVE}, {"remove", LIST_REMOVE},   {"clear", LIST_REMOVE},
    {"discard", LIST_REMOVE}, {"get", LIST_GET},        {"items", LIST_ITEMS},     {"keys", LIST_KEYS},
    {"values", LIST_VALUES},  {"copy", LIST_VALUES},    {"children", LIST_VALUES}, {"index", LIST_FIND},
    {"count", LIST_FIND},
};

static uint8_t list_method(struct text name)
{
    for (size_t i = 0; i < sizeof list_methods / sizeof *list_methods; i++)
        if (text_equal(name, text_from(list_methods[i].name)))
            return list_methods[i].builtin;
    return 0;
}

static const struct traced *pairs(struct routing_state *state, const struct traced *item, unsigned length)
{
    const struct traced *pair[2] = {&value_clean, item};
    return traced_sequence(state, traced_tuple(state, pair, 2), length);
}

/* A ModuleList, a ModuleDict, or self where it is one. */
const struct traced *routing_container_method(struct routing_state *state, const struct traced *container,
                                             struct text name, const struct arguments *arguments)
{
    unsigned length = container->kind == TRACED_SELF ? 0 : container->taint & EITHER(TAINT_LENGTH);
    switch ((enum list_method)list_method(name)) {
    case LIST_ITEMS: return pairs(state, traced_item(state, container), length);
    case LIST_VALUES: return traced_sequence(state, traced_item(state, container), length);
    case LIST_KEYS: return traced_sequence(state, &value_clean, length);
    case LIST_GET:
    case LIST_REMOVE:
        if (arguments->count)
            return traced_picked(state, traced_item(state, container), arguments->items[0].value, 0);
        return traced_item(state, container);
    default: return NULL;
    }
}

/* A list or dict that Python code made; *changed is what the object is afterwards, when it changes. */
const struct traced *routing_list_method(struct routing_state *state, const struct traced *list, struct text name,
                                        const struct arguments *arguments, const struct traced **changed)
{
    const struct traced *item = items_or_null(state, list);
    const struct traced *added = arguments->count ? arguments->items[arguments->count - 1].value : NULL;
    unsigned length = list->taint & EITHER(TAINT_LENGTH);
    unsigned control = strength_taint(routing_control(state), TAINT_LENGTH);
    *changed = NULL;
    switch ((enum list_method)list_method(name)) {
    case LIST_ADD:
        *changed = traced_sequence(state, traced_join(state, item, added, STRENGTH_NONE), list->taint | control);
        return &value_none;
    case LIST_EXTEND:
        if (added && (traced_is_sequence(added) || added->kind == TRACED_PLAIN || added->kind == TRACED_CONTAINER))
            *changed = traced_sequence(state, traced_join(state, item, items_or_null(state, added), STRENGTH_NONE),
                                      list->taint | control | length_taint(added));
        return &value_none;
    case LIST_REMOVE:
        if (control)
            *changed = traced_sequence(state, item, list->taint | control);
        return item ? item : &value_clean;
    case LIST_GET: {
        const struct traced *fallback = arguments->count > 1 ? added : &value_none;
        return traced_join(state, item, fallback, STRENGTH_NONE);
    }
    case LIST_ITEMS: return pairs(state, item ? item : &value_clean, length);
    case LIST_KEYS: return traced_sequence(state, &value_clean, length);
    case LIST_VALUES: return list;
    case LIST_FIND:
        return traced_plain(state, taint_move(traced_flat_taint(list) | flat_taint(arguments), ANY_VALUE, TAINT_VALUE));
    default: return NULL;
    }
}
