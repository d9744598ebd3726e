/* import and from ... import, wherever they stand. */
#include <string.h>

#include "eval/eval.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"

bool run_import(struct eval *ev, struct frame *frame, struct ast_node alias)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct text dotted = ast->strings[alias.a];
    struct value module = import_module(ev, dotted);
    if (is_raised(module))
        return false;
    uint32_t bound = alias.b;
    if (!bound) {
        const char *dot = memchr(dotted.bytes, '.', dotted.length);
        if (dot) {
            struct text top = {dotted.bytes, (size_t)(dot - dotted.bytes)};
            module = import_module(ev, top);
            if (is_raised(module))
                return false;
            bound = python_string_find(frame->unit->file, top); /* lowering made it */
        } else {
            bound = alias.a;
        }
    }
    if (alias.c && frame->frame_kind == FRAME_FUNCTION) {
        cell_touch(ev, &frame->cell);
        frame->slots[alias.c - 1] = module;
        return true;
    }
    return assign_name(ev, frame, bound, module);
}

/* Is it a file of custom code, and nothing else too? */
static bool is_custom_module(struct eval *ev, struct text dotted)
{
    struct found_module found = {0};
    return ev->importer.find(ev->importer.context, dotted, &found) && found.is_custom && !found.fact;
}

/* "transformers.models.x" with level 2 from module "transformers.models.mixtral.modeling_mixtral". */
struct text absolute_name(struct eval *ev, const struct namespace *from, uint32_t level, struct text dotted)
{
    if (level == 0)
        return dotted;
    struct text package = str_text(from->name);
    for (uint32_t i = from->is_package ? 1 : 0; i < level; i++) {
        while (package.length && package.bytes[package.length - 1] != '.')
            package.length--;
        if (package.length)
            package.length--;
    }
    if (!dotted.length)
        return package;
    if (!package.length && level == 1 && is_custom_module(ev, dotted)) /* custom code is in no package here */
        return dotted;
    return text_format(&ev->scratch, "%.*s.%.*s", TEXT_ARGS(package), TEXT_ARGS(dotted));
}

struct value import_member(struct eval *ev, const struct namespace *from, uint32_t level, struct text dotted, struct value module, struct str *name)
{
    if (module.kind == VALUE_NAMESPACE)
        return import_from(ev, module.namespace, name);
    if (level != 1 || dotted.length || !is_unknown(module) || from->is_package || strchr(from->name->bytes, '.'))
        return module;
    return import_module(ev, absolute_name(ev, from, level, str_text(name))); /* `from . import file` in custom code */
}

/* The names are looked up when somebody asks for them: see namespace.c. */
bool import_star(struct eval *ev, struct namespace *namespace, struct value module)
{
    if (module.kind != VALUE_NAMESPACE && !is_unknown(module))
        return true;
    if (!namespace->stars)
        namespace->stars = list_new(ev, 0);
    ev->names_version++;
    return list_append(ev, namespace->stars, module);
}

bool run_from_import(struct eval *ev, struct frame *frame, struct ast_node node)
{
    const struct ast *ast = &frame->unit->file->ast;
    struct text dotted = absolute_name(ev, frame->globals, node.op, ast->strings[node.a]);
    ev->unit = frame->unit;
    ev->at = node.at;
    struct value module = import_module(ev, dotted);
    if (is_raised(module))
        return false;
    uint32_t count = ast_list_count(&frame->unit->file->ast, node.b);
    for (uint32_t i = 0; i < count; i++) {
        struct ast_node alias = frame->unit->file->ast.nodes[ast_list_item(&frame->unit->file->ast, node.b, i)];
        if (text_equal(frame->unit->file->ast.strings[alias.a], TEXT("*"))) {
            if (!import_star(ev, frame->globals, module))
                return false;
            continue;
        }
        struct str *name = unit_symbol(ev, frame->unit, alias.a);
        struct value value = import_member(ev, frame->globals, node.op, frame->unit->file->ast.strings[node.a], module, name);
        if (is_raised(value))
            return false;
        if (alias.c && frame->frame_kind == FRAME_FUNCTION) {
            cell_touch(ev, &frame->cell);
            frame->slots[alias.c - 1] = value;
        } else if (!assign_name(ev, frame, alias.b ? alias.b : alias.a, value)) {
            return false;
        }
    }
    return true;
}
