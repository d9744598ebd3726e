#include "static_host.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_FILES 4000
#define MAX_DEPTH 12

struct known_class {
    struct python_file *file;
    uint32_t piece;
    int parameters; /* 1: some, 0: none, -1: being looked at */
};

struct sources {
    char folder[1024];
    struct arena arena;
    struct python_file *files[MAX_FILES];
    size_t file_count;
    struct known_class *classes;
    size_t class_count, class_capacity;
};

/* ---- files ---- */

struct sources *sources_open(const char *folder)
{
    struct sources *sources = memory_alloc(sizeof *sources);
    memset(sources, 0, sizeof *sources);
    snprintf(sources->folder, sizeof sources->folder, "%s", folder);
    return sources;
}

void sources_close(struct sources *sources)
{
    for (size_t i = 0; i < sources->file_count; i++)
        python_file_free(sources->files[i]);
    free(sources->classes);
    arena_free(&sources->arena);
    free(sources);
}

static struct python_file *add_file(struct sources *sources, struct source *source)
{
    if (sources->file_count == MAX_FILES) {
        source_free(source);
        return NULL;
    }
    return sources->files[sources->file_count++] = python_file_split(source);
}

struct python_file *sources_file(struct sources *sources, struct text path)
{
    for (size_t i = 0; i < sources->file_count; i++)
        if (text_equal(sources->files[i]->source.path, path))
            return sources->files[i];
    char full[4096];
    snprintf(full, sizeof full, "%s/%.*s", sources->folder, TEXT_ARGS(path));
    struct source source;
    if (source_read(&source, full, path, LIMIT_SOURCE_BYTES) != SOURCE_OK)
        return NULL;
    return add_file(sources, &source);
}

struct python_file *sources_text(struct sources *sources, struct text path, struct text code)
{
    struct source source;
    source_from_bytes(&source, code, path);
    return add_file(sources, &source);
}

/* ---- names ---- */

static bool binds(const struct python_file *file, const struct python_piece *piece, struct text name)
{
    for (uint32_t i = 0; i < piece->name_count; i++)
        if (text_equal(file->ast.strings[file->names[piece->first_name + i]], name))
            return true;
    return false;
}

uint32_t static_find_class(const struct python_file *file, struct text name)
{
    for (uint32_t i = 0; i < file->piece_count; i++)
        if (file->pieces[i].kind == PIECE_CLASS && binds(file, &file->pieces[i], name))
            return i;
    return UINT32_MAX;
}

struct found {
    struct python_file *file;
    uint32_t piece; /* a class or a function */
};

static bool find_name(struct sources *sources, struct python_file *file, struct text name, struct found *found,
                      unsigned depth);

/* The file that `from ..a.b import` means, seen from `file`. */
static struct python_file *imported_file(struct sources *sources, const struct python_file *file, unsigned level,
                                         struct text dotted)
{
    char path[1024] = "";
    size_t length = 0;
    if (level) {
        struct text from = file->source.path;
        length = from.length < sizeof path ? from.length : 0;
        memcpy(path, from.bytes, length);
        for (unsigned up = 0; up < level; up++) {
            while (length && path[length - 1] != '/')
                length--;
            if (up + 1 < level && length)
                length--;
        }
    } else if (text_starts(dotted, TEXT("transformers."))) {
        dotted.bytes += 13;
        dotted.length -= 13;
    } else {
        return NULL;
    }
    if (length + dotted.length + 16 > sizeof path)
        return NULL;
    for (size_t i = 0; i < dotted.length; i++)
        path[length++] = dotted.bytes[i] == '.' ? '/' : dotted.bytes[i];
    if (dotted.length) {
        snprintf(path + length, sizeof path - length, ".py");
        struct python_file *module = sources_file(sources, text_copy(&sources->arena, text_from(path)));
        if (module)
            return module;
        path[length++] = '/';
    }
    snprintf(path + length, sizeof path - length, "__init__.py");
    return sources_file(sources, text_copy(&sources->arena, text_from(path)));
}

static bool find_import(struct sources *sources, struct python_file *file, uint32_t node, struct text name,
                        struct found *found, unsigned depth)
{
    struct ast_node import = file->ast.nodes[node];
    for (uint32_t i = 0; i < ast_list_count(&file->ast, import.b); i++) {
        struct ast_node alias = file->ast.nodes[ast_list_item(&file->ast, import.b, i)];
        struct text bound = file->ast.strings[alias.b ? alias.b : alias.a];
        bool star = text_equal(bound, TEXT("*"));
        if (!star && !text_equal(bound, name))
            continue;
        struct python_file *from = imported_file(sources, file, import.op, file->ast.strings[import.a]);
        if (from && find_name(sources, from, star ? name : file->ast.strings[alias.a], found, depth + 1))
            return true;
    }
    return false;
}

static bool find_in_list(struct sources *sources, struct python_file *file, uint32_t list, struct text name,
                         struct found *found, unsigned depth)
{
    for (uint32_t i = 0; i < ast_list_count(&file->ast, list) && depth < MAX_DEPTH; i++) {
        uint32_t number = ast_list_item(&file->ast, list, i);
        struct ast_node node = file->ast.nodes[number];
        bool hit = false;
        if (node.kind == AST_FROM_IMPORT)
            hit = find_import(sources, file, number, name, found, depth);
        else if (node.kind == AST_IF)
            hit = find_in_list(sources, file, node.b, name, found, depth + 1) ||
                  find_in_list(sources, file, node.c, name, found, depth + 1);
        else if (node.kind == AST_TRY)
            hit = find_in_list(sources, file, node.a, name, found, depth + 1);
        if (hit)
            return true;
    }
    return false;
}

static bool find_name(struct sources *sources, struct python_file *file, struct text name, struct found *found,
                      unsigned depth)
{
    if (depth > MAX_DEPTH)
        return false;
    for (uint32_t i = 0; i < file->piece_count; i++) {
        uint8_t kind = file->pieces[i].kind;
        if ((kind == PIECE_CLASS || kind == PIECE_FUNCTION) && binds(file, &file->pieces[i], name)) {
            *found = (struct found){file, i};
            return true;
        }
        bool star =
            kind == PIECE_FROM && python_piece_mentions(file, i, TEXT("import")) &&
            memchr(file->source.bytes.bytes + file->pieces[i].start, '*', file->pieces[i].end - file->pieces[i].start);
        if ((kind == PIECE_FROM || kind == PIECE_BLOCK) && (star || python_piece_mentions(file, i, name)) &&
            python_piece_parse(file, i) == PIECE_PARSED) {
            uint32_t node = file->pieces[i].node;
            struct ast_node block = file->ast.nodes[node];
            if (kind == PIECE_FROM ? find_import(sources, file, node, name, found, depth)
                : block.kind == AST_IF
                    ? find_in_list(sources, file, block.b, name, found, depth) ||
                          find_in_list(sources, file, block.c, name, found, depth)
                    : block.kind == AST_TRY && find_in_list(sources, file, block.a, name, found, depth))
                return true;
        }
    }
    return false;
}

/* ---- classes ---- */

static struct text last_name(const struct python_file *file, uint32_t number)
{
    struct ast_node node = file->ast.nodes[number];
    if (node.kind == AST_NAME || node.kind == AST_LOCAL)
        return file->ast.strings[node.a];
    if (node.kind == AST_ATTRIBUTE)
        return file->ast.strings[node.b];
    return TEXT("");
}

static void add_class(struct static_class *class, struct class_place place)
{
    for (uint32_t i = 0; i < class->mro_count; i++)
        if (class->mro[i].file == place.file && class->mro[i].piece == place.piece &&
            text_equal(class->mro[i].name, place.name)) {
            /* a common base comes after all that derive from it */
            memmove(&class->mro[i], &class->mro[i + 1], (class->mro_count - i - 1) * sizeof *class->mro);
            class->mro_count--;
            break;
        }
    if (class->mro_count < LIMIT_MRO)
        class->mro[class->mro_count++] = place;
}

static bool add_bases(struct static_class *class, struct python_file *file, uint32_t piece, unsigned depth)
{
    if (depth > MAX_DEPTH || python_piece_parse(file, piece) != PIECE_PARSED)
        return false;
    struct ast_node node = file->ast.nodes[file->pieces[piece].node];
    struct ast_class header = file->ast.classes[node.a];
    add_class(class, (struct class_place){file, piece, file->ast.strings[header.name]});
    for (uint32_t i = 0; i < ast_list_count(&file->ast, header.arguments); i++) {
        uint32_t base = ast_list_item(&file->ast, header.arguments, i);
        struct text name = last_name(file, base);
        struct found found;
        if (file->ast.nodes[base].kind == AST_NAME && find_name(class->sources, file, name, &found, 0) &&
            found.file->pieces[found.piece].kind == PIECE_CLASS) {
            if (!add_bases(class, found.file, found.piece, depth + 1))
                return false;
        } else if (name.length) {
            add_class(class, (struct class_place){.name = name});
        }
    }
    return true;
}

bool static_class_open(struct static_class *class, struct sources *sources, struct python_file *file, uint32_t piece)
{
    class->sources = sources;
    class->mro_count = 0;
    return add_bases(class, file, piece, 0);
}

static bool is_one_of(struct text name, const char *const *names)
{
    for (; *names; names++)
        if (text_equal(name, text_from(*names)))
            return true;
    return false;
}

static const char *const container_names[] = {"ModuleList", "ModuleDict", "Sequential", NULL};
static const char *const list_names[] = {"ModuleList", "ModuleDict", NULL};

static bool has_base(const struct static_class *class, const char *const *names)
{
    for (uint32_t i = 0; i < class->mro_count; i++)
        if (!class->mro[i].file && is_one_of(class->mro[i].name, names))
            return true;
    return false;
}

bool static_class_is_module(const struct static_class *class)
{
    static const char *const modules[] = {"Module", "ModuleList",  "ModuleDict", "Sequential",
                                          "Linear", "Embedding",   "LayerNorm",  "Conv1d",
                                          "Conv2d", "BatchNorm2d", "RMSNorm",    NULL};
    return has_base(class, modules);
}

/* ---- methods ---- */

static bool find_method(const struct static_class *class, struct text name, uint32_t from,
                        struct routing_method *method)
{
    for (uint32_t i = from; i < class->mro_count; i++) {
        struct python_file *file = class->mro[i].file;
        if (!file)
            continue;
        uint32_t piece = class->mro[i].piece;
        python_class_split(file, piece);
        for (uint32_t m = file->pieces[piece].member_count; m-- > 0;) {
            uint32_t member = file->pieces[piece].first_member + m;
            if (file->pieces[member].kind != PIECE_FUNCTION || !binds(file, &file->pieces[member], name))
                continue;
            *method = (struct routing_method){file, ROUTING_UNREADABLE, i};
            if (python_piece_parse(file, member) == PIECE_PARSED)
                method->function = file->ast.nodes[file->pieces[member].node].a;
            return true;
        }
    }
    return false;
}

static bool host_method(void *context, struct text name, uint32_t from, struct routing_method *method)
{
    return find_method(context, name, from, method);
}

static bool host_function(void *context, struct python_file *file, struct text name, struct routing_method *function)
{
    struct static_class *class = context;
    struct found found;
    if (!find_name(class->sources, file, name, &found, 0) || found.file->pieces[found.piece].kind != PIECE_FUNCTION ||
        python_piece_parse(found.file, found.piece) != PIECE_PARSED)
        return false;
    uint32_t number = found.file->ast.nodes[found.file->pieces[found.piece].node].a;
    *function = (struct routing_method){found.file, number, 0};
    return true;
}

/* ---- attributes ---- */

/* torch modules without parameters: ZeRO-3 gathers nothing for them. */
static const char *const bare_modules[] = {"ReLU",
                                           "ReLU6",
                                           "GELU",
                                           "SiLU",
                                           "Tanh",
                                           "Sigmoid",
                                           "Softmax",
                                           "Dropout",
                                           "Dropout1d",
                                           "Dropout2d",
                                           "Dropout3d",
                                           "Identity",
                                           "Flatten",
                                           "MaxPool2d",
                                           "AvgPool2d",
                                           "AvgPool1d",
                                           "MaxPool1d",
                                           "Upsample",
                                           "Softplus",
                                           "GLU",
                                           "ELU",
                                           "LeakyReLU",
                                           "AdaptiveAvgPool2d",
                                           "Unfold",
                                           "ZeroPad2d",
                                           "PixelShuffle",
                                           "Hardtanh",
                                           "Mish",
                                           "CrossEntropyLoss",
                                           "MSELoss",
                                           "BCEWithLogitsLoss",
                                           "Fold",
                                           "AdaptiveAvgPool1d",
                                           "ConstantPad1d",
                                           "ConstantPad2d",
                                           "Hardswish",
                                           "Hardsigmoid",
                                           "LogSoftmax",
                                           NULL};

static enum routing_attribute class_attribute(struct sources *sources, struct python_file *file, uint32_t piece);

/* What `f(...)` makes, by the name of f. */
static enum routing_attribute call_attribute(struct static_class *class, struct python_file *file, uint32_t function)
{
    struct ast_node node = file->ast.nodes[function];
    struct text name = last_name(file, function);
    struct found found;
    if (node.kind == AST_NAME && find_name(class->sources, file, name, &found, 0)) {
        if (found.file->pieces[found.piece].kind == PIECE_CLASS)
            return class_attribute(class->sources, found.file, found.piece);
        return name.length && name.bytes[0] >= 'A' && name.bytes[0] <= 'Z' ? ATTRIBUTE_CHILD : ATTRIBUTE_CANNOT_TELL;
    }
    if (is_one_of(name, list_names))
        return ATTRIBUTE_CONTAINER;
    if (is_one_of(name, bare_modules))
        return ATTRIBUTE_PLAIN;
    if (node.kind == AST_ATTRIBUTE &&
        (text_starts(name, TEXT("from_config")) || text_starts(name, TEXT("_from_config"))))
        return ATTRIBUTE_CHILD;
    if (node.kind == AST_SUBSCRIPT) {
        struct text table = last_name(file, node.a);
        return text_starts(table, TEXT("ACT")) ? ATTRIBUTE_PLAIN : ATTRIBUTE_CHILD;
    }
    if (node.kind == AST_ATTRIBUTE) {
        struct text root = last_name(file, node.a);
        bool capital = name.length && name.bytes[0] >= 'A' && name.bytes[0] <= 'Z';
        return text_equal(root, TEXT("nn")) && capital && !text_equal(name, TEXT("Parameter")) &&
                       !text_equal(name, TEXT("Buffer"))
                   ? ATTRIBUTE_CHILD
                   : ATTRIBUTE_PLAIN;
    }
    return node.kind == AST_LOCAL ? ATTRIBUTE_CHILD : ATTRIBUTE_PLAIN; /* a class or function picked before */
}

static int stronger(enum routing_attribute kind)
{
    switch (kind) {
    case ATTRIBUTE_PLAIN: return 0;
    case ATTRIBUTE_CANNOT_TELL: return 1;
    case ATTRIBUTE_CONTAINER: return 2;
    case ATTRIBUTE_CHILD: return 3;
    }
    return 0;
}

static enum routing_attribute stronger_of(enum routing_attribute a, enum routing_attribute b)
{
    return stronger(a) > stronger(b) ? a : b;
}

static enum routing_attribute value_attribute(struct static_class *class, struct python_file *file, uint32_t number,
                                              unsigned depth)
{
    struct ast_node node = file->ast.nodes[number];
    if (depth > MAX_DEPTH)
        return ATTRIBUTE_CANNOT_TELL;
    if (node.kind == AST_CALL)
        return call_attribute(class, file, node.a);
    if (node.kind == AST_CONDITIONAL)
        return stronger_of(value_attribute(class, file, node.b, depth + 1),
                           value_attribute(class, file, node.c, depth + 1));
    return ATTRIBUTE_PLAIN;
}

/* Is the name, a string or an f-string whose numbers are 0, this one? */
static bool is_name(const struct python_file *file, uint32_t number, struct text name)
{
    struct ast_node node = file->ast.nodes[number];
    if (node.kind == AST_STRING)
        return text_equal(file->ast.strings[node.a], name);
    if (node.kind != AST_FSTRING)
        return false;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node.a); i++) {
        struct ast_node part = file->ast.nodes[ast_list_item(&file->ast, node.a, i)];
        struct text piece = part.kind == AST_STRING ? file->ast.strings[part.a] : TEXT("0");
        if (!text_starts(name, piece))
            return false;
        name.bytes += piece.length;
        name.length -= piece.length;
    }
    return name.length == 0;
}

/* Looks through all nodes of the function for assignments to self.NAME, and calls that set it. */
static enum routing_attribute assigned(struct static_class *class, const struct routing_method *method,
                                       struct text name)
{
    struct python_file *file = method->file;
    struct ast_function function = file->ast.functions[method->function];
    enum routing_attribute kind = ATTRIBUTE_PLAIN;
    size_t count = file->ast.node_count;
    for (size_t i = 1; i < count; i++) {
        struct ast_node node = file->ast.nodes[i];
        if (node.at < function.at || node.at >= function.end)
            continue;
        uint32_t value = 0;
        if (node.kind == AST_ASSIGN || node.kind == AST_ANNOTATE) {
            uint32_t targets = node.kind == AST_ASSIGN ? ast_list_count(&file->ast, node.a) : 1;
            for (uint32_t t = 0; t < targets; t++) {
                uint32_t target = node.kind == AST_ASSIGN ? ast_list_item(&file->ast, node.a, t) : node.a;
                struct ast_node to = file->ast.nodes[target];
                if (to.kind == AST_ATTRIBUTE && text_equal(file->ast.strings[to.b], name) &&
                    text_equal(last_name(file, to.a), TEXT("self")))
                    value = node.kind == AST_ASSIGN ? node.b : node.c;
            }
        } else if (node.kind == AST_CALL) {
            struct text called = last_name(file, node.a);
            uint32_t arguments = ast_list_count(&file->ast, node.b);
            uint32_t skip = text_equal(called, TEXT("setattr")) ? 1 : 0;
            if ((skip || text_equal(called, TEXT("add_module")) || text_equal(called, TEXT("register_module"))) &&
                arguments == skip + 2 && is_name(file, ast_list_item(&file->ast, node.b, skip), name)) {
                value = ast_list_item(&file->ast, node.b, skip + 1);
                if (file->ast.nodes[value].kind == AST_LOCAL)
                    return ATTRIBUTE_CHILD;
            }
        }
        if (value) {
            kind = stronger_of(kind, value_attribute(class, file, value, 0));
            count = file->ast.node_count;
        }
    }
    return kind;
}

static enum routing_attribute host_attribute(void *context, struct text name)
{
    struct static_class *class = context;
    enum routing_attribute kind = ATTRIBUTE_PLAIN;
    struct routing_method method;
    for (uint32_t from = 0;
         find_method(class, TEXT("__init__"), from, &method) && method.function != ROUTING_UNREADABLE;
         from = method.depth + 1)
        kind = stronger_of(kind, assigned(class, &method, name));
    return kind;
}

/* Does anything that the constructor makes hold parameters? */
static bool makes_parameters(struct static_class *class, const struct routing_method *method)
{
    struct python_file *file = method->file;
    struct ast_function function = file->ast.functions[method->function];
    size_t count = file->ast.node_count;
    for (size_t i = 1; i < count; i++) {
        struct ast_node node = file->ast.nodes[i];
        if (node.kind != AST_CALL || node.at < function.at || node.at >= function.end)
            continue;
        struct text name = last_name(file, node.a);
        if (text_equal(name, TEXT("Parameter")) || text_equal(name, TEXT("register_parameter")))
            return true;
        bool super = file->ast.nodes[node.a].kind == AST_NAME && text_equal(name, TEXT("super"));
        if (!super && call_attribute(class, file, node.a) == ATTRIBUTE_CHILD)
            return true;
        count = file->ast.node_count;
    }
    return false;
}

static enum routing_attribute class_attribute(struct sources *sources, struct python_file *file, uint32_t piece)
{
    for (size_t i = 0; i < sources->class_count; i++)
        if (sources->classes[i].file == file && sources->classes[i].piece == piece)
            return sources->classes[i].parameters != 0 ? ATTRIBUTE_CHILD : ATTRIBUTE_PLAIN;
    struct static_class *class = memory_alloc(sizeof *class);
    size_t entry = sources->class_count;
    if (entry == sources->class_capacity)
        sources->classes = array_grow(sources->classes, entry, &sources->class_capacity, sizeof *sources->classes);
    sources->classes[sources->class_count++] = (struct known_class){file, piece, -1};
    bool parameters = false;
    if (static_class_open(class, sources, file, piece) && static_class_is_module(class)) {
        struct routing_method method;
        for (uint32_t from = 0; !parameters && find_method(class, TEXT("__init__"), from, &method) &&
                                method.function != ROUTING_UNREADABLE;
             from = method.depth + 1)
            parameters = makes_parameters(class, &method);
        for (uint32_t i = 0; i < class->mro_count; i++)
            parameters |= !class->mro[i].file &&
                          is_one_of(class->mro[i].name, (const char *const[]){"Linear", "Embedding", "LayerNorm",
                                                                              "Conv1d", "Conv2d", NULL});
    }
    free(class);
    sources->classes[entry].parameters = parameters;
    return parameters ? ATTRIBUTE_CHILD : ATTRIBUTE_PLAIN;
}

static bool host_is_container(void *context)
{
    return has_base(context, container_names);
}

static enum routing_truth host_truth(void *context, const struct text *path, size_t length)
{
    (void)context;
    (void)path;
    (void)length;
    return TRUTH_CANNOT_TELL;
}

struct routing_host static_host(struct static_class *class)
{
    return (struct routing_host){class, host_method, host_function, host_attribute, host_is_container, host_truth};
}
