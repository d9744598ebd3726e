/*
 * Prints how leaflint reads Python files: their pieces and what they are lowered to, in a form that syntax_compare.py
 * also makes from CPython's ast.
 *
 *     syntax_dump FILE...              the dump
 *     syntax_dump --split FILE...      only splits, 20 times; prints MB/s
 *     syntax_dump --parse FILE...      splits and parses everything; prints MB/s
 *     syntax_dump --damage FILE...     parses 20 damaged versions of each file (for a build with sanitizers)
 *
 * A LOCAL is printed as its name and the order in which its slot is first seen in its scope, so that two names with one
 * slot, or one variable with two, make a difference.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "syntax/python.h"

/* Slots of the scope being printed, by order of appearance. */
struct seen {
    struct seen *outer;
    uint32_t first_local, local_count;
    uint32_t *order; /* 0: not seen yet */
    uint32_t count;
};

struct dump {
    struct python_file *file;
    struct seen *seen;
};

static void print_node(struct dump *dump, uint32_t number);

static void seen_open(struct dump *dump, struct seen *seen, uint32_t first_local, uint32_t local_count)
{
    *seen = (struct seen){dump->seen, first_local, local_count, NULL, 0};
    seen->order = memory_alloc((local_count + 1) * sizeof *seen->order);
    memset(seen->order, 0, (local_count + 1) * sizeof *seen->order);
    dump->seen = seen;
}

static void seen_close(struct dump *dump)
{
    free(dump->seen->order);
    dump->seen = dump->seen->outer;
}

static void print_slot(struct dump *dump, uint32_t string, uint32_t slot)
{
    const struct ast *ast = &dump->file->ast;
    struct seen *seen = dump->seen;
    if (slot >= seen->local_count || ast->locals[seen->first_local + slot] != string) {
        printf("L:%.*s#WRONG", TEXT_ARGS(ast->strings[string]));
        return;
    }
    if (!seen->order[slot])
        seen->order[slot] = ++seen->count;
    printf("L:%.*s#%u", TEXT_ARGS(ast->strings[string]), seen->order[slot]);
}

static void print_quoted(struct text text)
{
    putchar('"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.bytes[i];
        if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\')
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_text(const struct dump *dump, uint32_t string)
{
    printf(" %.*s", TEXT_ARGS(dump->file->ast.strings[string]));
}

static void print_child(struct dump *dump, uint32_t number)
{
    putchar(' ');
    if (number)
        print_node(dump, number);
    else
        putchar('-');
}

static void print_list(struct dump *dump, uint32_t list)
{
    fputs(" [", stdout);
    for (uint32_t i = 0; i < ast_list_count(&dump->file->ast, list); i++)
        print_child(dump, ast_list_item(&dump->file->ast, list, i));
    fputs(" ]", stdout);
}

static void print_parameters(struct dump *dump, const struct ast_function *function)
{
    static const char *const kinds[] = {"only", "normal", "star", "keyword", "doublestar"};
    struct seen *inner = dump->seen;
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        struct ast_parameter parameter = dump->file->ast.parameters[function->first_parameter + i];
        printf(" (%s ", kinds[parameter.kind]);
        print_slot(dump, parameter.name, i);
        dump->seen = inner->outer;
        print_child(dump, parameter.annotation);
        print_child(dump, parameter.default_);
        dump->seen = inner;
        putchar(')');
    }
}

static void print_function(struct dump *dump, uint32_t number)
{
    struct ast_function function = dump->file->ast.functions[number];
    struct seen seen;
    print_text(dump, function.name);
    printf(" %s%s%s%s%s", function.flags & FUNCTION_ASYNC ? "a" : "", function.flags & FUNCTION_GENERATOR ? "g" : "",
           function.flags & FUNCTION_HAS_INNER ? "i" : "", function.flags & FUNCTION_USES_SUPER ? "s" : "",
           function.flags & FUNCTION_BROKEN ? "b" : "");
    seen_open(dump, &seen, function.first_local, function.local_count);
    print_parameters(dump, &function);
    dump->seen = seen.outer;
    print_child(dump, function.returns);
    dump->seen = &seen;
    print_list(dump, function.body);
    seen_close(dump);
}

static void print_class(struct dump *dump, uint32_t number)
{
    struct ast_class class = dump->file->ast.classes[number];
    struct seen seen;
    print_text(dump, class.name);
    print_list(dump, class.arguments);
    if (class.piece)
        return;
    seen_open(dump, &seen, class.first_local, class.local_count);
    print_list(dump, class.body);
    seen_close(dump);
}

static void print_compare(struct dump *dump, struct ast_node node)
{
    const struct ast *ast = &dump->file->ast;
    print_child(dump, node.a);
    for (uint32_t i = 0; i < ast_list_count(ast, node.b); i += 2) {
        printf(" %s", ast_operator_text((enum ast_operator)ast_list_item(ast, node.b, i)));
        print_child(dump, ast_list_item(ast, node.b, i + 1));
    }
}

static void print_alias(struct dump *dump, struct ast_node node)
{
    print_text(dump, node.a);
    if (node.b)
        print_text(dump, node.b);
    struct text name = dump->file->ast.strings[node.b ? node.b : node.a];
    const char *dot = node.b ? NULL : memchr(name.bytes, '.', name.length);
    if (dot)
        name.length = (size_t)(dot - name.bytes);
    uint32_t string = python_string_find(dump->file, name);
    if (node.c) {
        putchar(' ');
        print_slot(dump, string, node.c - 1);
    }
}

static void print_strings(struct dump *dump, uint32_t list)
{
    for (uint32_t i = 0; i < ast_list_count(&dump->file->ast, list); i++)
        print_text(dump, ast_list_item(&dump->file->ast, list, i));
}

static void print_leaf(struct dump *dump, struct ast_node node)
{
    const struct ast *ast = &dump->file->ast;
    switch ((enum ast_kind)node.kind) {
    case AST_NAME: printf("N:%.*s", TEXT_ARGS(ast->strings[node.a])); break;
    case AST_LOCAL: print_slot(dump, node.a, node.b); break;
    case AST_INT: printf("I:%" PRId64, (int64_t)((uint64_t)node.b << 32 | node.a)); break;
    case AST_BIG_INT: printf("I:%.*s", TEXT_ARGS(ast->strings[node.a])); break;
    case AST_FLOAT: printf("F:%.17g", ast->floats[node.a]); break;
    case AST_STRING: print_quoted(ast->strings[node.a]); break;
    case AST_BYTES:
        putchar('b');
        print_quoted(ast->strings[node.a]);
        break;
    default: break;
    }
}

/* What the letters of a kind's table line are: o operator, n node, l list of nodes, t text, s list of texts. */
static const char *shape_of(enum ast_kind kind)
{
    switch (kind) {
    case AST_FSTRING:
    case AST_TUPLE:
    case AST_LIST:
    case AST_SET:
    case AST_DICT:
    case AST_DELETE:
    case AST_IMPORT: return "l";
    case AST_FORMAT: return "cnn";
    case AST_ATTRIBUTE: return "nt";
    case AST_SUBSCRIPT:
    case AST_AND:
    case AST_OR:
    case AST_RAISE:
    case AST_ASSERT:
    case AST_FOR_HEAD:
    case AST_WITH_ITEM:
    case AST_TYPE_ALIAS:
    case AST_NAMED: return "nn";
    case AST_SLICE:
    case AST_CONDITIONAL:
    case AST_ANNOTATE: return "nnn";
    case AST_CALL: return "nl";
    case AST_KEYWORD: return "tn";
    case AST_STARRED:
    case AST_DOUBLE_STAR:
    case AST_AWAIT:
    case AST_EXPRESSION:
    case AST_RETURN: return "n";
    case AST_UNARY: return "on";
    case AST_BINARY:
    case AST_AUGMENT: return "onn";
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR:
    case AST_DICT_COMP: return "nln";
    case AST_CLAUSE: return "dnnl";
    case AST_YIELD: return "dn";
    case AST_ASSIGN: return "ln";
    case AST_GLOBAL:
    case AST_NONLOCAL: return "s";
    case AST_FROM_IMPORT: return "dtl";
    case AST_IF:
    case AST_WHILE: return "nll";
    case AST_FOR: return "dnll";
    case AST_TRY: return "lln";
    case AST_HANDLER: return "dnnl";
    case AST_TRY_TAIL: return "ll";
    case AST_WITH: return "dll";
    case AST_MATCH: return "nll";
    case AST_UNSUPPORTED: return "t";
    default: return "";
    }
}

static void print_shape(struct dump *dump, struct ast_node node)
{
    uint32_t values[] = {node.a, node.b, node.c};
    size_t next = 0;
    for (const char *letter = shape_of((enum ast_kind)node.kind); *letter; letter++) {
        switch (*letter) {
        case 'o': printf(" %s", ast_operator_text((enum ast_operator)node.op)); break;
        case 'c': printf(" %c", node.op ? node.op : '-'); break;
        case 'd': printf(" %d", node.op); break;
        case 'n': print_child(dump, values[next++]); break;
        case 'l': print_list(dump, values[next++]); break;
        case 's': print_strings(dump, values[next++]); break;
        default: print_text(dump, values[next++]); break;
        }
    }
}

static void print_node(struct dump *dump, uint32_t number)
{
    struct ast_node node = dump->file->ast.nodes[number];
    if (node.kind <= AST_BYTES && node.kind != AST_NOTHING) {
        print_leaf(dump, node);
        return;
    }
    printf("(%s", ast_kind_name((enum ast_kind)node.kind));
    if (node.kind >= AST_EXPRESSION && node.kind <= AST_TYPE_ALIAS && node.kind != AST_ALIAS)
        printf(" @%u", source_place(&dump->file->source, node.at).line);
    switch ((enum ast_kind)node.kind) {
    case AST_LAMBDA: print_function(dump, node.a); break;
    case AST_FUNCTION:
        print_list(dump, node.b);
        print_child(dump, node.c);
        print_function(dump, node.a);
        break;
    case AST_CLASS:
        print_list(dump, node.b);
        print_child(dump, node.c);
        print_class(dump, node.a);
        break;
    case AST_COMPARE: print_compare(dump, node); break;
    case AST_ALIAS: print_alias(dump, node); break;
    default: print_shape(dump, node); break;
    }
    putchar(')');
}

static void print_piece(struct dump *dump, uint32_t number)
{
    static const char *const kinds[] = {"function", "class", "import", "from", "assign", "effect", "block", "other"};
    struct python_file *file = dump->file;
    const struct python_piece *piece = &file->pieces[number];
    bool is_docstring = piece->docstring;
    if (!is_docstring)
        python_piece_parse(file, number);
    piece = &file->pieces[number];
    printf("%s %s %u %u %s%s%s", piece->is_member ? "member" : "piece", kinds[piece->kind],
           source_place(&file->source, piece->start).line, source_place(&file->source, piece->end - 1).line,
           piece->annotated ? "a" : "", piece->valued ? "v" : "", piece->docstring ? "d" : "");
    for (uint32_t i = 0; i < piece->name_count; i++)
        print_text(dump, file->names[piece->first_name + i]);
    putchar('\n');
    if (piece->state == PIECE_BROKEN) {
        printf("broken %u %.*s\n", source_place(&file->source, piece->trouble_at).line, TEXT_ARGS(piece->trouble));
    } else if (!is_docstring) {
        struct seen seen;
        seen_open(dump, &seen, piece->scope_first_local, piece->scope_local_count);
        print_node(dump, piece->node);
        putchar('\n');
        seen_close(dump);
    }
    if (file->pieces[number].kind == PIECE_CLASS && !file->pieces[number].is_member) {
        python_class_split(file, number);
        uint32_t first = file->pieces[number].first_member, count = file->pieces[number].member_count;
        for (uint32_t i = 0; i < count; i++)
            print_piece(dump, first + i);
    }
}

static void print_file(struct source *source, const char *path)
{
    struct dump dump = {.file = python_file_split(source)};
    printf("file %s\n", path);
    if (dump.file->trouble.length)
        printf("trouble %u %.*s\n", source_place(&dump.file->source, dump.file->trouble_at).line,
               TEXT_ARGS(dump.file->trouble));
    for (uint32_t i = 0; i < dump.file->piece_count; i++)
        print_piece(&dump, i);
    python_file_free(dump.file);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Splits, and with `parse` parses everything; returns how many bytes were gone through. */
static size_t work(struct source *source, bool parse)
{
    size_t length = source->bytes.length;
    struct python_file *file = python_file_split(source);
    uint32_t *names = NULL;
    size_t count = 0, capacity = 0;
    for (uint32_t i = 0; i < file->piece_count; i++)
        if (file->pieces[i].kind == PIECE_CLASS)
            python_class_split(file, i);
    for (uint32_t i = 0; parse && i < file->all_pieces; i++)
        if (!file->pieces[i].docstring && python_piece_parse(file, i) == PIECE_PARSED)
            python_bound_names(file, file->pieces[i].node, &names, &count, &capacity);
    free(names);
    python_file_free(file);
    return length;
}

/* The same numbers on every machine, so that what is found can be found again. */
static uint32_t next_number(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Cuts the bytes off, drops a line, changes, repeats or exchanges some of them; returns the new length. */
static size_t damage(char *bytes, size_t length, uint32_t *state)
{
    static const char marks[] = "\"'()[]{}:,;\\\n\r\t #@=*f\x00\xff\xc3.";
    if (length < 8)
        return length;
    for (uint32_t rounds = 1 + next_number(state) % 3; rounds > 0; rounds--) {
        size_t at = next_number(state) % (length - 4), end = at;
        switch (next_number(state) % 6) {
        case 0: length = at + 4; break;
        case 1:
            while (end < length && bytes[end] != '\n')
                end++;
            memmove(bytes + at, bytes + end, length - end);
            length -= end - at;
            break;
        case 2: bytes[at] = (char)next_number(state); break;
        case 3: bytes[at] = marks[next_number(state) % (sizeof marks - 1)]; break;
        case 4:
            end = at + next_number(state) % 300;
            for (size_t i = at; i < end && i < length; i++)
                bytes[i] = bytes[at];
            break;
        default:
            end = next_number(state) % (length - 4);
            memmove(bytes + at, bytes + end, 4);
            break;
        }
        if (length < 8)
            break;
    }
    return length;
}

static void work_damaged(struct text whole, const char *path, uint32_t *state, double *slowest)
{
    char *copy = memory_alloc(whole.length + 1);
    memcpy(copy, whole.bytes, whole.length);
    size_t length = damage(copy, whole.length, state);
    struct source source;
    source_from_bytes(&source, (struct text){copy, length}, text_from(path));
    free(copy);
    double start = seconds();
    work(&source, true);
    double took = (seconds() - start) / ((double)length / 1e6 + 0.01);
    if (took > *slowest) {
        *slowest = took;
        printf("%s: %.2f s/MB\n", path, took);
    }
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 && argv[1][0] == '-' ? argv[1] : "";
    bool split = strcmp(mode, "--split") == 0, parse = strcmp(mode, "--parse") == 0;
    bool damaged = strcmp(mode, "--damage") == 0;
    size_t bytes = 0;
    double took = 0, slowest = 0;
    uint32_t state = 2463534242u;
    for (int i = *mode ? 2 : 1; i < argc; i++) {
        for (int round = 0; round < (split || damaged ? 20 : 1); round++) {
            struct source source;
            enum source_status status = source_read(&source, argv[i], text_from(argv[i]), LIMIT_SOURCE_BYTES);
            if (status != SOURCE_OK) {
                fprintf(stderr, "%s: %s\n", argv[i], source_status_words(status));
                return 2;
            }
            double start = seconds();
            if (damaged) {
                work_damaged(source.bytes, argv[i], &state, &slowest);
                source_free(&source);
            } else if (split || parse) {
                bytes += work(&source, parse);
            } else {
                print_file(&source, argv[i]);
            }
            took += seconds() - start;
        }
    }
    if (split || parse)
        printf("%.1f MB in %.3f s: %.1f MB/s\n", (double)bytes / 1e6, took, (double)bytes / 1e6 / took);
    return 0;
}
