#include "eval/repeat.h"

#include <stdlib.h>

#include "base/address_map.h"
#include "eval/transaction.h"
#include "eval/values.h"

#define COPY_DEPTH 60 /* objects inside objects */

/* Expressions in which no function is made and nothing is bound, and which do not read the slot. */
static bool reads_no(const struct ast *ast, uint32_t number, uint32_t slot);

static bool list_reads_no(const struct ast *ast, uint32_t list, uint32_t slot)
{
    for (uint32_t i = 0; i < ast_list_count(ast, list); i++)
        if (!reads_no(ast, ast_list_item(ast, list, i), slot))
            return false;
    return true;
}

static bool reads_no(const struct ast *ast, uint32_t number, uint32_t slot)
{
    struct ast_node node = ast->nodes[number];
    switch (node.kind) {
    case AST_NAME:
    case AST_INT:
    case AST_FLOAT:
    case AST_STRING:
    case AST_TRUE:
    case AST_FALSE:
    case AST_NONE:
        return true;
    case AST_LOCAL:
        return node.b != slot;
    case AST_ATTRIBUTE:
    case AST_UNARY:
    case AST_STARRED:
    case AST_DOUBLE_STAR:
        return reads_no(ast, node.a, slot);
    case AST_KEYWORD:
        return reads_no(ast, node.b, slot);
    case AST_SUBSCRIPT:
    case AST_BINARY:
        return reads_no(ast, node.a, slot) && reads_no(ast, node.b, slot);
    case AST_CALL:
        return reads_no(ast, node.a, slot) && list_reads_no(ast, node.b, slot);
    case AST_TUPLE:
        return list_reads_no(ast, node.a, slot);
    }
    return false;
}

bool repeat_may_be(const struct eval *ev, const struct frame *frame, uint32_t element, uint32_t target)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct ast_node variable = ast->nodes[target];
    return !ev->importing && !ev->evidence && ast->nodes[element].kind == AST_CALL && variable.kind == AST_LOCAL &&
           reads_no(ast, element, variable.b);
}

/* Copying. */

struct copying {
    struct eval *ev;
    uint32_t since; /* cells of this epoch and later are new */
    struct address_map numbers;
    void **copies; /* by number */
    size_t count, capacity;
};

static bool is_new(const struct copying *copying, const struct cell *cell)
{
    return cell->epoch >= copying->since;
}

static void *known_copy(const struct copying *copying, const void *original)
{
    uint32_t number;
    return address_map_find(&copying->numbers, original, &number) ? copying->copies[number] : NULL;
}

/* False: a bound was reached. */
static bool note_copy(struct copying *copying, const void *original, void *copy)
{
    address_map_add(&copying->numbers, original, (uint32_t)copying->count);
    copying->copies = array_grow(copying->copies, copying->count, &copying->capacity, sizeof *copying->copies);
    copying->copies[copying->count++] = copy;
    return work(copying->ev, 1);
}

/* All of these put the copy in the place of the original; false: it cannot be copied. */
static bool copy_value(struct copying *copying, struct value *value, uint32_t depth);

static bool copy_list(struct copying *copying, struct list **place, uint32_t depth)
{
    struct list *list = *place, *copy = known_copy(copying, list);
    if (!is_new(copying, &list->cell))
        return true;
    if (!copy) {
        if (list->open)
            return false;
        copy = list_new(copying->ev, list->count);
        if (!note_copy(copying, list, copy))
            return false;
        for (uint32_t i = 0; i < list->count; i++) {
            struct value item = list->items[i];
            if (!copy_value(copying, &item, depth) || !work(copying->ev, 1) || !list_append(copying->ev, copy, item))
                return false;
        }
    }
    *place = copy;
    return true;
}

static bool is_plain_key(struct value key)
{
    return key.kind >= VALUE_NONE && key.kind <= VALUE_STR;
}

static bool copy_dict(struct copying *copying, struct dict **place, uint32_t depth)
{
    struct dict *dict = *place, *copy = dict ? known_copy(copying, dict) : NULL;
    if (!dict || !is_new(copying, &dict->cell))
        return true;
    if (!copy) {
        if (dict->open || dict->of_class || dict->of_module)
            return false;
        copy = dict_new(copying->ev);
        copy->frozen = dict->frozen;
        if (!note_copy(copying, dict, copy))
            return false;
        struct dict_entry *entry;
        for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
            struct value value = entry->value;
            if (!is_plain_key(entry->key) || !copy_value(copying, &value, depth) || !work(copying->ev, 1) ||
                !dict_set(copying->ev, copy, entry->key, value))
                return false;
        }
    }
    *place = copy;
    return true;
}

static bool copy_tables(struct copying *copying, struct module_tables **place, uint32_t depth)
{
    struct module_tables *tables = *place, *copy = tables ? known_copy(copying, tables) : NULL;
    if (!tables || !is_new(copying, &tables->made))
        return true;
    if (!copy) {
        copy = module_tables_new(copying->ev);
        copy->parameters = tables->parameters;
        copy->buffers = tables->buffers;
        copy->modules = tables->modules;
        if (!note_copy(copying, tables, copy) || !copy_dict(copying, &copy->parameters, depth) ||
            !copy_dict(copying, &copy->buffers, depth) || !copy_dict(copying, &copy->modules, depth))
            return false;
    }
    *place = copy;
    return true;
}

static bool copy_instance(struct copying *copying, struct instance **place, uint32_t depth)
{
    struct instance *instance = *place, *copy = known_copy(copying, instance);
    if (!is_new(copying, &instance->cell))
        return true;
    if (!copy) {
        if (instance->open || is_new(copying, &instance->class_->attributes->cell))
            return false;
        copy = ARENA_NEW(eval_heap(copying->ev), struct instance);
        *copy = *instance;
        cell_init(copying->ev, &copy->cell, CELL_INSTANCE);
        if (!note_copy(copying, instance, copy) || !copy_dict(copying, &copy->attributes, depth) ||
            !copy_value(copying, &copy->payload, depth) || !copy_tables(copying, &copy->tables, depth))
            return false;
    }
    *place = copy;
    return true;
}

static bool copy_tensor(struct copying *copying, struct tensor **place, uint32_t depth)
{
    struct tensor *tensor = *place, *copy = known_copy(copying, tensor);
    if (!is_new(copying, &tensor->cell))
        return true;
    if (!copy) {
        if (!tensor->shape_known || tensor->numbers || tensor->errors || tensor->attributes ||
            is_new(copying, &tensor->class_->attributes->cell))
            return false;
        copy = ARENA_NEW(eval_heap(copying->ev), struct tensor);
        *copy = *tensor;
        cell_init(copying->ev, &copy->cell, CELL_TENSOR);
        if (!note_copy(copying, tensor, copy) || !copy_value(copying, &copy->dtype, depth) ||
            (copy->base && !copy_tensor(copying, &copy->base, depth)))
            return false;
    }
    *place = copy;
    return true;
}

static bool copy_value(struct copying *copying, struct value *value, uint32_t depth)
{
    if (depth > COPY_DEPTH)
        return false;
    switch (value->kind) {
    case VALUE_UNBOUND:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STR:
    case VALUE_RANGE:
    case VALUE_NATIVE:
    case VALUE_NAMESPACE:
        return true;
    case VALUE_TUPLE:
    case VALUE_LIST:
        return copy_list(copying, &value->list, depth + 1);
    case VALUE_DICT:
    case VALUE_SET:
        return copy_dict(copying, &value->dict, depth + 1);
    case VALUE_INSTANCE:
        return copy_instance(copying, &value->instance, depth + 1);
    case VALUE_TENSOR:
        return copy_tensor(copying, &value->tensor, depth + 1);
    case VALUE_CLASS:
        return !is_new(copying, &value->class_->attributes->cell);
    case VALUE_FUNCTION: /* one without a closure is made once, when its module or class is */
        return !value->function->closure;
    }
    return false;
}

/* False: it cannot be copied, or a bound was reached. */
static bool append_copy(struct eval *ev, struct list *list, struct value value, uint32_t since)
{
    struct copying copying = {.ev = ev, .since = since};
    bool fine = copy_value(&copying, &value, 0) && list_append(ev, list, value);
    address_map_free(&copying.numbers);
    free(copying.copies);
    return fine;
}

uint32_t repeat_element(struct eval *ev, struct frame *frame, uint32_t element, struct list *list, uint32_t count)
{
    uint32_t guesses = ev->guesses, weakened = ev->weakened, aliases = ev->aliases_added, done = 1;
    uint32_t attributes = ev->attribute_version, names = ev->names_version;
    struct transaction transaction;
    transaction_begin(ev, &transaction);
    struct value value = eval_expression(ev, frame, element);
    /* Whatever is tried both ways begins a transaction; what is bound in a module or class changes its version. */
    bool alike = value.kind == VALUE_INSTANCE && !transaction.saved_count && ev->epoch == transaction.epoch &&
                 ev->guesses == guesses && ev->weakened == weakened && ev->aliases_added == aliases &&
                 ev->attribute_version == attributes && ev->names_version == names;
    transaction_keep(ev, &transaction);
    if (is_raised(value) || !list_append(ev, list, value))
        return 0;
    while (alike && done < count && append_copy(ev, list, value, transaction.epoch))
        done++;
    return ev->stopped ? 0 : done;
}
