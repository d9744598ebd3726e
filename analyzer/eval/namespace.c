/*
 * Python modules, lazily.
 *
 * Importing a module only splits its file.  A name is bound when it is first looked up: the statements that bind it, or
 * change in place what it holds, are run in their order, and those that they depend on before them.  So of a file of
 * 6,000 lines the few definitions that a model needs are parsed.  What cannot be seen without parsing (if, try, for) is
 * parsed when its text mentions the name.
 */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "eval/namespace.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"

enum run_state { RUN_NOT_YET, RUN_RUNNING, RUN_DONE, RUN_FAILED };
struct piece_run {
    uint8_t state;
    struct value exception; /* RUN_FAILED */
    struct unit *unit;
    uint32_t at;
};

/* Setting up. */

static struct text piece_text(const struct python_file *file, const struct python_piece *piece)
{
    return (struct text){file->source.bytes.bytes + piece->start, piece->end - piece->start};
}

/* In the __init__ of a lazy package the other blocks only fill the table of what can be imported. */
static bool is_export_text(const struct python_file *file, const struct python_piece *piece)
{
    return text_starts(piece_text(file, piece), TEXT("if TYPE_CHECKING"));
}

static struct unit *unit_new(struct eval *ev, struct namespace *namespace, struct python_file *file, struct text shown, bool is_fact)
{
    struct unit *unit = ARENA_NEW(&ev->run, struct unit);
    unit->file = file;
    unit->namespace = namespace;
    unit->shown = text_copy(&ev->run, shown);
    unit->is_fact = is_fact;
    unit->next = ev->units;
    ev->units = unit;
    unit->runs = ARENA_ARRAY(&ev->run, file->piece_count + 1, struct piece_run);
    unit->events = dict_new(ev);
    unit->blocks = ARENA_ARRAY(&ev->run, file->piece_count + 1, uint32_t);
    unit->broken = file->trouble.length > 0;
    unit->annotates = namespace->is_whole;
    /* The __init__ of a lazy package lists what it exports under `if TYPE_CHECKING`. */
    unit->type_checking = namespace->is_package && !is_fact && text_holds(file->source.bytes, TEXT("_LazyModule"));
    for (size_t i = 0; i < file->piece_count; i++) {
        const struct python_piece *piece = &file->pieces[i];
        if (piece->kind == PIECE_FROM && text_starts(piece_text(file, piece), TEXT("from __future__")) &&
            python_piece_mentions(file, (uint32_t)i, TEXT("annotations")))
            unit->annotates = false;
        if (piece->kind == PIECE_BLOCK && (!unit->type_checking || is_export_text(file, piece)))
            unit->blocks[unit->block_count++] = (uint32_t)i;
        /* What blocks bind is looked for in their text, whether they are parsed already or not. */
        for (uint32_t k = 0; piece->kind != PIECE_BLOCK && k < piece->name_count; k++) {
            struct str *name = unit_symbol(ev, unit, file->names[piece->first_name + k]);
            if (name->length == 1 && name->bytes[0] == '*') {
                unit->blocks[unit->block_count++] = (uint32_t)i;
                continue;
            }
            struct value list = dict_get_str(unit->events, name);
            if (list.kind == VALUE_UNBOUND) {
                list = value_of(VALUE_LIST, list_new(ev, 1));
                dict_set_str(ev, unit->events, name, list);
            }
            list_append(ev, list.list, value_int((int64_t)i));
        }
    }
    return unit;
}

struct namespace *namespace_new(struct eval *ev, struct str *name, const struct found_module *found)
{
    struct namespace *namespace = ARENA_NEW(&ev->run, struct namespace);
    namespace->name = name;
    namespace->is_package = found->is_package;
    namespace->names = names_new(ev);
    namespace->resolved = dict_new(ev);
    namespace->is_whole = found->is_custom && found->file && !found->fact;
    uint32_t count = 0;
    if (found->fact)
        namespace->units[count++] = unit_new(ev, namespace, found->fact, (struct text){0}, true);
    if (found->file)
        namespace->units[count++] = unit_new(ev, namespace, found->file, found->shown, false);
    namespace->is_unread = found->unread;
    return namespace;
}

bool read_unread(struct eval *ev, struct namespace *namespace)
{
    if (!namespace->is_unread)
        return true;
    if (++ev->imported_files > LIMIT_IMPORT_FILES) {
        eval_stop(ev, "more files than any real model reads");
        return false;
    }
    struct found_module found = {0};
    struct import_state state;
    namespace->is_unread = false;
    ev->importer.read(ev->importer.context, str_text(namespace->name), &found);
    import_begin(ev, &state);
    if (found.file)
        namespace->units[1] = unit_new(ev, namespace, found.file, found.shown, false);
    else
        namespace->unreadable =
            eval_unknown(ev, "%.*s: %.*s", TEXT_ARGS(found.shown), TEXT_ARGS(found.trouble)).reason;
    ev->names_version++;
    import_end(ev, &state);
    return true;
}

/* Running one statement of a module. */

static bool raise_failure(struct eval *ev, const struct piece_run *run)
{
    ev->raised = run->exception;
    ev->raised_unit = run->unit;
    ev->raised_at = run->at;
    return false;
}

static bool run_events_before(struct eval *ev, struct unit *unit, struct str *name, uint32_t end);

static bool bind_broken(struct eval *ev, struct unit *unit, uint32_t number)
{
    struct python_piece piece = unit->file->pieces[number];
    ev->unit = unit;
    ev->at = piece.trouble_at;
    struct value unknown = eval_unknown(ev, "%.*s", TEXT_ARGS(piece.trouble));
    for (uint32_t i = 0; i < piece.name_count; i++)
        if (!dict_set_str(ev, unit->namespace->names, unit_symbol(ev, unit, unit->file->names[piece.first_name + i]), unknown))
            return false;
    unit->broken |= piece.name_count == 0;
    return true;
}

/* What a statement has bound counts for every way that is being run, and after it. */
static void publish_names(struct eval *ev, struct unit *unit, uint32_t number)
{
    struct python_piece piece = unit->file->pieces[number];
    struct dict *names = unit->namespace->names;
    for (uint32_t i = 0; i < piece.name_count; i++)
        import_publish(ev, names, unit_symbol(ev, unit, unit->file->names[piece.first_name + i]));
    if (piece.kind != PIECE_BLOCK || piece.state != PIECE_PARSED)
        return;
    uint32_t *bound = NULL;
    size_t count = 0, capacity = 0;
    python_bound_names(unit->file, piece.node, &bound, &count, &capacity);
    for (size_t i = 0; i < count; i++)
        import_publish(ev, names, unit_symbol(ev, unit, bound[i]));
    free(bound);
}

static bool run_parsed(struct eval *ev, struct unit *unit, uint32_t number)
{
    const struct python_piece *unparsed = &unit->file->pieces[number];
    if (unparsed->kind == PIECE_FUNCTION && !unparsed->decorators && unparsed->name_count == 1 && !unit->namespace->is_whole)
        return dict_set_str(ev, unit->namespace->names, unit_symbol(ev, unit, unit->file->names[unparsed->first_name]),
                            make_lazy_function(ev, unit, number));
    if (python_piece_parse(unit->file, number) != PIECE_PARSED)
        return bind_broken(ev, unit, number);
    struct python_piece piece = unit->file->pieces[number];
    struct frame *frame = frame_new(ev, FRAME_MODULE, unit, unit->namespace, piece.scope_first_local, piece.scope_local_count, true);
    return run_statement(ev, frame, piece.node) != FLOW_RAISE;
}

bool run_piece(struct eval *ev, struct unit *unit, uint32_t number)
{
    struct piece_run *run = &unit->runs[number];
    if (run->state == RUN_DONE || run->state == RUN_RUNNING)
        return true;
    if (run->state == RUN_FAILED)
        return raise_failure(ev, run);
    if (++ev->expression_depth > LIMIT_EXPRESSION_DEPTH) {
        ev->expression_depth--;
        eval_stop(ev, "imports nested too deeply");
        return false;
    }
    run->state = RUN_RUNNING;
    bool fine = true;
    for (uint32_t i = 0; fine && !unit->namespace->is_whole && i < unit->file->pieces[number].name_count; i++)
        fine = run_events_before(ev, unit, unit_symbol(ev, unit, unit->file->names[unit->file->pieces[number].first_name + i]), number);
    if (fine) {
        struct import_state state;
        import_begin(ev, &state);
        struct unit *here = ev->unit;
        uint32_t at = ev->at;
        fine = run_parsed(ev, unit, number);
        publish_names(ev, unit, number);
        ev->unit = here;
        ev->at = at;
        import_end(ev, &state);
    }
    ev->expression_depth--;
    run->state = RUN_DONE;
    if (fine)
        return true;
    if (ev->stopped) {
        run->state = RUN_NOT_YET; /* the bound belongs to the model that reached it */
        return false;
    }
    *run = (struct piece_run){RUN_FAILED, ev->raised, ev->raised_unit, ev->raised_at};
    return false;
}

bool raised_by_lazy_import(const struct eval *ev)
{
    for (const struct unit *unit = ev->units; unit; unit = unit->next)
        for (size_t i = 0; !unit->is_fact && !unit->namespace->is_whole && i < unit->file->piece_count; i++)
            if (unit->runs[i].state == RUN_FAILED && unit->runs[i].exception.pointer == ev->raised.pointer)
                return true;
    return false;
}

/* Binds one name of a `from x import a, b, c`. */
static bool bind_from(struct eval *ev, struct unit *unit, struct ast_node node, struct str *name)
{
    struct import_state state;
    import_begin(ev, &state);
    struct unit *here = ev->unit;
    uint32_t at = ev->at;
    ev->unit = unit;
    ev->at = node.at;
    struct arena_mark mark = arena_mark(&ev->scratch);
    struct value module = import_module(ev, absolute_name(ev, unit->namespace, node.op, unit->file->ast.strings[node.a]));
    arena_reset(&ev->scratch, mark);
    bool fine = !is_raised(module);
    uint32_t count = ast_list_count(&unit->file->ast, node.b);
    for (uint32_t i = 0; fine && i < count; i++) {
        struct ast_node alias = unit->file->ast.nodes[ast_list_item(&unit->file->ast, node.b, i)];
        if (unit_symbol(ev, unit, alias.b ? alias.b : alias.a) != name)
            continue;
        struct text from = unit->file->ast.strings[node.a];
        struct value value = import_member(ev, unit->namespace, node.op, from, module, unit_symbol(ev, unit, alias.a));
        fine = !is_raised(value) && dict_set_str(ev, unit->namespace->names, name, value);
        import_publish(ev, unit->namespace->names, name);
    }
    ev->unit = here;
    ev->at = at;
    import_end(ev, &state);
    return fine;
}

/* `from x import a, b, c` binds only what is asked for. */
static bool run_from(struct eval *ev, struct unit *unit, uint32_t number, struct str *name)
{
    if (python_piece_parse(unit->file, number) != PIECE_PARSED)
        return bind_broken(ev, unit, number);
    struct ast_node node = unit->file->ast.nodes[unit->file->pieces[number].node];
    return node.kind == AST_FROM_IMPORT ? bind_from(ev, unit, node, name) : run_piece(ev, unit, number);
}

/*
 * The `if TYPE_CHECKING:` of a lazy package's __init__ lists what it exports; transformers never runs it, so it is read as
 * that list: one name at a time.
 */

static bool is_export_list(struct eval *ev, struct unit *unit, uint32_t number)
{
    if (!unit->type_checking || unit->file->pieces[number].state != PIECE_PARSED)
        return false;
    struct ast_node node = unit->file->ast.nodes[unit->file->pieces[number].node];
    if (node.kind != AST_IF)
        return false;
    struct ast_node condition = unit->file->ast.nodes[node.a];
    return condition.kind == AST_NAME && unit_symbol(ev, unit, condition.a) == ev->types->names.type_checking;
}

/* Walks the from-imports below a list of statements; `name` NULL: the star imports, which are noted; else the one that binds
 * the name.  1 found, 0 not, -1 raised. */
static int walk_exports(struct eval *ev, struct unit *unit, uint32_t list, struct str *name, int depth)
{
    uint32_t count = ast_list_count(&unit->file->ast, list);
    for (uint32_t i = 0; i < count && depth < 8; i++) {
        struct ast_node node = unit->file->ast.nodes[ast_list_item(&unit->file->ast, list, i)];
        int found = 0;
        if (node.kind == AST_IF) {
            found = walk_exports(ev, unit, node.b, name, depth + 1);
            found = found ? found : walk_exports(ev, unit, node.c, name, depth + 1);
        } else if (node.kind == AST_TRY) {
            found = walk_exports(ev, unit, node.a, name, depth + 1);
            if (!found && node.c)
                found = walk_exports(ev, unit, unit->file->ast.nodes[node.c].a, name, depth + 1);
        } else if (node.kind == AST_FROM_IMPORT) {
            uint32_t aliases = ast_list_count(&unit->file->ast, node.b);
            for (uint32_t k = 0; k < aliases && !found; k++) {
                struct ast_node alias = unit->file->ast.nodes[ast_list_item(&unit->file->ast, node.b, k)];
                bool star = text_equal(unit->file->ast.strings[alias.a], TEXT("*"));
                if (!name && star) {
                    struct arena_mark mark = arena_mark(&ev->scratch);
                    struct value module =
                        import_module(ev, absolute_name(ev, unit->namespace, node.op, unit->file->ast.strings[node.a]));
                    arena_reset(&ev->scratch, mark);
                    if (is_raised(module) && ev->stopped)
                        return -1;
                    /* What is not there is not exported: nothing runs this list. */
                    if (module.kind == VALUE_NAMESPACE && !import_star(ev, unit->namespace, module))
                        return -1;
                } else if (name && !star && unit_symbol(ev, unit, alias.b ? alias.b : alias.a) == name) {
                    found = bind_from(ev, unit, node, name) ? 1 : -1;
                }
            }
        }
        if (found)
            return found;
    }
    return 0;
}

static bool run_block_for(struct eval *ev, struct unit *unit, uint32_t number, struct str *name)
{
    if (!is_export_list(ev, unit, number))
        return run_piece(ev, unit, number);
    return walk_exports(ev, unit, unit->file->ast.nodes[unit->file->pieces[number].node].b, name, 0) >= 0;
}

static bool run_event(struct eval *ev, struct unit *unit, uint32_t number, struct str *name)
{
    enum piece_kind kind = (enum piece_kind)unit->file->pieces[number].kind;
    if (kind == PIECE_FROM)
        return run_from(ev, unit, number, name);
    if (run_piece(ev, unit, number))
        return true;
    return kind == PIECE_EFFECT && !ev->stopped; /* patched documentation and the like */
}

/* Does this block bind the name, or change what it holds? */
static bool block_binds(struct eval *ev, struct unit *unit, uint32_t number, const struct str *name)
{
    if (unit->runs[number].state != RUN_NOT_YET)
        return unit->runs[number].state == RUN_FAILED && python_piece_mentions(unit->file, number, str_text(name));
    if (!python_piece_mentions(unit->file, number, str_text(name)))
        return false;
    if (python_piece_parse(unit->file, number) != PIECE_PARSED) {
        unit->broken = true;
        ev->names_version++;
        return false;
    }
    uint32_t *names = NULL;
    size_t count = 0, capacity = 0;
    python_bound_names(unit->file, unit->file->pieces[number].node, &names, &count, &capacity);
    bool binds = false;
    for (size_t i = 0; i < count && !binds; i++)
        binds = unit_symbol(ev, unit, names[i]) == name;
    free(names);
    return binds;
}

/* Runs, in order, what binds the name before piece `end`. */
static bool run_events_before(struct eval *ev, struct unit *unit, struct str *name, uint32_t end)
{
    struct value events = dict_get_str(unit->events, name);
    uint32_t event_count = events.kind == VALUE_LIST ? events.list->count : 0, event = 0, block = 0;
    for (;;) {
        uint32_t next_event = event < event_count ? (uint32_t)events.list->items[event].integer : UINT32_MAX;
        uint32_t next_block = block < unit->block_count ? unit->blocks[block] : UINT32_MAX;
        uint32_t next = next_event < next_block ? next_event : next_block;
        if (next >= end)
            return true;
        if (next == next_event) {
            event++;
            if (!run_event(ev, unit, next, name))
                return false;
        } else {
            block++;
            if (unit->file->pieces[next].kind == PIECE_BLOCK && block_binds(ev, unit, next, name) && !run_block_for(ev, unit, next, name))
                return false;
        }
    }
}

/* Star imports. */

static bool run_stars(struct eval *ev, struct unit *unit)
{
    if (unit->stars_run)
        return true;
    unit->stars_run = true;
    for (uint32_t i = 0; i < unit->block_count; i++) {
        const struct python_piece *piece = &unit->file->pieces[unit->blocks[i]];
        struct text text = {unit->file->source.bytes.bytes + piece->start, piece->end - piece->start};
        if (!text_holds(text, TEXT("import *")))
            continue;
        python_piece_parse(unit->file, unit->blocks[i]);
        struct import_state state;
        import_begin(ev, &state);
        bool fine = run_block_for(ev, unit, unit->blocks[i], NULL);
        import_end(ev, &state);
        if (!fine) {
            unit->stars_run = false;
            return false;
        }
    }
    return true;
}

/* The name as `from module import *` gives it; UNBOUND when it does not. */
static struct value star_value(struct eval *ev, struct value module, struct str *name)
{
    if (is_unknown(module))
        return module;
    struct value all = namespace_get(ev, module.namespace, ev->types->names.all);
    if (is_raised(all) || is_unknown(all))
        return all;
    struct list *names = all.kind == VALUE_UNBOUND ? NULL : value_items(all);
    if (!names)
        return name->bytes[0] == '_' ? value_unbound() : namespace_get(ev, module.namespace, name);
    if (names->open)
        return unknown_from(names->open);
    for (uint32_t i = 0; i < names->count; i++)
        if (names->items[i].kind == VALUE_STR && names->items[i].str == name)
            return namespace_get(ev, module.namespace, name);
    return value_unbound();
}

static struct value from_stars(struct eval *ev, struct namespace *namespace, struct str *name)
{
    for (int i = 0; i < 2 && !namespace->is_whole; i++)
        if (namespace->units[i] && !run_stars(ev, namespace->units[i]))
            return value_raised();
    for (uint32_t i = namespace->stars ? namespace->stars->count : 0; i-- > 0;) {
        struct value value = star_value(ev, namespace->stars->items[i], name);
        if (value.kind != VALUE_UNBOUND)
            return value;
    }
    return value_unbound();
}

/* Looking up. */

static struct value resolve(struct eval *ev, struct namespace *namespace, struct str *name)
{
    struct value value = value_unbound();
    for (int i = 0; i < 2 && value.kind == VALUE_UNBOUND; i++) {
        if (i == 1 && !read_unread(ev, namespace))
            return value_raised();
        if (!namespace->units[i])
            break;
        if (!run_events_before(ev, namespace->units[i], name, UINT32_MAX - 1))
            return value_raised();
        value = dict_get_str(namespace->names, name);
    }
    if (value.kind == VALUE_UNBOUND && name != ev->types->names.all) {
        value = from_stars(ev, namespace, name);
        if (value.kind != VALUE_UNBOUND && !is_raised(value)) {
            struct import_state state;
        import_begin(ev, &state);
            dict_set_str(ev, namespace->names, name, value);
            import_publish(ev, namespace->names, name);
            import_end(ev, &state);
        }
    }
    return value;
}

struct value namespace_source(struct eval *ev, struct namespace *namespace, struct str *name)
{
    if (!read_unread(ev, namespace))
        return value_raised();
    struct unit *unit = namespace->units[1];
    if (!unit)
        return namespace_get(ev, namespace, name);
    if (!run_events_before(ev, unit, name, UINT32_MAX - 1))
        return value_raised();
    return dict_get_str(namespace->names, name);
}

static struct value missing_name(struct eval *ev, const struct namespace *namespace, const struct str *name)
{
    if (namespace->unreadable)
        return unknown_from(namespace->unreadable);
    for (int i = 0; i < 2; i++)
        if (namespace->units[i] && namespace->units[i]->broken)
            return eval_unknown(ev, "`%s` may be in a part of %.*s that could not be parsed", name->bytes,
                                TEXT_ARGS(namespace->units[i]->shown));
    return value_unbound();
}

struct value namespace_get(struct eval *ev, struct namespace *namespace, struct str *name)
{
    if (!namespace->resolved)
        return dict_get_str(namespace->names, name);
    if (name == ev->types->names.type_checking) {
        if (!read_unread(ev, namespace))
            return value_raised();
        struct unit *file = namespace->units[1] ? namespace->units[1] : namespace->units[0];
        return value_bool(file && file->type_checking);
    }
    if (namespace->is_whole) {
        struct value value = dict_get_str(namespace->names, name);
        if (value.kind == VALUE_UNBOUND && name != ev->types->names.all)
            value = from_stars(ev, namespace, name);
        return value.kind == VALUE_UNBOUND ? missing_name(ev, namespace, name) : value;
    }
    struct value state = dict_get_str(namespace->resolved, name);
    if (state.kind != VALUE_UNBOUND) {
        struct value value = dict_get_str(namespace->names, name);
        if (value.kind != VALUE_UNBOUND || state.kind == VALUE_NONE)
            return value;
        return missing_name(ev, namespace, name);
    }
    struct import_state state_before;
    import_begin(ev, &state_before);
    dict_set_str(ev, namespace->resolved, name, value_none()); /* being resolved */
    import_end(ev, &state_before);
    struct value value = resolve(ev, namespace, name);
    import_begin(ev, &state_before);
    if (is_raised(value))
        dict_delete(ev, namespace->resolved, value_str(name));
    else
        dict_set_str(ev, namespace->resolved, name, value_bool(true));
    import_end(ev, &state_before);
    return value.kind == VALUE_UNBOUND ? missing_name(ev, namespace, name) : value;
}
