/*
 * Training scripts: dict literals with `zero_optimization`, and the calls of deepspeed.utils that set leaves.
 *
 * A call counts when it certainly runs and what it is given is certain: statements of the file and of functions that it
 * calls, one after the other, outside of loops, of `try`, and of branches other than those that ask for DeepSpeed or
 * `__main__`; on something that is called `model`; with literal strings, imported classes of transformers and torch, or
 * lists of them held in variables that nothing else touches.  Whatever else sets leaves in the file makes what is left
 * out of reach: then nothing is said of blocks without a leaf.
 */
#include <stdlib.h>

#include "config/deepspeed_internal.h"
#include "config/script.h"

enum api { API_CLASSES, API_UNSET, API_BY_NAME, API_BY_SUFFIX, API_ONE_MODULE, API_NONE };

static const char *const api_names[API_NONE] = {
    [API_CLASSES] = "set_z3_leaf_modules",
    [API_UNSET] = "unset_z3_leaf_modules",
    [API_BY_NAME] = "set_z3_leaf_modules_by_name",
    [API_BY_SUFFIX] = "set_z3_leaf_modules_by_suffix",
    [API_ONE_MODULE] = "set_z3_leaf_module",
};

struct calls {
    struct script *script;
    struct reference *references;
    size_t count, capacity;
    size_t understood;     /* calls that were read */
    struct span first;     /* of them */
    bool *entered;         /* by piece: its function is followed already */
    size_t depth, follows; /* functions inside one another; all of them */
    bool model_is_part;    /* `model` is set to a part of something in this file */
};

static uint32_t item(const struct calls *calls, uint32_t list, uint32_t i)
{
    return ast_list_item(&calls->script->file->ast, list, i);
}

static uint32_t length(const struct calls *calls, uint32_t list)
{
    return ast_list_count(&calls->script->file->ast, list);
}

static enum api api_called(struct text name)
{
    for (int i = 0; i < API_NONE; i++)
        if (text_equal(name, text_from(api_names[i])))
            return (enum api)i;
    return API_NONE;
}

/* Which function of DeepSpeed a node is; API_NONE when it is none, or not certainly. */
static enum api api_of(const struct script *script, uint32_t function)
{
    struct text path = script_dotted(script, function);
    static const char *const modules[] = {"deepspeed.utils.", "deepspeed.utils.z3_leaf_module."};
    for (size_t i = 0; i < 2; i++) {
        struct text module = text_from(modules[i]);
        if (text_starts(path, module)) {
            enum api api = api_called((struct text){path.bytes + module.length, path.length - module.length});
            if (api != API_NONE)
                return api;
        }
    }
    return API_NONE;
}

/* Everything that looks as if it set leaves: calls by these names, and `x._z3_leaf = ...`. */
static size_t count_settings(const struct script *script)
{
    const struct ast *ast = &script->file->ast;
    size_t count = 0;
    for (uint32_t i = 1; i < ast->node_count; i++) {
        const struct ast_node *node = &ast->nodes[i];
        if (node->kind == AST_CALL) {
            const struct ast_node *function = &ast->nodes[node->a];
            struct text name = TEXT("");
            if (function->kind == AST_NAME || function->kind == AST_LOCAL)
                name = script_string(script, function->a);
            else if (function->kind == AST_ATTRIBUTE)
                name = script_string(script, function->b);
            count += api_called(name) != API_NONE || api_of(script, node->a) != API_NONE;
        } else if (node->kind == AST_STRING && text_equal(script_string(script, node->a), TEXT("_z3_leaf"))) {
            count++; /* setattr(m, "_z3_leaf", True) */
        } else if (node->kind == AST_ATTRIBUTE && text_equal(script_string(script, node->b), TEXT("_z3_leaf"))) {
            count++;
        }
    }
    return count;
}

/* ---- arguments ---- */

static uint32_t argument(const struct calls *calls, uint32_t call, uint32_t position, const char *keyword)
{
    const struct ast_node *node = script_node(calls->script, call);
    for (uint32_t i = 0; i < length(calls, node->b); i++) {
        uint32_t value = item(calls, node->b, i);
        const struct ast_node *given = script_node(calls->script, value);
        if (given->kind == AST_KEYWORD && text_equal(script_string(calls->script, given->a), text_from(keyword)))
            return given->b;
        if (i == position && given->kind != AST_KEYWORD)
            return value;
    }
    return 0;
}

static bool has_stars(const struct calls *calls, uint32_t call)
{
    const struct ast_node *node = script_node(calls->script, call);
    for (uint32_t i = 0; i < length(calls, node->b); i++) {
        uint8_t kind = script_node(calls->script, item(calls, node->b, i))->kind;
        if (kind == AST_STARRED || kind == AST_DOUBLE_STAR)
            return true;
    }
    return false;
}

/* -1: cannot be told. */
static int truth(const struct calls *calls, uint32_t node, int when_absent)
{
    if (!node)
        return when_absent;
    uint8_t kind = script_node(calls->script, node)->kind;
    return kind == AST_TRUE ? 1 : kind == AST_FALSE ? 0 : -1;
}

static bool is_called_model(const struct calls *calls, uint32_t number)
{
    const struct ast_node *node = script_node(calls->script, number);
    return (node->kind == AST_NAME || node->kind == AST_LOCAL) &&
           text_equal(script_string(calls->script, node->a), TEXT("model"));
}

/* `model`, `self.model`: the model that the file is judged by, as far as names go. */
static bool is_model(const struct calls *calls, uint32_t number)
{
    const struct ast_node *node = script_node(calls->script, number);
    if (!number || calls->model_is_part)
        return false;
    if (is_called_model(calls, number))
        return true;
    const struct ast_node *object = script_node(calls->script, node->a);
    return node->kind == AST_ATTRIBUTE && text_equal(script_string(calls->script, node->b), TEXT("model")) &&
           (object->kind == AST_NAME || object->kind == AST_LOCAL) && !is_called_model(calls, node->a);
}

/* get_peft_model(model), prepare(model): the same model in another form. */
static bool is_given_model(const struct calls *calls, uint32_t call)
{
    const struct ast_node *node = script_node(calls->script, call);
    for (uint32_t i = 0; node->kind == AST_CALL && i < length(calls, node->b); i++) {
        uint32_t value = item(calls, node->b, i);
        const struct ast_node *given = script_node(calls->script, value);
        if (is_called_model(calls, given->kind == AST_KEYWORD ? given->b : value))
            return true;
    }
    return false;
}

/* `model = x.model`, `model = models[0]`: then it may be a part.  Made at two places, it may be two models. */
static bool model_is_part(const struct calls *calls)
{
    const struct ast *ast = &calls->script->file->ast;
    size_t made = 0;
    for (uint32_t i = 1; i < ast->node_count; i++) {
        const struct ast_node *node = &ast->nodes[i];
        if (node->kind == AST_FOR_HEAD && is_called_model(calls, node->a))
            return true;
        if (node->kind != AST_ASSIGN)
            continue;
        uint8_t value = ast->nodes[node->b].kind;
        for (uint32_t target = 0; target < length(calls, node->a); target++)
            if (is_called_model(calls, item(calls, node->a, target))) {
                if (value == AST_ATTRIBUTE || value == AST_SUBSCRIPT)
                    return true;
                made += !is_given_model(calls, node->b);
            }
    }
    return made > 1;
}

/* ---- references ---- */

static struct reference *add_reference(struct calls *calls, enum reference_kind kind, struct text text, uint32_t node,
                                       const struct reference_call *call, size_t index)
{
    calls->references = array_grow(calls->references, calls->count, &calls->capacity, sizeof *calls->references);
    struct reference *reference = &calls->references[calls->count++];
    text = text_copy(calls->script->arena, text); /* the file does not live as long */
    *reference = (struct reference){.kind = kind, .text = text, .index = (uint32_t)index, .duplicate_of = -1, .call = call};
    reference->span = script_span(calls->script, node);
    reference->key = text_format(calls->script->arena, "%.*s[%zu]", TEXT_ARGS(call->name), index);
    return reference;
}

static bool add_entry(struct calls *calls, enum api api, uint32_t node, const struct reference_call *call, size_t index)
{
    struct script *script = calls->script;
    if (script_node(script, node)->kind == AST_STRING) {
        enum reference_kind kind = api == API_BY_NAME     ? REFERENCE_NAME
                                   : api == API_BY_SUFFIX ? REFERENCE_SUFFIX
                                                          : REFERENCE_CLASS;
        add_reference(calls, kind, script_string(script, script_node(script, node)->a), node, call, index);
        return true;
    }
    if (api != API_CLASSES && api != API_UNSET)
        return false;
    struct text path = script_dotted(script, node);
    bool exported = text_starts(path, TEXT("transformers.")) && !memchr(path.bytes + 13, '.', path.length - 13);
    if (!exported && !text_starts(path, TEXT("transformers.models.")) && !text_starts(path, TEXT("torch.nn.")))
        return false; /* which base classes it is one of cannot be told */
    add_reference(calls, REFERENCE_INSTANCE, path, node, call, index);
    return true;
}

/* set_z3_leaf_modules(model, [...]) and its like. */
static bool read_list_call(struct calls *calls, uint32_t number, enum api api)
{
    struct script *script = calls->script;
    static const char *const lists[] = {[API_CLASSES] = "leaf_module_classes",
                                        [API_UNSET] = "leaf_module_classes",
                                        [API_BY_NAME] = "module_names",
                                        [API_BY_SUFFIX] = "module_name_suffixes"};
    bool by_text = api == API_BY_NAME || api == API_BY_SUFFIX;
    uint32_t list = argument(calls, number, 1, lists[api]);
    int flag = by_text ? truth(calls, argument(calls, number, 2, "flag"), 1) : api == API_CLASSES;
    int raises = truth(calls, argument(calls, number, by_text ? 3 : 2, "raise_if_not_found"), 1);
    if (!is_model(calls, argument(calls, number, 0, "model")) || !list || flag < 0)
        return false;
    const struct ast_node *node = script_node(script, list);
    if (node->kind == AST_NAME || node->kind == AST_LOCAL) {
        list = script_value_of(script, node->a);
        node = script_node(script, list);
    }
    if (!list || (node->kind != AST_LIST && node->kind != AST_TUPLE && node->kind != AST_SET))
        return false;
    uint32_t items = node->a;
    struct reference_call *call = ARENA_NEW(script->arena, struct reference_call);
    *call = (struct reference_call){.name = text_from(api_names[api]), .span = script_span(script, number)};
    call->removes = flag == 0;
    call->each_raises = by_text && raises == 1;
    call->none_raises = !by_text && raises == 1;
    call->complete = true;
    for (uint32_t i = 0; i < length(calls, items); i++)
        call->complete = add_entry(calls, api, item(calls, items, i), call, i) && call->complete;
    return call->complete;
}

/* model.model.layers[3].mlp -> "model.layers.3.mlp"; false when it is no such path. */
static bool module_path(const struct calls *calls, uint32_t number, struct text_builder *path)
{
    const struct script *script = calls->script;
    if (is_model(calls, number))
        return true;
    const struct ast_node *node = script_node(script, number);
    if ((node->kind != AST_ATTRIBUTE && node->kind != AST_SUBSCRIPT) || !module_path(calls, node->a, path))
        return false;
    if (path->length)
        text_builder_add(path, TEXT("."));
    if (node->kind == AST_ATTRIBUTE) {
        text_builder_add(path, script_string(script, node->b));
        return true;
    }
    const struct ast_node *index = script_node(script, node->b);
    text_builder_addf(path, "%u", index->a);
    return index->kind == AST_INT && index->b == 0;
}

/* A flag on one module. */
static bool read_one_module(struct calls *calls, uint32_t module, int flag, struct text name, uint32_t at)
{
    struct text_builder path = {0};
    bool known = module && flag >= 0 && module_path(calls, module, &path);
    if (known) {
        struct reference_call *call = ARENA_NEW(calls->script->arena, struct reference_call);
        *call = (struct reference_call){.name = name, .span = script_span(calls->script, at)};
        call->removes = flag == 0;
        call->complete = call->unproven = true;
        struct text text = text_copy(calls->script->arena, text_builder_text(&path));
        add_reference(calls, REFERENCE_NAME, text, module, call, 0);
    }
    text_builder_free(&path);
    return known;
}

/* ---- what certainly runs ---- */

static void walk_list(struct calls *calls, uint32_t list, bool *certain);

static void note(struct calls *calls, bool understood, uint32_t node)
{
    if (!understood)
        return;
    if (calls->understood++ == 0)
        calls->first = script_span(calls->script, node);
}

/* Is the function's parameter `model`, when it has one, given the model? */
static bool hands_on_model(const struct calls *calls, const struct ast_function *function, uint32_t call)
{
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const struct ast_parameter *parameter = &calls->script->file->ast.parameters[function->first_parameter + i];
        if (text_equal(script_string(calls->script, parameter->name), TEXT("model")))
            return !has_stars(calls, call) && is_model(calls, argument(calls, call, i, "model"));
    }
    return true;
}

/* A function of this file that is called by name. */
static void follow(struct calls *calls, uint32_t call)
{
    struct python_file *file = calls->script->file;
    const struct ast_node *node = script_node(calls->script, script_node(calls->script, call)->a);
    if (node->kind != AST_NAME || calls->depth == LIMIT_SCRIPT_CALLS || ++calls->follows > LIMIT_SCRIPT_LOOKUPS)
        return;
    struct text name = script_string(calls->script, node->a);
    for (uint32_t i = 0; i < file->piece_count; i++) {
        const struct python_piece *piece = &file->pieces[i];
        if (piece->kind != PIECE_FUNCTION || piece->state != PIECE_PARSED || calls->entered[i])
            continue;
        const struct ast_node *definition = &file->ast.nodes[piece->node];
        if (definition->kind != AST_FUNCTION || !text_equal(script_string(calls->script, file->ast.functions[definition->a].name), name))
            continue;
        if (!hands_on_model(calls, &file->ast.functions[definition->a], call))
            continue;
        bool certain = !(file->ast.functions[definition->a].flags & (FUNCTION_GENERATOR | FUNCTION_ASYNC | FUNCTION_BROKEN));
        calls->entered[i] = true;
        calls->depth++;
        walk_list(calls, file->ast.functions[definition->a].body, &certain);
        calls->depth--;
    }
}

static void read_call(struct calls *calls, uint32_t number)
{
    const struct ast_node *node = script_node(calls->script, number);
    if (node->kind != AST_CALL)
        return;
    enum api api = api_of(calls->script, node->a);
    if (api == API_NONE)
        follow(calls, number);
    else if (has_stars(calls, number))
        return;
    else if (api == API_ONE_MODULE)
        note(calls,
             read_one_module(calls, argument(calls, number, 0, "model"), truth(calls, argument(calls, number, 1, "flag"), -1),
                             text_from(api_names[api]), number),
             number);
    else
        note(calls, read_list_call(calls, number, api), number);
}

/* May the statement leave the block that it is in?  Recursion is bounded as the tree is. */
static bool may_leave(const struct calls *calls, uint32_t number)
{
    const struct ast_node *node = script_node(calls->script, number);
    uint32_t lists[3] = {0, 0, 0};
    switch (node->kind) {
    case AST_RETURN:
    case AST_RAISE:
    case AST_BREAK:
    case AST_CONTINUE:
    case AST_MATCH: return true;
    case AST_IF:
    case AST_FOR:
    case AST_WHILE:
        lists[0] = node->b;
        lists[1] = node->c;
        break;
    case AST_WITH: lists[0] = node->b; break;
    case AST_TRY:
        lists[0] = node->a;
        for (uint32_t i = 0; i < length(calls, node->b); i++) {
            uint32_t body = script_node(calls->script, item(calls, node->b, i))->c;
            for (uint32_t statement = 0; statement < length(calls, body); statement++)
                if (may_leave(calls, item(calls, body, statement)))
                    return true;
        }
        if (node->c) {
            lists[1] = script_node(calls->script, node->c)->a;
            lists[2] = script_node(calls->script, node->c)->b;
        }
        break;
    default: return false;
    }
    for (int list = 0; list < 3; list++)
        for (uint32_t i = 0; i < length(calls, lists[list]); i++)
            if (may_leave(calls, item(calls, lists[list], i)))
                return true;
    return false;
}

/* `if __name__ == "__main__"`, `if is_deepspeed_zero3_enabled()`: what the file is for. */
static bool is_expected(const struct calls *calls, uint32_t condition)
{
    const struct ast_node *node = script_node(calls->script, condition);
    if (node->kind == AST_COMPARE && length(calls, node->b) == 2 && item(calls, node->b, 0) == OP_EQUAL) {
        const struct ast_node *left = script_node(calls->script, node->a);
        const struct ast_node *right = script_node(calls->script, item(calls, node->b, 1));
        return left->kind == AST_NAME && text_equal(script_string(calls->script, left->a), TEXT("__name__")) &&
               right->kind == AST_STRING && text_equal(script_string(calls->script, right->a), TEXT("__main__"));
    }
    if (node->kind != AST_CALL || length(calls, node->b) != 0)
        return false;
    const struct ast_node *function = script_node(calls->script, node->a);
    struct text name = function->kind == AST_ATTRIBUTE ? script_string(calls->script, function->b)
                       : function->kind == AST_NAME || function->kind == AST_LOCAL
                           ? script_string(calls->script, function->a)
                           : TEXT("");
    return text_equal(name, TEXT("is_deepspeed_zero3_enabled"));
}

static void walk_assignment(struct calls *calls, uint32_t number)
{
    const struct ast_node node = *script_node(calls->script, number);
    if (length(calls, node.a) == 1) {
        uint32_t target = item(calls, node.a, 0);
        const struct ast_node *attribute = script_node(calls->script, target);
        if (attribute->kind == AST_ATTRIBUTE && text_equal(script_string(calls->script, attribute->b), TEXT("_z3_leaf"))) {
            note(calls, read_one_module(calls, attribute->a, truth(calls, node.b, -1), TEXT("_z3_leaf"), target), target);
            return;
        }
    }
    read_call(calls, node.b);
}

static void walk_statement(struct calls *calls, uint32_t number, bool *certain)
{
    const struct ast_node node = *script_node(calls->script, number);
    bool inner = true;
    switch (node.kind) {
    case AST_EXPRESSION: read_call(calls, node.a); return;
    case AST_ASSIGN: walk_assignment(calls, number); return;
    case AST_ANNOTATE:
        if (node.c)
            read_call(calls, node.c);
        return;
    case AST_RETURN:
        if (node.a)
            read_call(calls, node.a);
        *certain = false;
        return;
    case AST_WITH:
        walk_list(calls, node.b, &inner);
        *certain = inner;
        return;
    case AST_IF:
        if (is_expected(calls, node.a)) {
            walk_list(calls, node.b, &inner);
            return;
        }
        break;
    default: break;
    }
    if (may_leave(calls, number))
        *certain = false;
}

static void walk_list(struct calls *calls, uint32_t list, bool *certain)
{
    for (uint32_t i = 0; i < length(calls, list) && *certain; i++)
        walk_statement(calls, item(calls, list, i), certain);
}

static void read_calls(struct calls *calls)
{
    struct python_file *file = calls->script->file;
    bool certain = !calls->script->broken;
    calls->entered = memory_alloc(file->piece_count + 1);
    memset(calls->entered, 0, file->piece_count + 1);
    calls->model_is_part = model_is_part(calls);
    for (uint32_t i = 0; i < file->piece_count && certain; i++) {
        const struct python_piece *piece = &file->pieces[i];
        if (piece->state == PIECE_PARSED && piece->kind != PIECE_FUNCTION && piece->kind != PIECE_CLASS)
            walk_statement(calls, piece->node, &certain);
    }
    free(calls->entered);
}

/* ---- the settings ---- */

static bool is_settings(struct script *script, uint32_t number)
{
    const struct ast_node *node = script_node(script, number);
    const struct ast *ast = &script->file->ast;
    for (uint32_t i = 0; node->kind == AST_DICT && i + 1 < ast_list_count(ast, node->a); i += 2) {
        uint32_t key = ast_list_item(ast, node->a, i);
        if (key && script_node(script, key)->kind == AST_STRING &&
            text_equal(script_string(script, script_node(script, key)->a), TEXT("zero_optimization")))
            return true;
    }
    return false;
}

enum change { CHANGE_NONE, CHANGE_POSSIBLE, CHANGE_LIKELY };

/* May something change the dict: through the variable that it is assigned to, or where it is handed on? */
static enum change change_of(struct script *script, uint32_t dict)
{
    const struct ast *ast = &script->file->ast;
    for (uint32_t i = 1; i < ast->node_count; i++) {
        const struct ast_node *node = &ast->nodes[i];
        if (node->kind == AST_ASSIGN && node->b == dict) {
            uint32_t target = ast_list_item(ast, node->a, 0);
            const struct ast_node *name = script_node(script, target);
            bool fixed = ast_list_count(ast, node->a) == 1 && (name->kind == AST_NAME || name->kind == AST_LOCAL) &&
                         script_value_of(script, name->a) == dict;
            return fixed ? CHANGE_NONE : CHANGE_LIKELY;
        }
        if (node->kind == AST_KEYWORD && node->b == dict)
            return CHANGE_NONE; /* handed on as it is: config={...} */
    }
    return CHANGE_POSSIBLE;
}

/* Is something of it not known that may hold stage or leaves? */
static bool is_partly_known(const struct json_value *root)
{
    const struct json_value *zero = json_get(root, TEXT("zero_optimization"));
    const struct json_value *leaf = json_get(zero, TEXT("leaf_module"));
    return root->uncertain || !zero || zero->damaged || zero->uncertain || (leaf && (leaf->damaged || leaf->uncertain));
}

static void begin(struct deepspeed_reader *reader, struct configs *configs, struct source *source, struct arena *arena)
{
    struct config *config = &configs->items[configs->count++];
    *config = (struct config){.source = source, .readable = true};
    *reader = (struct deepspeed_reader){.config = config, .source = source, .arena = arena, .last_key_counts = true};
    config->leaf.stage = -1;
    config->leaf.valid = true;
}

static void read_dict(struct deepspeed_reader *reader, struct script *script, uint32_t number)
{
    struct leaf_config *leaf = &reader->config->leaf;
    reader->document.root = script_literal(script, number, 0);
    read_settings(reader);
    leaf->valid = !reader->refused;
    enum change change = change_of(script, number);
    leaf->may_change = change == CHANGE_POSSIBLE;
    leaf->other_leaves = change == CHANGE_LIKELY || is_partly_known(reader->document.root);
}

static void add_calls(struct config *config, const struct calls *calls, bool all, struct arena *arena)
{
    size_t count = config->reference_count + calls->count;
    struct reference *references = ARENA_ARRAY(arena, count, struct reference);
    if (config->reference_count)
        memcpy(references, config->references, config->reference_count * sizeof *references);
    if (calls->count)
        memcpy(references + config->reference_count, calls->references, calls->count * sizeof *references);
    config->references = references;
    config->reference_count = count;
    config->leaf.other_leaves = config->leaf.other_leaves || !all;
}

void config_read_python(struct configs *configs, struct source *source, struct arena *arena)
{
    struct script script;
    struct calls calls = {.script = &script};
    struct deepspeed_reader *reader = memory_alloc(sizeof *reader);
    *configs = (struct configs){.items = ARENA_ARRAY(arena, LIMIT_CONFIG_SECTIONS, struct config)};
    bool any = script_open(&script, source, arena);
    if (any)
        read_calls(&calls);
    size_t settings = any ? count_settings(&script) : 0;
    bool all = any && !script.broken && settings == calls.understood;
    for (uint32_t i = 1; any && i < script.file->ast.node_count; i++) {
        if (!is_settings(&script, i))
            continue;
        if (configs->count == LIMIT_CONFIG_SECTIONS) {
            configs->left_out++;
            continue;
        }
        begin(reader, configs, source, arena);
        read_dict(reader, &script, i);
    }
    if (configs->count == 0) { /* calls only: the settings are in another file */
        begin(reader, configs, source, arena);
        reader->config->nothing = settings == 0 && !script.broken;
        reader->config->leaf.span = calls.first;
        reader->config->flat = TEXT("set_z3_leaf_modules");
        reader->config->leaf.other_leaves = calls.count == 0;
    }
    add_calls(&configs->items[0], &calls, all, arena);
    for (size_t i = 1; i < configs->count; i++)
        configs->items[i].leaf.other_leaves = configs->items[i].leaf.other_leaves || settings > 0;
    configs->broken = script.broken;
    configs->untold = !script.broken && settings > calls.understood;
    free(calls.references);
    script_close(&script);
    free(reader);
}
