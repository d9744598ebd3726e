#include "model/whole_sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

struct reading {
    const struct importer *importer;
    struct arena arena;
    enum whole_reach reach;
    struct text *modules; /* all that were met, each once: first those that were read, then those that wait */
    size_t count, capacity, next;
};

/* The package that `level` dots mean in the module. */
static struct text package_of(struct text module, bool is_package, uint32_t level)
{
    for (uint32_t i = is_package ? 1 : 0; i < level; i++) {
        while (module.length && module.bytes[module.length - 1] != '.')
            module.length--;
        if (module.length)
            module.length--;
    }
    return module;
}

/* Is the module one that counts, as far as its name tells?  Looking for a file costs more than reading many. */
static bool may_count(const struct reading *reading, struct text dotted)
{
    return reading->reach == WHOLE_ALL || text_starts(dotted, TEXT("transformers.models.")) ||
           !(text_starts(dotted, TEXT("transformers.")) || text_equal(dotted, TEXT("transformers")));
}

static void meet_module(struct reading *reading, struct text dotted)
{
    for (size_t i = 0; i < reading->count; i++)
        if (text_equal(reading->modules[i], dotted))
            return;
    if (reading->count >= LIMIT_IMPORT_FILES)
        return;
    if (reading->count == reading->capacity)
        reading->modules = array_grow(reading->modules, reading->count, &reading->capacity, sizeof *reading->modules);
    reading->modules[reading->count++] = text_copy(&reading->arena, dotted);
}

/* A module that is imported, and the packages that it is in. */
static void meet(struct reading *reading, struct text dotted)
{
    if (dotted.length > LIMIT_MODULE_NAME)
        return;
    for (size_t end = 1; end <= dotted.length; end++) {
        struct text prefix = {dotted.bytes, end};
        if ((end == dotted.length || dotted.bytes[end] == '.') && may_count(reading, prefix))
            meet_module(reading, prefix);
    }
}

static struct text joined(struct arena *arena, struct text package, struct text name)
{
    if (!package.length || !name.length)
        return package.length ? package : name;
    return text_format(arena, "%.*s.%.*s", TEXT_ARGS(package), TEXT_ARGS(name));
}

/* May importing the file bind the name?  Certainly not: none of its statements does, and none that may do more has the
 * name in its text. */
static bool may_bind(const struct python_file *file, struct text name)
{
    uint32_t string = python_string_find(file, name), star = python_string_find(file, TEXT("*"));
    uint32_t getattr = python_string_find(file, TEXT("__getattr__"));
    for (uint32_t i = 0; i < file->piece_count; i++) {
        const struct python_piece *piece = &file->pieces[i];
        for (uint32_t k = 0; k < piece->name_count; k++) {
            uint32_t bound = file->names[piece->first_name + k];
            if (bound == string || bound == star || bound == getattr)
                return true;
        }
        bool may_do_more = piece->kind == PIECE_BLOCK || piece->kind == PIECE_EFFECT || piece->kind == PIECE_OTHER;
        if (may_do_more && !piece->docstring && python_piece_mentions(file, i, name))
            return true;
    }
    return text_starts(name, TEXT("__"));
}

/* The modules that a statement of the top level imports.  False when a name that it imports from a file is not there. */
static bool follow(struct reading *reading, const struct python_file *file, uint32_t number, struct text module, bool is_package)
{
    const struct ast *ast = &file->ast;
    struct ast_node node = ast->nodes[number];
    if (node.kind != AST_IMPORT && node.kind != AST_FROM_IMPORT)
        return true;
    if (node.kind == AST_IMPORT) {
        for (uint32_t i = 0; i < ast_list_count(ast, node.a); i++)
            meet(reading, ast->strings[ast->nodes[ast_list_item(ast, node.a, i)].a]);
        return true;
    }
    struct text from = node.op ? package_of(module, is_package, node.op) : (struct text){0};
    from = joined(&reading->arena, from, ast->strings[node.a]);
    struct found_module found = {0};
    if (!may_count(reading, from) || !reading->importer->find(reading->importer->context, from, &found) || (!found.file && !found.is_package))
        return true;
    meet(reading, from);
    for (uint32_t i = 0; i < ast_list_count(ast, node.b); i++) {
        struct text name = ast->strings[ast->nodes[ast_list_item(ast, node.b, i)].a], defined;
        /* What is imported from a package may be a module of it, or be defined in one. */
        if (found.is_package) {
            meet(reading, joined(&reading->arena, from, name));
            if (reading->importer->find_symbol(reading->importer->context, from, name, &defined))
                meet(reading, defined);
        } else if (!found.fact && !text_equal(name, TEXT("*")) && !may_bind(found.file, name))
            return false;
    }
    return true;
}

/* Can the statement import something that counts?  Told by its text, before it is parsed: in transformers' modules of
 * models one dot or two stay among models. */
static bool may_follow(const struct reading *reading, const struct found_module *found, uint32_t number)
{
    const struct python_piece *piece = &found->file->pieces[number];
    struct text text = {found->file->source.bytes.bytes + piece->keyword, piece->end - piece->keyword};
    if (piece->kind != PIECE_FROM && piece->kind != PIECE_IMPORT)
        return false;
    return reading->reach == WHOLE_ALL || found->is_custom || (text_starts(text, TEXT("from .")) && !text_starts(text, TEXT("from ...")));
}

bool whole_sources_broken(const struct importer *importer, struct text dotted, enum whole_reach reach, struct unit *unit,
                          struct reason *reason)
{
    struct reading reading = {.importer = importer, .reach = reach};
    bool broken = false;
    meet(&reading, dotted);
    while (!broken && reading.next < reading.count) {
        struct text module = reading.modules[reading.next++];
        struct found_module found = {0};
        if (!importer->find(importer->context, module, &found) || !found.file)
            continue;
        *unit = (struct unit){.file = found.file, .shown = found.shown};
        broken = !python_file_parses(found.file);
        if (broken)
            *reason = (struct reason){.words = found.file->whole_trouble, .unit = unit, .at = found.file->whole_trouble_at};
        bool is_followed = reach == WHOLE_ALL || found.is_custom || text_equal(module, dotted);
        for (uint32_t i = 0; is_followed && !broken && i < found.file->piece_count; i++) {
            if (!may_follow(&reading, &found, i) || python_piece_parse(found.file, i) != PIECE_PARSED)
                continue;
            uint32_t node = found.file->pieces[i].node;
            broken = !follow(&reading, found.file, node, module, found.is_package);
            if (broken)
                *reason = (struct reason){.words = TEXT("an import of a name that is not there"), .unit = unit, .at = found.file->ast.nodes[node].at};
        }
    }
    free(reading.modules);
    arena_free(&reading.arena);
    return broken;
}
