#include "model/made.h"

#include <string.h>

#include "eval/evidence.h"
#include "model/tree.h"
#include "syntax/python_around.h"

/* One chain of calls, from the inside out. */
struct chain {
    uint32_t links[LIMIT_CALL_DEPTH + 2];
    size_t count;
};

static void chain_follow(const struct eval *ev, uint32_t calls, struct chain *chain)
{
    struct unit *unit;
    uint32_t at;
    chain->count = 0;
    while (chain->count < sizeof chain->links / sizeof *chain->links && calls) {
        chain->links[chain->count++] = calls;
        if (!evidence_call(ev, calls, &unit, &at, &calls))
            break;
    }
}

/* Links that are not part of the other chain. */
static size_t own_links(const struct chain *chain, const struct chain *other)
{
    for (size_t i = 0; i < chain->count; i++)
        for (size_t k = 0; k < other->count; k++)
            if (chain->links[i] == other->links[k])
                return i;
    return chain->count;
}

/* Source lines of one place, in the making. */
struct lines {
    struct source *source;
    uint32_t numbers[LIMIT_MADE_LINES];
    size_t count;
};

static void add_line(struct lines *lines, uint32_t number)
{
    size_t at = 0;
    while (at < lines->count && lines->numbers[at] < number)
        at++;
    if ((at < lines->count && lines->numbers[at] == number) || lines->count == LIMIT_MADE_LINES)
        return;
    memmove(&lines->numbers[at + 1], &lines->numbers[at], (lines->count - at) * sizeof *lines->numbers);
    lines->numbers[at] = number;
    lines->count++;
}

/* All lines of a statement, or the first of a long one. */
static void add_statement(struct lines *lines, struct span span)
{
    uint32_t first = source_place(lines->source, span.start).line, last = source_place(lines->source, span.end).line;
    for (uint32_t line = first; line <= last; line++)
        if (line == first || last - first < LIMIT_STATEMENT_LINES)
            add_line(lines, line);
}

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
           byte == '.' || (byte & 0x80);
}

/* The end of a name with all calls and items behind it, as far as they are on this line. */
static size_t expression_end(struct text line, size_t at)
{
    size_t depth = 0, end = at;
    char quote = 0;
    for (; at < line.length; at++) {
        char byte = line.bytes[at];
        if (quote) {
            at += byte == '\\';
            quote = byte == quote ? 0 : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '(' || byte == '[' || byte == '{') {
            depth++;
        } else if (byte == ')' || byte == ']' || byte == '}') {
            if (depth == 0)
                return end;
            end = --depth ? end : at + 1;
        } else if (depth == 0) {
            if (!is_word(byte))
                return end;
            end = at + 1;
        }
    }
    return depth || quote ? line.length : end;
}

static struct shown_line shown_line(struct lines *lines, struct model *model, uint32_t number, uint32_t at)
{
    struct text line = source_line(lines->source, number);
    size_t start = (size_t)(lines->source->bytes.bytes + at - line.bytes); /* of another line: no byte of it */
    struct shown_line shown = {.number = number};
    if (line.length > LIMIT_LINE_BYTES)
        line.length = LIMIT_LINE_BYTES;
    if (start < line.length && source_place(lines->source, at).line == number) {
        shown.start = (uint32_t)start;
        shown.end = (uint32_t)expression_end(line, start);
        if (shown.end == shown.start)
            shown.end++;
    }
    shown.text = text_copy(&model->arena, line);
    return shown;
}

static struct shown_place show_place(struct model *model, struct unit *unit, uint32_t at)
{
    struct shown_place place = {.origin = tree_origin(model, unit, at)};
    if (!place.origin.path.length)
        return place;
    struct lines lines = {.source = &unit->file->source};
    struct python_around around;
    python_around(unit->file, at, &model->arena, &around);
    place.inside = around.inside;
    place.statement = around.statement.start;
    /* Where there is no room for all, what stands around it is left out first. */
    add_line(&lines, place.origin.place.line);
    add_statement(&lines, around.statement);
    for (size_t i = around.clause_count; i-- > 0;)
        add_line(&lines, source_place(lines.source, around.clauses[i].start).line);
    for (size_t i = around.header_count; i-- > 0;)
        add_statement(&lines, around.headers[i]);
    place.lines = ARENA_ARRAY(&model->arena, lines.count, struct shown_line);
    for (; place.line_count < lines.count; place.line_count++)
        place.lines[place.line_count] = shown_line(&lines, model, lines.numbers[place.line_count], at);
    return place;
}

static struct made_step step_at(struct eval *ev, struct model *model, uint32_t link, bool registered)
{
    struct unit *unit = NULL;
    uint32_t at = 0, outer;
    evidence_call(ev, link, &unit, &at, &outer);
    return (struct made_step){.place = show_place(model, unit, at), .registered = registered};
}

/* Does a statement that is shown already say this too?  One statement makes more than one module, and puts into its place
 * what it made. */
static bool is_shown(const struct made_module *made, const struct made_step *step)
{
    for (size_t i = 0; i < made->step_count; i++) {
        const struct shown_place *shown = &made->steps[i].place, *place = &step->place;
        bool same_line = shown->origin.place.line == place->origin.place.line;
        if (text_equal(shown->origin.path, place->origin.path) &&
            (same_line || (step->registered && shown->statement == place->statement)))
            return true;
    }
    return false;
}

static void add_step(struct made_module *made, struct made_step step)
{
    if (step.place.origin.path.length && !is_shown(made, &step))
        made->steps[made->step_count++] = step;
}

static void describe(struct eval *ev, struct model *model, struct made_module *made, const struct instance *instance,
                     const struct instance *parent, uint32_t registered)
{
    struct chain chain, around, adding;
    chain_follow(ev, instance->made_calls, &chain);
    chain_follow(ev, parent ? parent->made_calls : 0, &around);
    chain_follow(ev, registered, &adding);
    size_t own = own_links(&chain, &around);
    if (!own && chain.count)
        own = 1; /* made inside of torch, by the line that made its parent */
    size_t shown = own < LIMIT_MADE_STEPS ? own : LIMIT_MADE_STEPS;
    made->steps = ARENA_ARRAY(&model->arena, shown + 1, struct made_step);
    while (shown--)
        add_step(made, step_at(ev, model, chain.links[shown], false));
    if (!chain.count) /* more calls than are told apart */
        add_step(made, (struct made_step){.place = show_place(model, instance->made_unit, instance->made_at)});
    /* Where it was put into its parent, when that is another statement than those which made the two. */
    if (own_links(&adding, &around))
        add_step(made, step_at(ev, model, adding.links[0], true));
}

static const struct instance *child_of(struct eval *ev, const struct instance *parent, struct text name)
{
    struct value child = parent->tables ? dict_get_str(dict_or_empty(parent->tables->modules), eval_intern(ev, name)) : value_unbound();
    return child.kind == VALUE_INSTANCE && child.instance->class_->is_module ? child.instance : NULL;
}

/* Takes the first component off. */
static struct text next_component(struct text *rest)
{
    size_t length = 0;
    while (length < rest->length && rest->bytes[length] != '.')
        length++;
    struct text component = {rest->bytes, length};
    size_t taken = length < rest->length ? length + 1 : length;
    rest->bytes += taken;
    rest->length -= taken;
    return component;
}

static const struct instance *instance_named(struct eval *ev, const struct instance *root, struct text name)
{
    while (root && name.length)
        root = child_of(ev, root, next_component(&name));
    return root;
}

/* The name under which the tree has the module: this one, or the first of several.  NULL bytes: under none, since a bound
 * was reached before it. */
static struct text listed_name(struct eval *ev, const struct model *model, const struct instance *root, struct text name,
                               const struct instance *instance)
{
    /* The index of names is for the finished model. */
    for (uint32_t i = 0; i < model->module_count; i++)
        if (text_equal(model->modules[i].name, name))
            return model->modules[i].name;
    for (uint32_t i = 0; i < model->module_count; i++)
        if (instance_named(ev, root, model->modules[i].name) == instance)
            return model->modules[i].name;
    return (struct text){0};
}

static void fill_modules(struct eval *ev, struct model *model, const struct instance *root, struct text name)
{
    struct made *made = &model->made;
    struct text rest = name;
    const struct instance *instance = root, *parent = NULL;
    made->modules = ARENA_ARRAY(&model->arena, LIMIT_MODULE_DEPTH + 2, struct made_module);
    while (instance && made->count < LIMIT_MODULE_DEPTH + 2) {
        struct text here = {name.bytes, name.length - rest.length};
        if (here.length && rest.length)
            here.length--; /* the dot */
        struct text listed = listed_name(ev, model, root, here, instance);
        if (!listed.bytes)
            return;
        struct made_module *module = &made->modules[made->count++];
        *module = (struct made_module){.name = text_copy(&model->arena, here), .listed_as = listed};
        describe(ev, model, module, instance, parent, parent ? evidence_child_calls(ev, parent->tables->modules, instance) : 0);
        if (!rest.length)
            return;
        parent = instance;
        instance = child_of(ev, parent, next_component(&rest));
    }
}

static void add_place(struct eval *ev, struct model *model, const struct origin *origin)
{
    for (struct unit *unit = ev->units; origin->path.length && unit; unit = unit->next)
        if (!unit->is_fact && text_equal(unit->shown, origin->path)) {
            model->made.places[model->made.place_count++] = show_place(model, unit, origin->place.byte);
            return;
        }
}

void made_fill(struct eval *ev, struct model *model, const struct instance *root, struct text name)
{
    if (root && !text_ends(name, TEXT(".")))
        fill_modules(ev, model, root, name);
    model->made.places = ARENA_ARRAY(&model->arena, model->unresolved_count + 1, struct shown_place);
    for (size_t i = 0; i < model->unresolved_count; i++)
        add_place(ev, model, &model->unresolved[i].origin);
    if (model->status == MODEL_RAISES)
        add_place(ev, model, &model->raises.origin);
}
