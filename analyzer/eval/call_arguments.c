/* The arguments of a call, with `*` and `**` spliced in. */
#include <string.h>

#include "eval/eval.h"
#include "eval/expression.h"
#include "eval/transaction.h"
#include "eval/types.h"

static bool more_room(struct eval *ev, struct argument_buffer *buffer)
{
    if (buffer->count > LIMIT_LIST_ITEMS) {
        eval_stop(ev, "a call with too many arguments");
        return false;
    }
    struct value *items = ARENA_ARRAY(&ev->scratch, (size_t)buffer->capacity * 2, struct value);
    memcpy(items, buffer->items, buffer->count * sizeof *items);
    buffer->items = items;
    buffer->capacity *= 2;
    return true;
}

static inline bool add_item(struct eval *ev, struct argument_buffer *buffer, struct value value)
{
    if (buffer->count == buffer->capacity && !more_room(ev, buffer))
        return false;
    buffer->items[buffer->count++] = value;
    return true;
}

static bool add_named(struct eval *ev, struct argument_buffer *buffer, struct str *name, struct value value)
{
    for (uint32_t i = 0; i < buffer->named_count; i++) {
        if (buffer->names[i] == name) {
            eval_raise(ev, ev->types->type_error, "got multiple values for keyword argument '%s'", name->bytes);
            return false;
        }
    }
    if (buffer->named_count == buffer->named_capacity) {
        if (buffer->named_count > 100000) {
            eval_stop(ev, "a call with too many arguments");
            return false;
        }
        uint32_t capacity = buffer->named_capacity * 2;
        struct str **names = ARENA_ARRAY(&ev->scratch, capacity, struct str *);
        struct value *named = ARENA_ARRAY(&ev->scratch, capacity, struct value);
        memcpy(names, buffer->names, buffer->named_count * sizeof *names);
        memcpy(named, buffer->named, buffer->named_count * sizeof *named);
        buffer->names = names;
        buffer->named = named;
        buffer->named_capacity = capacity;
    }
    buffer->names[buffer->named_count] = name;
    buffer->named[buffer->named_count++] = value;
    return true;
}

bool eval_arguments(struct eval *ev, struct frame *frame, uint32_t node_list, struct argument_buffer *buffer)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, node_list);
    for (uint32_t i = 0; i < count; i++) {
        const struct ast *ast = &frame->unit->file->ast;
        uint32_t number = ast_list_item(ast, node_list, i);
        struct ast_node node = ast->nodes[number];
        if (node.kind == AST_KEYWORD) {
            struct value value = eval_expression(ev, frame, node.b);
            if (is_raised(value) || !add_named(ev, buffer, unit_symbol(ev, frame->unit, node.a), value))
                return false;
        } else if (node.kind == AST_STARRED) {
            struct value outcome = eval_expression(ev, frame, node.a);
            if (is_raised(outcome))
                return false;
            struct list *list = is_unknown(outcome) ? NULL : iterate(ev, outcome, &outcome);
            if (!list) {
                if (is_raised(outcome))
                    return false;
                buffer->open = outcome.reason;
                continue;
            }
            for (uint32_t k = 0; k < list->count; k++)
                if (!add_item(ev, buffer, list->items[k]))
                    return false;
        } else if (node.kind == AST_DOUBLE_STAR) {
            struct value value = eval_expression(ev, frame, node.a);
            if (is_raised(value))
                return false;
            struct dict *dict = value_dict(value);
            if (is_unknown(value) || (dict && dict->open)) {
                buffer->open = dict ? dict->open : value.reason;
                if (!dict)
                    continue;
            }
            if (!dict) {
                /* Any mapping: keys() and []. */
                struct value keys = call_method(ev, value, "keys", NULL, 0);
                struct list *list = is_raised(keys) || is_unknown(keys) ? NULL : iterate(ev, keys, &keys);
                if (!list) {
                    if (is_raised(keys))
                        return false;
                    buffer->open = keys.reason;
                    continue;
                }
                for (uint32_t k = 0; k < list->count; k++) {
                    struct value item = get_item(ev, value, list->items[k]);
                    struct str *name = value_string(list->items[k]);
                    if (is_raised(item) || !name || !add_named(ev, buffer, name, item))
                        return false;
                }
                continue;
            }
            struct dict_entry *entry;
            for (uint32_t k = 0; (entry = dict_next(dict, &k));) {
                struct str *name = value_string(entry->key);
                if (!name) {
                    eval_raise(ev, ev->types->type_error, "keywords must be strings");
                    return false;
                }
                if (!add_named(ev, buffer, name, entry->value))
                    return false;
            }
        } else {
            struct value value = eval_expression(ev, frame, number);
            if (is_raised(value) || !add_item(ev, buffer, value))
                return false;
        }
    }
    return true;
}
