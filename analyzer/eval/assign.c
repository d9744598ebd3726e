/* Assignment and deletion targets. */
#include <string.h>

#include "eval/eval.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"

bool is_declared_global(const struct frame *frame, uint32_t string)
{
    const struct ast *ast = &frame->unit->file->ast;
    for (const struct declared *declared = frame->declared; declared; declared = declared->next)
        for (uint32_t i = 0; i < ast_list_count(ast, declared->list); i++)
            if (ast_list_item(ast, declared->list, i) == string)
                return true;
    return false;
}

/* The slot of a nonlocal name; NULL when it is global. */
static struct value *nonlocal_slot(struct eval *ev, struct frame *frame, uint32_t string)
{
    if (frame->frame_kind != FRAME_FUNCTION || is_declared_global(frame, string))
        return NULL;
    for (struct frame *scope = frame->parent; scope; scope = scope->parent) {
        const uint32_t *locals = scope->unit->file->ast.locals + scope->first_local;
        for (uint32_t i = scope->slot_count; scope->frame_kind == FRAME_FUNCTION && i-- > 0;) {
            if (locals[i] != string)
                continue;
            cell_touch(ev, &scope->cell);
            return &scope->slots[i];
        }
    }
    return NULL;
}

/* A name that is not a slot of its scope: in a function only global and nonlocal names come here. */
bool assign_name(struct eval *ev, struct frame *frame, uint32_t string, struct value value)
{
    struct str *name = unit_symbol(ev, frame->unit, string);
    if (frame->frame_kind == FRAME_CLASS)
        return dict_set_str(ev, frame->names, name, value);
    struct value *slot = nonlocal_slot(ev, frame, string);
    if (slot) {
        *slot = value;
        return true;
    }
    /* What the module itself binds it to comes first. */
    if (frame->frame_kind == FRAME_FUNCTION && is_raised(namespace_get(ev, frame->globals, name)))
        return false;
    return dict_set_str(ev, frame->globals->names, name, value);
}

static bool assign_unpacked(struct eval *ev, struct frame *frame, uint32_t targets, struct value value)
{
    uint32_t count = ast_list_count(&frame->unit->file->ast, targets);
    struct value outcome = value;
    struct list *items = is_unknown(value) ? NULL : iterate(ev, value, &outcome);
    if (!items && is_raised(outcome))
        return false;
    uint32_t star = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++)
        if (frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, targets, i)].kind == AST_STARRED)
            star = i;
    if (items && star == UINT32_MAX && items->count != count) {
        eval_raise(ev, ev->types->value_error,
                   items->count > count ? "too many values to unpack (expected %u)" : "not enough values to unpack (expected %u, got %u)",
                   count, items->count);
        return false;
    }
    if (items && star != UINT32_MAX && items->count + 1 < count) {
        eval_raise(ev, ev->types->value_error, "not enough values to unpack (expected at least %u, got %u)", count - 1, items->count);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t target = ast_list_item(&frame->unit->file->ast, targets, i);
        struct value item = outcome;
        if (items && i == star) {
            struct list *rest = list_new(ev, 0);
            for (uint32_t k = i; k < items->count - (count - 1 - i); k++)
                list_append(ev, rest, items->items[k]);
            item = value_of(VALUE_LIST, rest);
            target = frame->unit->file->ast.nodes[target].a;
        } else if (items) {
            item = items->items[i < star || star == UINT32_MAX ? i : items->count - (count - i)];
        } else if (i == star) {
            target = frame->unit->file->ast.nodes[target].a;
        }
        if (!assign_target(ev, frame, target, item))
            return false;
    }
    return true;
}

bool assign_target(struct eval *ev, struct frame *frame, uint32_t target, struct value value)
{
    struct ast_node node = frame->unit->file->ast.nodes[target];
    switch (node.kind) {
    case AST_LOCAL:
        cell_touch(ev, &frame->cell);
        if (node.b < frame->slot_count)
            frame->slots[node.b] = value;
        return true;
    case AST_NAME:
        return assign_name(ev, frame, node.a, value);
    case AST_ATTRIBUTE: {
        struct value object = eval_expression(ev, frame, node.a);
        if (is_raised(object))
            return false;
        ev->unit = frame->unit;
        ev->at = node.at;
        return set_attribute(ev, object, unit_symbol(ev, frame->unit, node.b), value);
    }
    case AST_SUBSCRIPT: {
        struct value object = eval_expression(ev, frame, node.a);
        if (is_raised(object))
            return false;
        struct value index = eval_expression(ev, frame, node.b);
        if (is_raised(index))
            return false;
        return set_item(ev, object, index, value);
    }
    case AST_TUPLE:
    case AST_LIST:
        return assign_unpacked(ev, frame, node.a, value);
    case AST_STARRED:
        return assign_target(ev, frame, node.a, value);
    }
    eval_stop(ev, "an assignment that is not followed");
    return false;
}

bool delete_target(struct eval *ev, struct frame *frame, uint32_t target)
{
    struct ast_node node = frame->unit->file->ast.nodes[target];
    switch (node.kind) {
    case AST_LOCAL:
        cell_touch(ev, &frame->cell);
        if (node.b < frame->slot_count)
            frame->slots[node.b] = value_unbound();
        return true;
    case AST_NAME: {
        struct value key = value_str(unit_symbol(ev, frame->unit, node.a));
        dict_delete(ev, frame->frame_kind == FRAME_CLASS ? frame->names : frame->globals->names, key);
        return true;
    }
    case AST_ATTRIBUTE: {
        struct value object = eval_expression(ev, frame, node.a);
        return !is_raised(object) && delete_attribute(ev, object, unit_symbol(ev, frame->unit, node.b));
    }
    case AST_SUBSCRIPT: {
        struct value object = eval_expression(ev, frame, node.a);
        struct value index = is_raised(object) ? object : eval_expression(ev, frame, node.b);
        return !is_raised(index) && delete_item(ev, object, index);
    }
    case AST_TUPLE:
    case AST_LIST: {
        uint32_t count = ast_list_count(&frame->unit->file->ast, node.a);
        for (uint32_t i = 0; i < count; i++)
            if (!delete_target(ev, frame, ast_list_item(&frame->unit->file->ast, node.a, i)))
                return false;
        return true;
    }
    }
    return true;
}
