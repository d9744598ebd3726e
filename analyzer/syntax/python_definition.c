#include "syntax/python_internal.h"

/* ---- parameters ---- */

struct parameters {
    size_t start; /* in parser->parameters */
    bool after_star;
};

static void push_parameter(struct lowering *lowering, struct ast_parameter parameter)
{
    struct python_parser *parser = lowering->parser;
    if (parser->parameter_count == parser->parameter_capacity)
        parser->parameters = array_grow(parser->parameters, parser->parameter_count, &parser->parameter_capacity,
                                        sizeof *parser->parameters);
    parser->parameters[parser->parameter_count++] = parameter;
}

/* One parameter: its parts may come wrapped as default_, typed_ and splat pattern. */
static void lower_parameter(struct lowering *lowering, uint32_t cst, struct parameters *parameters)
{
    struct ast_parameter parameter = {.kind = parameters->after_star ? PARAMETER_KEYWORD_ONLY : PARAMETER_NORMAL};
    uint32_t name = cst;
    enum cst_symbol symbol = cst_symbol(lowering, cst);
    if (symbol == CST_DEFAULT_PARAMETER || symbol == CST_TYPED_PARAMETER || symbol == CST_TYPED_DEFAULT_PARAMETER) {
        name = cst_first_part(lowering, cst);
        uint32_t type = cst_child(lowering, cst, CST_TYPE);
        uint32_t value = symbol == CST_TYPED_PARAMETER ? 0 : cst_next_part(lowering, cst, type ? type : name);
        parameter.annotation = type ? lower_annotation(lowering, type) : 0;
        parameter.default_ = value ? lower_expression(lowering, value) : 0;
    }
    symbol = cst_symbol(lowering, name);
    if (symbol == CST_LIST_SPLAT_PATTERN || symbol == CST_DICTIONARY_SPLAT_PATTERN) {
        parameter.kind = symbol == CST_LIST_SPLAT_PATTERN ? PARAMETER_STAR : PARAMETER_DOUBLE_STAR;
        parameters->after_star = true;
        name = cst_first_part(lowering, name);
    }
    if (!name || cst_symbol(lowering, name) != CST_IDENTIFIER) {
        lower_fail(lowering, TEXT("a syntax error in the parameters"), cst_at(lowering, cst)->start);
        return;
    }
    parameter.name = lower_string_of(lowering, name);
    push_parameter(lowering, parameter);
}

#define PARAMETERS_COMPARED 100 /* with how many before it */

/* What CPython's compiler refuses: a name twice, a parameter without a default behind one with it. */
static void check_parameters(struct lowering *lowering, size_t start, uint32_t at)
{
    const struct python_parser *parser = lowering->parser;
    bool has_default = false;
    for (size_t i = start; i < parser->parameter_count; i++) {
        const struct ast_parameter *one = &parser->parameters[i];
        bool is_positional = one->kind == PARAMETER_POSITIONAL_ONLY || one->kind == PARAMETER_NORMAL;
        if (is_positional && has_default && !one->default_)
            lower_fail(lowering, TEXT("a syntax error: a parameter without a default behind one with a default"), at);
        has_default = has_default || (is_positional && one->default_);
        for (size_t k = i - start > PARAMETERS_COMPARED ? i - PARAMETERS_COMPARED : start; k < i; k++)
            if (parser->parameters[k].name == one->name)
                lower_fail(lowering, TEXT("a syntax error: two parameters of one name"), at);
    }
}

static struct parameters lower_parameters(struct lowering *lowering, uint32_t cst)
{
    struct python_parser *parser = lowering->parser;
    struct parameters parameters = {.start = parser->parameter_count};
    for (uint32_t child = cst ? cst_first_part(lowering, cst) : 0; child; child = cst_next_part(lowering, cst, child)) {
        if (cst_symbol(lowering, child) == CST_KEYWORD_SEPARATOR) {
            parameters.after_star = true;
        } else if (cst_symbol(lowering, child) == CST_POSITIONAL_SEPARATOR) {
            for (size_t i = parameters.start; i < parser->parameter_count; i++)
                parser->parameters[i].kind = PARAMETER_POSITIONAL_ONLY;
        } else {
            lower_parameter(lowering, child, &parameters);
        }
    }
    if (cst)
        check_parameters(lowering, parameters.start, cst_at(lowering, cst)->start);
    return parameters;
}

/* Moves the parameters from the stack into the ast, and opens the function's scope with their names. */
static void open_function(struct lowering *lowering, struct parameters parameters, struct scope *scope,
                          struct ast_function *function)
{
    struct python_parser *parser = lowering->parser;
    struct ast *ast = &lowering->file->ast;
    scope_flag(lowering, FUNCTION_HAS_INNER);
    scope_open(lowering, scope, SCOPE_FUNCTION);
    function->first_parameter = (uint32_t)ast->parameter_count;
    function->parameter_count = (uint32_t)(parser->parameter_count - parameters.start);
    for (size_t i = parameters.start; i < parser->parameter_count; i++) {
        if (ast->parameter_count == ast->parameter_capacity)
            ast->parameters =
                array_grow(ast->parameters, ast->parameter_count, &ast->parameter_capacity, sizeof *ast->parameters);
        ast->parameters[ast->parameter_count++] = parser->parameters[i];
        scope_parameter(lowering, parser->parameters[i].name);
    }
    parser->parameter_count = parameters.start;
}

static uint32_t close_function(struct lowering *lowering, struct scope *scope, struct ast_function *function)
{
    struct ast *ast = &lowering->file->ast;
    scope_close(lowering, &function->first_local, &function->local_count);
    function->flags |= scope->flags;
    if (ast->function_count == ast->function_capacity)
        ast->functions =
            array_grow(ast->functions, ast->function_count, &ast->function_capacity, sizeof *ast->functions);
    ast->functions[ast->function_count] = *function;
    return (uint32_t)ast->function_count++;
}

/* ---- functions ---- */

uint32_t lower_lambda(struct lowering *lowering, uint32_t cst)
{
    struct ast_function function = {.name = STRING_LAMBDA, .at = cst_at(lowering, cst)->start};
    struct scope scope;
    function.end = cst_at(lowering, cst)->end;
    uint32_t list = cst_child(lowering, cst, CST_LAMBDA_PARAMETERS);
    struct parameters parameters = lower_parameters(lowering, list);
    uint32_t body = list ? cst_next_part(lowering, cst, list) : cst_first_part(lowering, cst);
    open_function(lowering, parameters, &scope, &function);
    uint32_t value = lower_expression(lowering, body);
    size_t start = lower_list_start(lowering);
    lower_push(lowering, lower_node(lowering, AST_RETURN, 0, value, 0, 0, lowering->file->ast.nodes[value].at));
    function.body = lower_list(lowering, start);
    uint32_t number = close_function(lowering, &scope, &function);
    return lower_node(lowering, AST_LAMBDA, 0, number, 0, 0, function.at);
}

static uint32_t lower_function(struct lowering *lowering, uint32_t cst, uint32_t decorators)
{
    struct ast_function function = {.at = cst_at(lowering, cst)->start, .end = cst_at(lowering, cst)->end};
    struct scope scope;
    uint32_t name = cst_child(lowering, cst, CST_IDENTIFIER);
    uint32_t returns = cst_child(lowering, cst, CST_TYPE);
    uint32_t first = cst_first(lowering, cst);
    function.name = lower_string_of(lowering, name);
    if (first && cst_symbol(lowering, first) == CST_ASYNC)
        function.flags |= FUNCTION_ASYNC;
    if (cst_child(lowering, cst, CST_TYPE_PARAMETER))
        function.flags |= FUNCTION_BROKEN; /* def f[T]: T is in a scope of its own, which is not modelled */
    struct parameters parameters = lower_parameters(lowering, cst_child(lowering, cst, CST_PARAMETERS));
    function.returns = returns ? lower_annotation(lowering, returns) : 0;
    open_function(lowering, parameters, &scope, &function);
    function.body = lower_block(lowering, cst_child(lowering, cst, CST_BLOCK));
    uint32_t number = close_function(lowering, &scope, &function);
    uint32_t target = name ? lower_name(lowering, name, true) : 0;
    return lower_node(lowering, AST_FUNCTION, 0, number, decorators, target, function.at);
}

/* ---- classes ---- */

static uint32_t class_arguments(struct lowering *lowering, uint32_t cst)
{
    uint32_t list = cst_child(lowering, cst, CST_ARGUMENT_LIST);
    uint32_t type_parameters = cst_child(lowering, cst, CST_TYPE_PARAMETER);
    uint32_t arguments = list ? lower_arguments(lowering, list) : 0;
    if (!type_parameters)
        return arguments;
    /* class C[T]: an added base that is not known */
    struct ast *ast = &lowering->file->ast;
    size_t start = lower_list_start(lowering);
    lower_push(lowering, lower_unsupported(lowering, TEXT("type parameters of a class"),
                                           cst_at(lowering, type_parameters)->start));
    for (uint32_t i = 0; i < ast_list_count(ast, arguments); i++)
        lower_push(lowering, ast_list_item(ast, arguments, i));
    return lower_list(lowering, start);
}

static uint32_t add_class(struct lowering *lowering, struct ast_class class)
{
    struct ast *ast = &lowering->file->ast;
    if (ast->class_count == ast->class_capacity)
        ast->classes = array_grow(ast->classes, ast->class_count, &ast->class_capacity, sizeof *ast->classes);
    ast->classes[ast->class_count] = class;
    return (uint32_t)ast->class_count++;
}

/* With `piece` the body is left to the splitter. */
static uint32_t lower_class(struct lowering *lowering, uint32_t cst, uint32_t decorators, uint32_t piece)
{
    uint32_t name = cst_child(lowering, cst, CST_IDENTIFIER);
    struct ast_class class = {.name = lower_string_of(lowering, name), .piece = piece};
    class.at = cst_at(lowering, cst)->start;
    scope_flag(lowering, FUNCTION_HAS_INNER);
    class.arguments = class_arguments(lowering, cst);
    if (!piece) {
        struct scope scope;
        scope_open(lowering, &scope, SCOPE_CLASS);
        class.body = lower_block(lowering, cst_child(lowering, cst, CST_BLOCK));
        scope_close(lowering, &class.first_local, &class.local_count);
    }
    uint32_t number = add_class(lowering, class);
    uint32_t target = name ? lower_name(lowering, name, true) : 0;
    return lower_node(lowering, AST_CLASS, 0, number, decorators, target, class.at);
}

/* ---- both ---- */

static uint32_t lower_decorated(struct lowering *lowering, uint32_t cst, uint32_t piece)
{
    size_t start = lower_list_start(lowering);
    uint32_t child = cst;
    if (cst_symbol(lowering, cst) == CST_DECORATED_DEFINITION) {
        child = cst_first_part(lowering, cst);
        for (; child && cst_symbol(lowering, child) == CST_DECORATOR; child = cst_next_part(lowering, cst, child))
            lower_push(lowering, lower_expression(lowering, cst_first_part(lowering, child)));
    }
    uint32_t decorators = lower_list(lowering, start);
    if (child && cst_symbol(lowering, child) == CST_FUNCTION_DEFINITION)
        return lower_function(lowering, child, decorators);
    if (child && cst_symbol(lowering, child) == CST_CLASS_DEFINITION)
        return lower_class(lowering, child, decorators, piece);
    lower_fail(lowering, TEXT("a syntax error: a definition is missing"), cst_at(lowering, cst)->start);
    return 0;
}

uint32_t lower_definition(struct lowering *lowering, uint32_t cst)
{
    return lower_decorated(lowering, cst, 0);
}

uint32_t lower_class_header(struct lowering *lowering, uint32_t cst)
{
    return lower_decorated(lowering, cst, lowering->piece + 1);
}
