#include "rules/support/fixes.h"

#include <string.h>

#include "rules/support/entries.h"

static void add_edit(struct finding *finding, uint32_t start, uint32_t end, struct text text)
{
    if (finding->edit_count < sizeof finding->edits / sizeof *finding->edits)
        finding->edits[finding->edit_count++] = (struct edit){{start, end}, text};
}

/* The digits of a text from *at on; false at its end. */
static bool next_number(struct text text, size_t *at, struct text *number)
{
    while (*at < text.length && (text.bytes[*at] < '0' || text.bytes[*at] > '9'))
        (*at)++;
    size_t start = *at;
    while (*at < text.length && text.bytes[*at] >= '0' && text.bytes[*at] <= '9')
        (*at)++;
    *number = (struct text){text.bytes + start, *at - start};
    return number->length > 0;
}

/* Another layer is another module, not another spelling. */
static bool same_numbers(struct text a, struct text b)
{
    size_t at_a = 0, at_b = 0;
    struct text number_a, number_b;
    bool more;
    do {
        more = next_number(a, &at_a, &number_a);
        if (next_number(b, &at_b, &number_b) != more || !text_equal(number_a, number_b))
            return false;
    } while (more);
    return true;
}

void fix_with_suggestion(struct rule_context *context, struct finding *finding)
{
    /* What is no string there (a class that a script imports, one of several names in a setting) stays. */
    char first = context->config->source->bytes.bytes[finding->span.start];
    bool is_string = first == '"' || first == '\'';
    if (finding->suggestion_count == 1 && is_string && same_numbers(finding->value, finding->suggestions[0]))
        add_edit(finding, finding->span.start, finding->span.end, json_quoted(context->arena, finding->suggestions[0]));
}

static uint32_t over_blanks(struct text bytes, uint32_t at)
{
    while (at < bytes.length && strchr(" \t\r\n", bytes.bytes[at]))
        at++;
    return at;
}

void fix_insert_member(struct rule_context *context, struct finding *finding, struct span object, struct text member)
{
    struct text bytes = context->config->source->bytes;
    if (object.end <= object.start || bytes.bytes[object.start] != '{')
        return;
    /* The new member is set as the first one is, with the blanks before it. */
    uint32_t inner = object.start + 1, first = over_blanks(bytes, inner);
    if (first >= bytes.length || bytes.bytes[first] == '#' || bytes.bytes[first] == '/')
        return; /* a comment is about what follows it */
    bool empty = bytes.bytes[first] == '}';
    struct text blanks = {bytes.bytes + inner, empty ? 0 : first - inner};
    const char *space = blanks.length == 0 && !empty ? " " : "";
    add_edit(finding, inner, inner, text_format(context->arena, "%.*s%.*s%s%s", TEXT_ARGS(blanks), TEXT_ARGS(member), empty ? "" : ",", space));
}

/* The blanks that the line of a place begins with, when nothing else stands before it; else "". */
static struct text indentation_at(struct text bytes, uint32_t at)
{
    uint32_t start = at;
    while (start > 0 && (bytes.bytes[start - 1] == ' ' || bytes.bytes[start - 1] == '\t'))
        start--;
    bool alone = start == 0 || bytes.bytes[start - 1] == '\n';
    return alone ? (struct text){bytes.bytes + start, at - start} : TEXT("");
}

/* The lines of a part that moves further in, set further in as well. */
static struct text set_further(struct arena *arena, struct text part, struct text old, struct text new)
{
    if (new.length <= old.length || !text_starts(new, old) || text_holds(part, TEXT("'''")))
        return part;
    struct text more = {new.bytes + old.length, new.length - old.length};
    struct text_builder builder = {0};
    for (size_t i = 0; i < part.length; i++) {
        text_builder_add(&builder, (struct text){part.bytes + i, 1});
        if (part.bytes[i] == '\n')
            text_builder_add(&builder, more);
    }
    struct text result = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return result;
}

void fix_moved(struct rule_context *context, struct finding *finding, const struct config_fault *fault)
{
    const struct leaf_config *leaf = &context->config->leaf;
    if (fault->part.start == fault->part.end || leaf->present)
        return;
    struct text bytes = context->config->source->bytes;
    struct text old = indentation_at(bytes, fault->part.start);
    struct text new = indentation_at(bytes, over_blanks(bytes, leaf->zero_span.start + 1));
    struct text part = set_further(context->arena, source_cut(context->config->source, fault->part), old, new);
    fix_insert_member(context, finding, leaf->zero_span, part);
    if (finding->edit_count)
        add_edit(finding, fault->removal.start, fault->removal.end, TEXT(""));
}

/* Where a list of entries begins in the file: behind its bracket; 0 when it is not written as a list. */
static uint32_t inside_list(struct text bytes, struct span key)
{
    uint32_t at = over_blanks(bytes, key.end);
    if (at >= bytes.length || bytes.bytes[at] != ':')
        return 0;
    at = over_blanks(bytes, at + 1);
    return at < bytes.length && bytes.bytes[at] == '[' ? at + 1 : 0;
}

void fix_add_class(struct rule_context *context, struct finding *finding, struct text entry, struct text list)
{
    const struct config *config = context->config;
    if (config->flat.length)
        return;
    const struct leaf_config *leaf = &config->leaf;
    struct text member = text_format(context->arena, "\"classes\": %.*s", TEXT_ARGS(list));
    if (!leaf->present) {
        member = text_format(context->arena, "\"leaf_module\": {%.*s}", TEXT_ARGS(member));
        fix_insert_member(context, finding, leaf->zero_span, member);
    } else if (leaf->classes == LIST_ABSENT && leaf->classes_span.start == leaf->classes_span.end) {
        fix_insert_member(context, finding, leaf->value_span, member);
    } else if (leaf->classes == LIST_GIVEN) {
        uint32_t inner = inside_list(config->source->bytes, leaf->classes_span);
        const struct reference *last = NULL;
        for (size_t i = 0; i < config->reference_count; i++)
            if (config->references[i].kind == REFERENCE_CLASS)
                last = &config->references[i];
        if (inner && last)
            add_edit(finding, last->span.end, last->span.end, text_format(context->arena, ", %.*s", TEXT_ARGS(entry)));
        else if (inner && config->source->bytes.bytes[over_blanks(config->source->bytes, inner)] == ']')
            add_edit(finding, inner, inner, entry);
    }
}
