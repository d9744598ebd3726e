/*
 * Arrays and objects, without recursion, and how reading goes on after a mistake.
 *
 * What hjson and JSON agree on is plain; the rest is repair.  A repair aims at one error for one mistake and at reading
 * the following keys where they belong; where brackets had to be guessed, containers are marked `uncertain`.
 */
#include "syntax/json_internal.h"

#include <stdlib.h>

static struct json_frame *top(struct json_reader *reader)
{
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

static int closer_of(const struct json_frame *frame)
{
    return frame->without_braces ? JSON_END : frame->container->kind == JSON_ARRAY ? ']' : '}';
}

static struct span opener_of(const struct json_frame *frame)
{
    uint32_t start = frame->container->span.start;
    return frame->without_braces ? json_span(start, start) : json_span(start, start + 1);
}

/* A mistake with brackets: what is open may not be what the file means. */
static void doubt_open(struct json_reader *reader)
{
    reader->structural = true;
    json_count_failure(reader);
    for (size_t i = 0; i < reader->depth; i++)
        reader->frames[i].container->uncertain = true;
}

void json_check_encoding(struct json_reader *reader)
{
    for (uint32_t at = 0; at < reader->length;) {
        int size = utf8_decode(reader->bytes + at, reader->length - at, NULL);
        if (size == 0) {
            json_fail(reader, json_span(at, at + 1), "byte 0x%02X is not UTF-8", (unsigned char)reader->bytes[at]);
            return;
        }
        at += (uint32_t)size;
    }
}

/* ---- values ---- */

static struct json_value *new_value(struct json_reader *reader, enum json_kind kind, struct span span)
{
    struct json_value *value = ARENA_NEW(reader->arena, struct json_value);
    value->kind = kind;
    value->span = span;
    struct json_frame *frame = top(reader);
    reader->values += 1 + (frame && frame->container->kind == JSON_OBJECT);
    if (reader->values > LIMIT_CONFIG_VALUES && !reader->stopped) {
        json_fail(reader, span, "more than %d keys and values", LIMIT_CONFIG_VALUES);
        reader->stopped = true;
    }
    return value;
}

static void attach(struct json_reader *reader, struct json_value *value, const struct json_scanned *key)
{
    struct json_frame *frame = top(reader);
    if (key) {
        value->key = key->text;
        value->key_span = key->span;
        value->damaged = value->damaged || key->damaged;
    }
    if (frame->last)
        frame->last->next = value;
    else
        frame->container->first = value;
    frame->last = value;
    frame->container->count++;
    frame->after_item = true;
    frame->comma = json_span(0, 0);
    frame->lenient_gap = json_is_lenient_gap(reader, value);
}

static void open_container(struct json_reader *reader, struct json_value *container)
{
    if (reader->depth == LIMIT_CONFIG_DEPTH) {
        json_fail(reader, container->span, "brackets inside brackets, more than %d deep", LIMIT_CONFIG_DEPTH);
        container->damaged = true;
        reader->stopped = true;
        return;
    }
    reader->frames[reader->depth++] = (struct json_frame){.container = container};
}

static int compare_keys(const void *left, const void *right)
{
    const struct json_value *a = *(struct json_value *const *)left, *b = *(struct json_value *const *)right;
    if (a->key.length != b->key.length)
        return a->key.length < b->key.length ? -1 : 1;
    int order = a->key.length ? memcmp(a->key.bytes, b->key.bytes, a->key.length) : 0;
    return order ? order : a->key_span.start < b->key_span.start ? -1 : 1;
}

static void find_duplicates(struct json_reader *reader, struct json_value *object)
{
    struct json_document *document = reader->document;
    if (object->kind != JSON_OBJECT || object->count < 2 || object->uncertain)
        return;
    struct json_value **members = memory_alloc(object->count * sizeof(struct json_value *));
    size_t count = 0;
    for (struct json_value *member = object->first; member; member = member->next)
        members[count++] = member;
    qsort(members, count, sizeof *members, compare_keys);
    size_t first = 0;
    for (size_t i = 1; i < count && document->duplicate_count <= LIMIT_FINDINGS; i++) {
        if (!text_equal(members[first]->key, members[i]->key)) {
            first = i;
            continue;
        }
        if (!document->duplicates)
            document->duplicates = ARENA_ARRAY(reader->arena, LIMIT_FINDINGS + 1, struct json_duplicate);
        document->duplicates[document->duplicate_count++] = (struct json_duplicate){members[first], members[i], object};
    }
    free(members);
}

static void close_container(struct json_reader *reader, uint32_t end)
{
    struct json_frame *frame = top(reader);
    frame->container->span.end = end;
    find_duplicates(reader, frame->container);
    if (reader->depth-- == 1)
        reader->root_last = frame->last;
}

/* ---- mistakes with brackets ---- */

/* "`leaf_module`", "`classes[2]`" or "the config": what `frame` is. */
static struct text frame_words(struct json_reader *reader, const struct json_frame *frame)
{
    if (frame->container->key_span.end == 0)
        return frame == reader->frames                ? TEXT("the config")
               : frame->container->kind == JSON_ARRAY ? TEXT("a list")
                                                      : TEXT("a mapping");
    return text_format(reader->arena, "`%.*s`", TEXT_ARGS(json_short(reader, frame->container->key)));
}

static void end_inside(struct json_reader *reader)
{
    struct json_frame *frame = top(reader);
    if (!reader->structural) {
        uint32_t end = reader->length;
        while (end > 0 && json_is_blank(json_peek(reader, end - 1)))
            end--;
        size_t before = reader->document->error_count;
        if (frame->without_braces) {
            json_fail(reader, json_span(end, end), "the file holds no key");
        } else {
            json_fail(reader, json_span(end, end), "the file ends inside %.*s: a `%c` is missing",
                      TEXT_ARGS(frame_words(reader, frame)), closer_of(frame));
            json_relate(reader, before, opener_of(frame), "opened here");
        }
    }
    for (size_t i = 0; i < reader->depth; i++)
        reader->frames[i].container->damaged = true;
    while (reader->depth)
        close_container(reader, reader->length);
}

/* No line end in between.  memchr, since a file of one long line may be asked about again and again. */
static bool same_line(const struct json_reader *reader, uint32_t start, uint32_t end)
{
    const char *bytes = reader->bytes + start;
    return end <= start || (!memchr(bytes, '\n', end - start) && !memchr(bytes, '\r', end - start));
}

/* A closing bracket that does not belong to what is open innermost. */
static void repair_closer(struct json_reader *reader, int byte)
{
    struct json_frame *frame = top(reader);
    struct span span = {reader->at, reader->at + 1};
    size_t match = reader->depth;
    while (match > 0 && closer_of(&reader->frames[match - 1]) != byte)
        match--;
    size_t before = reader->document->error_count;
    if (!reader->structural) {
        if (frame->without_braces)
            json_fail(reader, span, "`%c` closes nothing", byte);
        else
            json_fail(reader, span, "`%c` where %.*s needs its `%c`", byte, TEXT_ARGS(frame_words(reader, frame)),
                      closer_of(frame));
        json_relate(reader, before, opener_of(frame), "opened here");
    }
    doubt_open(reader);
    reader->at++;
    if (match == 0)
        return;
    /* A bracket of the wrong kind, when what is open began on this line and what is around it did not; else a bracket
     * before it is missing. */
    const struct json_frame *around = reader->depth > 1 ? &reader->frames[reader->depth - 2] : NULL;
    if (around && same_line(reader, frame->container->span.start, span.start) &&
        !same_line(reader, around->container->span.start, span.start))
        match = reader->depth;
    while (reader->depth >= match)
        close_container(reader, span.end);
}

/* `["a", "b": ...`: a colon behind an item of a list.  When that item began a line of its own inside a mapping's list,
 * a `]` is missing before it, and it is a key of that mapping.  True when *key is that key. */
static bool repair_colon(struct json_reader *reader, struct json_scanned *key)
{
    struct json_frame *frame = top(reader);
    struct json_value *list = frame->container, *item = frame->last, *previous = NULL;
    size_t before = reader->document->error_count;
    bool in_mapping = reader->depth > 1 && reader->frames[reader->depth - 2].container->kind == JSON_OBJECT;
    uint32_t colon = reader->at++;
    if (in_mapping && item && item->kind == JSON_STRING && frame->after_item) {
        for (struct json_value *other = list->first; other != item; other = other->next)
            previous = other;
        uint32_t end = previous ? previous->span.end : list->span.start + 1;
        if (!same_line(reader, end, item->span.start)) {
            if (!reader->structural)
                json_fail(reader, item->span, "a key inside a list: %.*s needs its `]` before it",
                          TEXT_ARGS(frame_words(reader, frame)));
            json_relate(reader, before, opener_of(frame), "opened here");
            doubt_open(reader);
            if (previous)
                previous->next = NULL;
            else
                list->first = NULL;
            list->count--;
            *key = (struct json_scanned){item->text, item->span, item->damaged};
            close_container(reader, end);
            return true;
        }
    }
    json_fail(reader, json_span(colon, colon + 1), "a `:` inside a list; a key and its value stand in `{` `}`");
    return false;
}

/* ---- items ---- */

/* The value at `at`, of `key` in an object. */
static void read_value(struct json_reader *reader, const struct json_scanned *key)
{
    int byte = json_next(reader);
    while (byte == ':' && key) { /* `a:: 1` */
        json_fail(reader, json_span(reader->at, reader->at + 1), "a second `:`");
        reader->at++;
        byte = json_next(reader);
    }
    uint32_t start = reader->at;
    struct span one = {start, start + 1};
    if (byte == JSON_END || byte == ',' || byte == ']' || byte == '}' || byte == ':') {
        struct json_value *missing = new_value(reader, JSON_NULL, json_span(start, start));
        missing->damaged = true;
        if (key && (byte != JSON_END || top(reader)->without_braces))
            json_fail(reader, key->span, "`%.*s` has no value", TEXT_ARGS(json_short(reader, key->text)));
        if (key)
            attach(reader, missing, key); /* at the end of the file, the caller says what brackets are missing */
        return;
    }
    struct json_value *value = new_value(reader, JSON_NULL, one);
    if (byte == '{' || byte == '[') {
        value->kind = byte == '{' ? JSON_OBJECT : JSON_ARRAY;
        reader->at++;
        attach(reader, value, key);
        open_container(reader, value);
        return;
    }
    if (byte == '"' || byte == '\'') {
        bool multiline = byte == '\'' && json_peek(reader, start + 1) == '\'' && json_peek(reader, start + 2) == '\'';
        struct json_scanned scanned = multiline ? json_scan_multiline(reader) : json_scan_string(reader);
        value->kind = JSON_STRING;
        value->text = scanned.text;
        value->span = scanned.span;
        value->damaged = scanned.damaged;
    } else {
        json_scan_word(reader, value);
    }
    attach(reader, value, key);
}

/* Is there a colon later on this line, before anything that could end a key? */
static bool colon_follows(const struct json_reader *reader, uint32_t at, uint32_t *colon)
{
    for (; !json_is_line_end(json_peek(reader, at)); at++) {
        int byte = json_peek(reader, at);
        if (byte == ':') {
            *colon = at;
            return true;
        }
        if (byte == ',' || byte == '{' || byte == '}' || byte == '[' || byte == ']' || byte == '"')
            return false;
    }
    return false;
}

/* After a key without its colon: `at` is behind the key.  True when a value follows all the same. */
static bool repair_key(struct json_reader *reader, struct json_scanned *key, bool quoted)
{
    uint32_t end = reader->at, colon;
    int byte = json_next(reader);
    struct text shown = json_short(reader, key->text);
    if (byte == JSON_END && !top(reader)->without_braces)
        return false; /* the caller says what is missing */
    bool here = same_line(reader, end, reader->at);
    if (byte == JSON_END || byte == ',' || byte == '}' || byte == ']' || (!here && byte != '{' && byte != '[')) {
        json_fail(reader, key->span, "`%.*s` has no `:` and no value", TEXT_ARGS(shown));
        return false;
    }
    if (here && !quoted && colon_follows(reader, reader->at, &colon)) {
        key->span = json_strip(reader, json_span(key->span.start, colon));
        key->text = (struct text){reader->bytes + key->span.start, key->span.end - key->span.start};
        json_fail(reader, key->span, "a key with blanks in it needs quotes");
        reader->at = colon + 1;
        return true;
    }
    json_fail(reader, key->span, "`%.*s` needs a `:` behind it", TEXT_ARGS(shown));
    return true;
}

static void read_member(struct json_reader *reader, int byte)
{
    struct json_frame *frame = top(reader);
    struct json_scanned key;
    bool quoted = byte == '"' || byte == '\'', value_follows = true;
    if (quoted) {
        key = json_scan_string(reader);
    } else if (byte == ':' || byte == '{' || byte == '[') {
        struct span span = {reader->at, reader->at + 1};
        if (byte == ':') {
            json_fail(reader, span, "a `:` without a key before it");
            reader->at++;
        } else {
            json_fail(reader, span, "`%c` where a key is due", byte);
            doubt_open(reader);
        }
        key = (struct json_scanned){TEXT(""), json_span(span.start, span.start), true};
        read_value(reader, &key);
        return;
    } else {
        key = json_scan_key_word(reader);
        struct span bare = json_strip(reader, key.span);
        if (key.damaged && bare.start == bare.end) {
            reader->refused = true;
            json_fail(reader, key.span, "a blank that is not JSON's before a key");
            return; /* the key itself comes next */
        }
    }
    frame->after_item = true;
    frame->comma = json_span(0, 0);
    reader->refused = reader->refused || (!quoted && key.damaged);
    if ((quoted || !key.damaged) && json_next(reader) == ':')
        reader->at++;
    else
        value_follows = repair_key(reader, &key, quoted);
    if (value_follows)
        read_value(reader, &key);
}

/* One step inside what is open innermost. */
static void read_step(struct json_reader *reader)
{
    struct json_frame *frame = top(reader);
    int byte = json_next(reader);
    bool in_array = frame->container->kind == JSON_ARRAY;
    struct span one = {reader->at, reader->at + 1};
    if (byte == ',') {
        if (frame->after_item) {
            frame->comma = one;
            frame->after_item = false;
        } else {
            json_fail(reader, one, frame->comma.end ? "two commas in a row" : "a comma without anything before it");
        }
        reader->at++;
    } else if (byte == closer_of(frame)) {
        if (byte == JSON_END && !frame->container->first && !frame->container->damaged) {
            end_inside(reader);
            return;
        }
        if (frame->comma.end)
            json_note(reader, JSON_FEATURE_TRAILING_COMMA, frame->comma);
        else if (frame->lenient_gap)
            json_note(reader, JSON_FEATURE_TRAILING_COMMA, json_span(frame->last->span.end - 1, frame->last->span.end));
        if (byte != JSON_END)
            reader->at++;
        close_container(reader, reader->at);
    } else if (byte == JSON_END) {
        end_inside(reader);
    } else if (byte == ']' || byte == '}') {
        repair_closer(reader, byte);
    } else if (in_array && byte == ':') {
        struct json_scanned key;
        if (repair_colon(reader, &key))
            read_value(reader, &key);
    } else {
        if (frame->after_item && !frame->lenient_gap && frame->last) {
            struct span last = frame->last->span;
            bool container = frame->last->kind == JSON_ARRAY || frame->last->kind == JSON_OBJECT;
            json_note(reader, JSON_FEATURE_MISSING_COMMA, container ? json_span(last.end - 1, last.end) : last);
        }
        if (in_array)
            read_value(reader, NULL);
        else
            read_member(reader, byte);
    }
}

static void read_open(struct json_reader *reader)
{
    while (reader->depth && !reader->stopped)
        read_step(reader);
    while (reader->depth) {
        top(reader)->container->damaged = true;
        close_container(reader, reader->at);
    }
}

/* ---- the root ---- */

/* Something stands behind the root's end.  A closing bracket too many often closes the config too early: then what
 * follows is read as if it stood inside. */
static void read_behind_root(struct json_reader *reader, int byte)
{
    struct json_value *root = reader->document->root;
    bool closer = byte == '}' || byte == ']', bracket = byte == '{' || byte == '[';
    size_t before = reader->document->error_count;
    if (!reader->structural) {
        if (closer)
            json_fail(reader, json_span(reader->at, reader->at + 1), "`%c` closes nothing", byte);
        else
            json_fail(reader, json_span(reader->at, reader->at + 1), "the config has ended before this");
        if (root->span.end > root->span.start)
            json_relate(reader, before, json_span(root->span.end - 1, root->span.end), "it ends here");
    }
    reader->structural = true;
    root->damaged = root->uncertain = true;
    if (root->kind != JSON_OBJECT || bracket || reader->without_braces) {
        reader->stopped = true;
        return;
    }
    if (closer) {
        reader->at++;
        return;
    }
    json_count_failure(reader);
    open_container(reader, root);
    top(reader)->last = reader->root_last;
    top(reader)->after_item = true;
    read_open(reader);
}

void json_read_root(struct json_reader *reader)
{
    struct json_document *document = reader->document;
    struct json_value *root = document->root;
    int byte = json_next(reader);
    root->span = json_span(reader->at, reader->at);
    if (reader->without_braces) {
        root->kind = JSON_OBJECT;
        root->damaged = document->error_count > 0;
        json_note(reader, JSON_FEATURE_NO_ROOT_BRACES, json_span(reader->at, reader->at + (byte != JSON_END)));
        open_container(reader, root);
        top(reader)->without_braces = true;
    } else if (byte == '{' || byte == '[') {
        root->kind = byte == '{' ? JSON_OBJECT : JSON_ARRAY;
        root->damaged = document->error_count > 0;
        reader->at++;
        open_container(reader, root);
    } else {
        /* A list of one value around it takes it up. */
        struct json_value holder = {.kind = JSON_ARRAY};
        open_container(reader, &holder);
        top(reader)->without_braces = true;
        if (byte == JSON_END || byte == ',' || byte == ']' || byte == '}' || byte == ':')
            json_fail(reader, json_span(reader->at, reader->at + (byte != JSON_END)), "a value is due here");
        else
            read_value(reader, NULL);
        reader->depth = 0;
        if (holder.first)
            *root = *holder.first;
    }
    read_open(reader);
    for (byte = json_next(reader); byte != JSON_END && !reader->stopped; byte = json_next(reader))
        read_behind_root(reader, byte);
}
