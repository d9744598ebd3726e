/* `tree --why`: the statements that made one module, or what stopped us. */
#include "cli/commands.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "report/snippet.h"
#include "rules/support/names.h"

#define MAX_REASONS 3   /* printed where a module cannot be told */
#define MAX_CHILDREN 12 /* named when nothing near was found */

/* What there is to say about the module that was asked for. */
struct answer {
    const struct model *model;
    struct text name; /* "" for the root */
    bool found;
    bool cannot_tell; /* it may be there */
    bool colour;
    struct text suggestions[LIMIT_SUGGESTIONS];
    size_t suggestion_count;
    struct text note; /* what may help to find the right name, a phrase; or "" */
    struct arena arena;
};

static bool has_module(const struct model *model, struct text name)
{
    return model_find_module(model, name) != MODULE_NONE;
}

/* "model.layers.{0..31}.mlp", as `tree` prints it: the first of them. */
static struct text unfolded(struct arena *arena, struct text name)
{
    struct text_builder builder = {0};
    for (size_t i = 0; i < name.length;) {
        size_t end = i;
        while (name.bytes[i] == '{' && end < name.length && name.bytes[end] != '}')
            end++;
        if (end == i || end == name.length) {
            text_builder_add(&builder, (struct text){name.bytes + i++, 1});
            continue;
        }
        size_t digits = i + 1;
        while (digits < end && name.bytes[digits] >= '0' && name.bytes[digits] <= '9')
            digits++;
        text_builder_add(&builder, (struct text){name.bytes + i + 1, digits - i - 1});
        i = end + 1;
    }
    struct text copy = text_copy(arena, text_builder_text(&builder));
    text_builder_free(&builder);
    return copy;
}

/* "children of `model.layers.0` are `self_attn`, `mlp`". */
static struct text children_in_words(struct answer *answer, uint32_t parent)
{
    const struct model *model = answer->model;
    struct text_builder words = {0};
    size_t count = 0;
    for (uint32_t i = parent + 1; i < model->modules[parent].end; i = model->modules[i].end)
        if (++count <= MAX_CHILDREN)
            text_builder_addf(&words, "%s`%.*s`", count == 1 ? "" : ", ", TEXT_ARGS(model->modules[i].leaf));
    if (count > MAX_CHILDREN)
        text_builder_addf(&words, " and %zu more", count - MAX_CHILDREN);
    struct text shown = parent ? model->modules[parent].name : TEXT("(root)");
    struct text note = text_format(&answer->arena, count ? "the children of `%.*s` are %.*s" : "`%.*s` has no children%.*s",
                                   TEXT_ARGS(shown), (int)words.length, words.length ? words.bytes : "");
    text_builder_free(&words);
    return note;
}

/* What is there in the place of the name: a parameter, a class, other children. */
static struct text note_on(struct answer *answer)
{
    const struct model *model = answer->model;
    struct text rest;
    uint32_t highest, deepest = deepest_module(model, answer->name, &rest);
    const struct module *module = &model->modules[deepest];
    for (uint32_t i = 0; i < module->parameter_count; i++)
        if (text_equal(model->parameters[module->first_parameter + i].name, rest))
            return text_format(&answer->arena, "it is a parameter of `%.*s`", TEXT_ARGS(module->name));
    for (uint32_t i = 0; i < model->module_count; i++)
        if (model->modules[i].class_index != MODULE_NONE &&
            model_class_has_name(&model->classes[model->modules[i].class_index], answer->name))
            return text_format(&answer->arena, "it is a class; the first module of it is `%.*s`", TEXT_ARGS(model->modules[i].name));
    bool number = rest.length && rest.bytes[0] >= '0' && rest.bytes[0] <= '9';
    if ((number || !answer->suggestion_count) && numbered_children(model, deepest, &highest))
        return text_format(&answer->arena, "the children of `%.*s` are numbered 0 to %u", TEXT_ARGS(module->name), highest);
    return answer->suggestion_count ? TEXT("") : children_in_words(answer, deepest);
}

static void suggest(struct answer *answer)
{
    const struct model *model = answer->model;
    struct text first = unfolded(&answer->arena, answer->name);
    if (!text_equal(first, answer->name) && has_module(model, first)) {
        answer->suggestions[answer->suggestion_count++] = first;
        return;
    }
    answer->suggestion_count =
        nearby_names(model, answer->name, &answer->arena, has_module, answer->suggestions, LIMIT_SUGGESTIONS);
    answer->note = note_on(answer);
}

static void look_for(struct answer *answer)
{
    const struct model *model = answer->model;
    const struct made_module *last = model->made.count ? &model->made.modules[model->made.count - 1] : NULL;
    answer->found = last && text_equal(last->name, answer->name) && has_module(model, last->listed_as);
    answer->cannot_tell = !answer->found && (model->status == MODEL_RAISES || model_may_have_module(model, answer->name));
    if (!answer->found && !answer->cannot_tell)
        suggest(answer);
}

static const struct model_class *class_of(const struct model *model, struct text name)
{
    uint32_t module = model_find_module(model, name);
    uint32_t class = module == MODULE_NONE ? MODULE_NONE : model->modules[module].class_index;
    return class == MODULE_NONE ? NULL : &model->classes[class];
}

static bool is_below(struct text name, struct text above)
{
    return !above.length || text_equal(name, above) || (text_starts(name, above) && name.bytes[above.length] == '.');
}

/* The reason that says most about a module of which not even the class can be told: at it, or at the nearest one above. */
static size_t deepest_reason(const struct answer *answer)
{
    const struct model *model = answer->model;
    size_t depth = 0;
    for (size_t i = 0; i < model->unresolved_count; i++)
        if (is_below(answer->name, model->unresolved[i].name) && model->unresolved[i].name.length > depth)
            depth = model->unresolved[i].name.length;
    return depth;
}

/* Of a module that is there: what is not known at it and below it. */
static bool concerns(const struct answer *answer, const struct unresolved *unresolved)
{
    const struct model *model = answer->model;
    const struct made *made = &model->made;
    if (answer->found && is_below(unresolved->name, answer->name))
        return true;
    if (answer->found && class_of(model, made->modules[made->count - 1].listed_as))
        return false;
    return is_below(answer->name, unresolved->name) && unresolved->name.length == deepest_reason(answer);
}

static struct text shown_name(struct text name)
{
    return name.length ? name : TEXT("(root)");
}

/* Text. */

static void paint(const struct answer *answer, FILE *out, const char *colour)
{
    if (answer->colour)
        fputs(colour, out);
}

static void print_origin(const struct answer *answer, const struct origin *origin, FILE *out)
{
    fputs("  ", out);
    paint(answer, out, COLOUR_PATH);
    print_visibly(out, origin->path);
    fprintf(out, ":%u:%u:", (unsigned)origin->place.line, (unsigned)origin->place.column);
    paint(answer, out, COLOUR_PLAIN);
    fputc(' ', out);
}

/* Blanks that all lines start with say nothing. */
static size_t indentation_of(const struct shown_place *place)
{
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < place->line_count; i++) {
        struct text line = place->lines[i].text;
        size_t blanks = 0;
        while (blanks < line.length && line.bytes[blanks] == ' ')
            blanks++;
        if (blanks < line.length && blanks < least)
            least = blanks;
    }
    return least == SIZE_MAX ? 0 : least;
}

static void print_lines(const struct answer *answer, const struct shown_place *place, FILE *out)
{
    char number[16];
    size_t left = indentation_of(place), count = place->line_count;
    int width = count ? snprintf(number, sizeof number, "%u", (unsigned)place->lines[count - 1].number) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct shown_line *line = &place->lines[i];
        size_t cut = left < line->text.length ? left : line->text.length;
        bool marked = line->end > line->start && line->start >= cut;
        struct snippet snippet = {.line = {line->text.bytes + cut, line->text.length - cut},
                                  .number = line->number,
                                  .width = width,
                                  .start = marked ? line->start - cut : 0,
                                  .end = marked ? line->end - cut : 0,
                                  .colour = answer->colour,
                                  .mark_colour = COLOUR_NOTE};
        if (i > 0 && line->number > place->lines[i - 1].number + 1)
            fputs("    ...\n", out);
        fputs("  ", out);
        snippet_line(out, &snippet);
        if (!marked)
            continue;
        fputs("  ", out);
        snippet_mark(out, &snippet);
        fputc('\n', out);
    }
}

static void print_step(const struct answer *answer, const struct made_step *step, FILE *out)
{
    print_origin(answer, &step->place.origin, out);
    fputs(step->registered ? "put in its place in " : "in ", out);
    print_visibly(out, step->place.inside.length ? step->place.inside : TEXT("the file itself"));
    fputc('\n', out);
    print_lines(answer, &step->place, out);
}

/* "X or Y" of a module whose class is one of two. */
static struct text class_words(struct answer *answer, struct text name)
{
    const struct model *model = answer->model;
    const struct model_class *class = class_of(model, name);
    uint32_t module = model_find_module(model, name);
    if (class)
        return class->qualified;
    if (module == MODULE_NONE || !model->modules[module].choice)
        return TEXT("a class that cannot be told");
    const uint32_t *either = model->choices[model->modules[module].choice - 1].classes;
    const struct model_class *second = &model->possible_classes[either[1]];
    struct text other = second->qualified;
    if (second->stands_in)
        other = second->ending_count ? text_format(&answer->arena, "...%.*s", TEXT_ARGS(second->endings[0])) : TEXT("another class");
    return text_format(&answer->arena, "%.*s or %.*s", TEXT_ARGS(model->possible_classes[either[0]].qualified), TEXT_ARGS(other));
}

static void print_module(struct answer *answer, const struct made_module *made, FILE *out)
{
    const struct model_class *class = class_of(answer->model, made->listed_as);
    fputc('\n', out);
    paint(answer, out, COLOUR_PATH);
    print_visibly(out, shown_name(made->name));
    paint(answer, out, COLOUR_PLAIN);
    fputs(": ", out);
    print_visibly(out, class_words(answer, made->listed_as));
    if (class && class->origin.path.length)
        fprintf(out, ", line %u", (unsigned)class->origin.place.line);
    if (!text_equal(made->listed_as, made->name)) {
        fputs(", the same module as ", out);
        print_visibly(out, shown_name(made->listed_as));
    }
    fputc('\n', out);
    for (size_t i = 0; i < made->step_count; i++)
        print_step(answer, &made->steps[i], out);
}

/* What stopped us, with its line. */
static void print_reason(const struct answer *answer, struct text words, const struct origin *origin, FILE *out)
{
    const struct made *made = &answer->model->made;
    if (origin->path.length)
        print_origin(answer, origin, out);
    else
        fputs("  ", out);
    print_visibly(out, words);
    fputc('\n', out);
    for (size_t i = 0; i < made->place_count; i++) {
        const struct shown_place *place = &made->places[i];
        if (place->origin.place.byte == origin->place.byte && text_equal(place->origin.path, origin->path)) {
            print_lines(answer, place, out);
            return;
        }
    }
}

static void print_reasons(struct answer *answer, FILE *out)
{
    const struct model *model = answer->model;
    size_t shown = 0;
    bool silent = true; /* nothing was printed yet */
    for (size_t i = 0; i < model->unresolved_count; i++) {
        const struct unresolved *unresolved = &model->unresolved[i];
        if (!concerns(answer, unresolved) || ++shown > MAX_REASONS)
            continue;
        if (silent)
            fputs(answer->found ? "\nnot all of it can be told\n" : "\nwhether it is there cannot be told\n", out);
        silent = false;
        struct text words = text_equal(unresolved->name, answer->name)
                                ? unresolved->reason
                                : text_format(&answer->arena, "%.*s: %.*s", TEXT_ARGS(shown_name(unresolved->name)),
                                              TEXT_ARGS(unresolved->reason));
        print_reason(answer, words, &unresolved->origin, out);
    }
    if (shown > MAX_REASONS)
        fprintf(out, "  ... and %zu more reasons\n", shown - MAX_REASONS);
    if (answer->cannot_tell && silent && model->status != MODEL_RAISES)
        fputs("\nwhether it is there cannot be told\n", out);
}

static void print_text(struct answer *answer, FILE *out)
{
    const struct model *model = answer->model;
    if (!answer->found && !answer->cannot_tell)
        return;
    print_visibly(out, shown_name(answer->name));
    fputs(" of ", out);
    print_visibly(out, model->architecture);
    if (model->sources_version.length) {
        fputs(", transformers ", out);
        print_visibly(out, model->sources_version);
    }
    fputc('\n', out);
    for (size_t i = 0; i < model->made.count; i++)
        print_module(answer, &model->made.modules[i], out);
    if (model->status == MODEL_RAISES) {
        fputs("\nit is never made: the constructor raises\n", out);
        print_reason(answer,
                     text_format(&answer->arena, "%.*s: %.*s", TEXT_ARGS(model->raises.type), TEXT_ARGS(model->raises.message)),
                     &model->raises.origin, out);
    }
    print_reasons(answer, out);
}

/* JSON. */

static void step_json(const struct made_step *step, struct json_writer *writer)
{
    const struct shown_place *place = &step->place;
    json_open(writer, '{', JSON_INLINE);
    place_members(writer, &place->origin);
    json_member_integer(writer, "column", place->origin.place.column);
    json_member(writer, "in", place->inside);
    json_key(writer, TEXT("registered"));
    json_bool(writer, step->registered);
    json_key(writer, TEXT("lines"));
    json_open(writer, '[', JSON_INLINE);
    for (size_t i = 0; i < place->line_count; i++) {
        json_open(writer, '{', JSON_INLINE);
        json_member_integer(writer, "line", place->lines[i].number);
        json_member(writer, "text", place->lines[i].text);
        json_close(writer, '}');
    }
    json_close(writer, ']');
    json_close(writer, '}');
}

static void module_json(const struct answer *answer, const struct made_module *made, struct json_writer *writer)
{
    const struct model_class *class = class_of(answer->model, made->listed_as);
    json_open(writer, '{', JSON_LINES);
    json_member(writer, "name", made->name);
    json_member(writer, "listed_as", made->listed_as);
    json_key(writer, TEXT("class"));
    if (class)
        json_string(writer, class->qualified);
    else
        json_null(writer);
    place_members(writer, class ? &class->origin : &(struct origin){0});
    json_key(writer, TEXT("made"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < made->step_count; i++)
        step_json(&made->steps[i], writer);
    json_close(writer, ']');
    json_close(writer, '}');
}

static void unresolved_json(const struct answer *answer, struct json_writer *writer)
{
    const struct model *model = answer->model;
    json_key(writer, TEXT("unresolved"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < model->unresolved_count; i++)
        if (concerns(answer, &model->unresolved[i]))
            unresolved_object(writer, &model->unresolved[i]);
    json_close(writer, ']');
}

static void print_json(const struct answer *answer, FILE *out)
{
    const struct model *model = answer->model;
    struct json_writer document = {.out = out}, *writer = &document;
    json_open(writer, '{', JSON_LINES);
    json_member_integer(writer, "version", 1);
    json_member(writer, "architecture", model->architecture);
    json_member(writer, "status", text_from(model_status_name(model)));
    json_member(writer, "name", answer->name);
    json_key(writer, TEXT("found"));
    if (answer->cannot_tell)
        json_null(writer);
    else
        json_bool(writer, answer->found);
    json_key(writer, TEXT("chain"));
    json_open(writer, '[', JSON_LINES);
    for (size_t i = 0; i < model->made.count; i++)
        module_json(answer, &model->made.modules[i], writer);
    json_close(writer, ']');
    unresolved_json(answer, writer);
    json_key(writer, TEXT("suggestions"));
    json_open(writer, '[', JSON_INLINE);
    for (size_t i = 0; i < answer->suggestion_count; i++)
        json_string(writer, answer->suggestions[i]);
    json_close(writer, ']');
    raises_member(writer, model);
    json_close(writer, '}');
    fputc('\n', out);
}

/* A name that is not there is a problem of the request. */
static void say_not_there(const struct answer *answer, FILE *err)
{
    fputs("leaflint: ", err);
    print_visibly(err, answer->model->architecture);
    fputs(" has no module `", err);
    print_visibly(err, answer->name);
    fputc('`', err);
    if (answer->note.length) {
        fputs(": ", err);
        print_visibly(err, answer->note);
    }
    for (size_t i = 0; i < answer->suggestion_count; i++) {
        fputs(i == 0 ? "; did you mean `" : i + 1 < answer->suggestion_count ? "`, `" : "` or `", err);
        print_visibly(err, answer->suggestions[i]);
    }
    fputs(answer->suggestion_count ? "`?\n" : "\n", err);
}

struct text why_name(const struct options *options)
{
    struct text name = text_from(options->why);
    return text_equal(name, TEXT("(root)")) ? TEXT("") : name;
}

int tree_why_run(const struct options *options, FILE *out, FILE *err)
{
    struct loaded loaded;
    struct model model = {0};
    if (!models_find(&loaded, options, err))
        return EXIT_USAGE;
    loader_build(loaded.loader, &loaded.targets.items[loaded.targets.main], &model);
    struct answer answer = {.model = &model, .name = why_name(options), .colour = wants_colour(out)};
    look_for(&answer);
    bool there = answer.found || answer.cannot_tell;
    if (options->format == FORMAT_JSON)
        print_json(&answer, out);
    else
        print_text(&answer, out);
    if (!there)
        say_not_there(&answer, err);
    arena_free(&answer.arena);
    model_free(&model);
    models_free(&loaded);
    return there ? EXIT_CLEAN : EXIT_USAGE;
}
