/*
 * A __getattribute__ in Python that passes on to the one above it.
 *
 * Configurations of transformers have one or two of them, and reading an attribute is most of what constructors do.  Two
 * shapes are recognised in the lowered code, whatever the class:
 *
 *     if key != "MAP" and key in super().__getattribute__("MAP"):     `key` is another name for something
 *         key = super().__getattribute__("MAP")[key]
 *     return super().__getattribute__(key)
 *
 *     found = super().__getattribute__("__dict__").get("GUARD")       something is done only where GUARD is set
 *     if found is not None:
 *         ...
 *     return super().__getattribute__(key)
 *
 * Where all of them up to object's have such a shape, no guard is set, and there is an answer, the answer is the one that
 * running them would give.  Anything else is left to running them.
 */
#include "eval/types.h"
#include "eval/values.h"

#define SELF_SLOT 0
#define KEY_SLOT 1
#define CHAIN_MOST 8

static bool is_local(const struct ast *ast, uint32_t number, uint32_t slot)
{
    return ast->nodes[number].kind == AST_LOCAL && ast->nodes[number].b == slot;
}

static bool is_string(const struct ast *ast, uint32_t number, uint32_t string)
{
    return ast->nodes[number].kind == AST_STRING && ast->nodes[number].a == string;
}

static bool has_text(const struct ast *ast, uint32_t string, const char *text)
{
    return text_equal(ast->strings[string], text_from(text));
}

/* X of super().__getattribute__(X); 0 when it is something else. */
static uint32_t passed_on(const struct ast *ast, uint32_t number)
{
    const struct ast_node *call_ = &ast->nodes[number], *method, *super_, *name;
    if (call_->kind != AST_CALL || ast_list_count(ast, call_->b) != 1)
        return 0;
    method = &ast->nodes[call_->a];
    if (method->kind != AST_ATTRIBUTE || !has_text(ast, method->b, "__getattribute__"))
        return 0;
    super_ = &ast->nodes[method->a];
    if (super_->kind != AST_CALL || ast_list_count(ast, super_->b) != 0)
        return 0;
    name = &ast->nodes[super_->a];
    return name->kind == AST_NAME && has_text(ast, name->a, "super") ? ast_list_item(ast, call_->b, 0) : 0;
}

static bool passes_key(const struct ast *ast, uint32_t number)
{
    uint32_t passed = passed_on(ast, number);
    return passed && is_local(ast, passed, KEY_SLOT);
}

static bool passes_string(const struct ast *ast, uint32_t number, uint32_t string)
{
    uint32_t passed = passed_on(ast, number);
    return passed && is_string(ast, passed, string);
}

/* The right side of `LOCAL slot OP right`; 0 when it is something else. */
static uint32_t compared(const struct ast *ast, uint32_t number, uint32_t slot, enum ast_operator op)
{
    const struct ast_node *node = &ast->nodes[number];
    if (node->kind != AST_COMPARE || !is_local(ast, node->a, slot) || ast_list_count(ast, node->b) != 2 ||
        ast_list_item(ast, node->b, 0) != (uint32_t)op)
        return 0;
    return ast_list_item(ast, node->b, 1);
}

/* The one statement of a list; 0 when there are more or none. */
static uint32_t only_item(const struct ast *ast, uint32_t list)
{
    return ast_list_count(ast, list) == 1 ? ast_list_item(ast, list, 0) : 0;
}

/* MAP of the first shape's `if`. */
static bool is_renaming(const struct ast *ast, const struct ast_node *test, uint32_t *map)
{
    const struct ast_node *both = &ast->nodes[test->a];
    if (test->kind != AST_IF || ast_list_count(ast, test->c) != 0 || both->kind != AST_AND)
        return false;
    uint32_t other = compared(ast, both->a, KEY_SLOT, OP_NOT_EQUAL);
    if (!other || ast->nodes[other].kind != AST_STRING)
        return false;
    *map = ast->nodes[other].a;
    uint32_t names = compared(ast, both->b, KEY_SLOT, OP_IN);
    const struct ast_node *assign = &ast->nodes[only_item(ast, test->b)];
    if (!names || !passes_string(ast, names, *map) || assign->kind != AST_ASSIGN)
        return false;
    uint32_t target = only_item(ast, assign->a);
    const struct ast_node *item = &ast->nodes[assign->b];
    return target && is_local(ast, target, KEY_SLOT) && item->kind == AST_SUBSCRIPT &&
           passes_string(ast, item->a, *map) && is_local(ast, item->b, KEY_SLOT);
}

/* GUARD of the second shape's first two statements. */
static bool is_guarded(const struct ast *ast, const struct ast_node *assign, const struct ast_node *test, uint32_t *guard)
{
    if (assign->kind != AST_ASSIGN || test->kind != AST_IF || ast_list_count(ast, test->c) != 0)
        return false;
    uint32_t target = only_item(ast, assign->a);
    const struct ast_node *call_ = &ast->nodes[assign->b], *method = &ast->nodes[call_->a];
    if (!target || ast->nodes[target].kind != AST_LOCAL || ast->nodes[target].b <= KEY_SLOT || call_->kind != AST_CALL ||
        method->kind != AST_ATTRIBUTE || !has_text(ast, method->b, "get"))
        return false;
    uint32_t dict = passed_on(ast, method->a), name = only_item(ast, call_->b);
    if (!dict || ast->nodes[dict].kind != AST_STRING || !has_text(ast, ast->nodes[dict].a, "__dict__") || !name ||
        ast->nodes[name].kind != AST_STRING)
        return false;
    *guard = ast->nodes[name].a;
    uint32_t none = compared(ast, test->a, ast->nodes[target].b, OP_IS_NOT);
    return none && ast->nodes[none].kind == AST_NONE;
}

static void recognise(struct function *function)
{
    const struct ast *ast = &function->unit->file->ast;
    const struct ast_function *def = &ast->functions[function->function];
    const struct ast_parameter *parameters = &ast->parameters[def->first_parameter];
    uint32_t count = ast_list_count(ast, def->body);
    function->passing = PASSING_NOT;
    if (def->parameter_count != 2 || parameters[0].kind > PARAMETER_NORMAL || parameters[1].kind > PARAMETER_NORMAL ||
        def->flags & (FUNCTION_ASYNC | FUNCTION_GENERATOR | FUNCTION_BROKEN) || count < 2 || count > 3)
        return;
    const struct ast_node *last = &ast->nodes[ast_list_item(ast, def->body, count - 1)];
    if (last->kind != AST_RETURN || !passes_key(ast, last->a))
        return;
    const struct ast_node *first = &ast->nodes[ast_list_item(ast, def->body, 0)];
    const struct ast_node *second = &ast->nodes[ast_list_item(ast, def->body, 1)];
    if (count == 2 && is_renaming(ast, first, &function->passing_name))
        function->passing = PASSING_RENAMES;
    else if (count == 3 && is_guarded(ast, first, second, &function->passing_name))
        function->passing = PASSING_GUARDS;
}

/* What `name` of the instance is by the __getattribute__ methods after that of class `after` (NULL: all of them); UNBOUND
 * when that has to be run. */
static struct value pass_on(struct eval *ev, struct instance *instance, struct class *after, struct str *name, int most)
{
    struct str *getattribute = ev->types->names.getattribute;
    for (; most > 0; most--) {
        struct value method = after ? class_find_above(ev, instance->class_, after, getattribute)
                                    : class_find(ev, instance->class_, getattribute);
        if (method.kind == VALUE_NATIVE && method.native->call == object_getattribute)
            return instance_find_plain(ev, instance, name);
        if (method.kind != VALUE_FUNCTION || method.function->is_static || !method.function->owner ||
            !function_prepare(ev, method.function))
            return value_unbound();
        struct function *function = method.function;
        if (function->passing == PASSING_UNSEEN)
            recognise(function);
        if (function->passing == PASSING_NOT || function->owner == after)
            return value_unbound();
        after = function->owner;
        struct str *known = unit_symbol(ev, function->unit, function->passing_name);
        if (function->passing == PASSING_GUARDS) {
            struct value own = pass_on(ev, instance, after, ev->types->names.dict, most - 1);
            if (own.kind != VALUE_DICT || own.dict->open)
                return value_unbound();
            struct value guard = dict_get_str(own.dict, known);
            if (guard.kind != VALUE_UNBOUND && guard.kind != VALUE_NONE)
                return value_unbound();
        } else if (name != known) {
            struct value map = pass_on(ev, instance, after, known, most - 1);
            if (map.kind != VALUE_DICT || map.dict->open)
                return value_unbound();
            struct value other = dict_get_str(map.dict, name);
            if (other.kind != VALUE_UNBOUND && other.kind != VALUE_STR)
                return value_unbound();
            name = other.kind == VALUE_STR ? other.str : name;
        }
    }
    return value_unbound();
}

struct value getattribute_pass(struct eval *ev, struct instance *instance, struct str *name)
{
    return pass_on(ev, instance, NULL, name, CHAIN_MOST);
}
