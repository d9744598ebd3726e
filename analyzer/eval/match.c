/*
 * match.  Patterns are tried in order, as CPython does it; what a pattern captures is bound once all of it has matched, before
 * the guard is asked.  Where it cannot be told whether a case is taken, that is one way, and the cases behind it are the other
 * (ways.h).
 */
#include <string.h>

#include "eval/eval.h"
#include "eval/evidence.h"
#include "eval/statement.h"
#include "eval/transaction.h"
#include "eval/types.h"
#include "eval/values.h"
#include "eval/ways.h"

struct capture {
    uint32_t target;
    struct value value;
};

struct matching {
    struct frame *frame;
    struct reason *reason; /* why it cannot be told: the first one */
    struct capture *captures;
    uint32_t count, capacity;
};

/* 1 it matches, 0 not, -1 cannot tell, -2 raised. */
static int match_pattern(struct eval *ev, struct matching *matching, uint32_t pattern, struct value subject);

static struct ast_node node_of(const struct matching *matching, uint32_t number)
{
    return matching->frame->unit->file->ast.nodes[number];
}

static uint32_t item_count(const struct matching *matching, uint32_t list)
{
    return ast_list_count(&matching->frame->unit->file->ast, list);
}

static uint32_t item_of(const struct matching *matching, uint32_t list, uint32_t i)
{
    return ast_list_item(&matching->frame->unit->file->ast, list, i);
}

static int cannot_tell(struct eval *ev, struct matching *matching, struct reason *reason)
{
    ev->guesses++;
    if (!matching->reason)
        matching->reason = reason;
    return -1;
}

static int not_told(struct eval *ev, struct matching *matching, const char *words)
{
    return cannot_tell(ev, matching, eval_reason(ev, text_from(words)));
}

/* Of two parts that both have to match, the first of which may.  Where it cannot be told whether the second is reached, and it
 * raises, it is not: ways that raise are left out (ways.h). */
static int both(const struct eval *ev, int first, int second)
{
    if (first != -1 || ev->stopped)
        return second;
    return second == -2 ? 0 : second == 1 ? -1 : second;
}

static void capture(struct eval *ev, struct matching *matching, uint32_t target, struct value value)
{
    if (!target)
        return;
    if (matching->count == matching->capacity) {
        uint32_t capacity = matching->capacity ? 2 * matching->capacity : 8;
        struct capture *captures = ARENA_ARRAY(&ev->scratch, capacity, struct capture);
        if (matching->count)
            memcpy(captures, matching->captures, matching->count * sizeof *captures);
        matching->captures = captures;
        matching->capacity = capacity;
    }
    matching->captures[matching->count++] = (struct capture){target, value};
}

static bool assign_captures(struct eval *ev, const struct matching *matching)
{
    for (uint32_t i = 0; i < matching->count; i++)
        if (!assign_target(ev, matching->frame, matching->captures[i].target, matching->captures[i].value))
            return false;
    return true;
}

static int match_value(struct eval *ev, struct matching *matching, struct ast_node node, struct value subject)
{
    struct value value = eval_expression(ev, matching->frame, node.a);
    struct value equal = is_raised(value) ? value : compare(ev, node.op ? OP_IS : OP_EQUAL, subject, value);
    int truth = is_raised(equal) ? -2 : value_truth(ev, equal);
    return truth == -1 ? cannot_tell(ev, matching, truth_reason(ev, equal)) : truth;
}

/* Sequences and mappings. */

/* Does Python code decide what this method of a builtin type does? */
static bool overrides(struct eval *ev, struct class *class_, const char *name)
{
    struct value method = class_find(ev, class_, eval_intern(ev, text_from(name)));
    return method.kind != VALUE_NATIVE && method.kind != VALUE_UNBOUND;
}

/* May a class of this object's be one that collections.abc counts among sequences or mappings? */
static int object_may_be(struct eval *ev, struct matching *matching, const struct class *class_)
{
    if (class_->open)
        return cannot_tell(ev, matching, class_->open);
    for (uint32_t i = 0; !class_->is_module && !class_->is_exception && i < class_->mro_count; i++) {
        const struct class *one = class_->mro[i];
        const char *module = one->module ? one->module->bytes : "";
        bool is_plain = !strcmp(module, "abc") || !strcmp(module, "enum") || !strcmp(module, "dataclasses");
        if (one->unit && one->unit->is_fact && !is_plain)
            return not_told(ev, matching, "whether this is a sequence or a mapping");
    }
    return 0;
}

/* Is it a sequence?  1: *items are its items. */
static int sequence_items(struct eval *ev, struct matching *matching, struct value subject, const struct list **items)
{
    struct value outcome;
    switch ((int)subject.kind) {
    case VALUE_UNKNOWN: return cannot_tell(ev, matching, subject.reason);
    case VALUE_LIST:
    case VALUE_TUPLE: *items = subject.list; return 1;
    case VALUE_RANGE: *items = iterate(ev, subject, &outcome); return *items ? 1 : -2;
    case VALUE_INSTANCE: {
        struct class *class_ = subject.instance->class_;
        *items = value_items(subject);
        if (!*items || class_->open || class_->is_exception)
            return class_->layout == LAYOUT_OBJECT || class_->open ? object_may_be(ev, matching, class_) : 0;
        if (overrides(ev, class_, "__len__") || overrides(ev, class_, "__getitem__"))
            return not_told(ev, matching, "what the items of this sequence are");
        return ev->stopped ? -2 : 1;
    }
    }
    return 0;
}

/* Every part against something of which nothing else is known, for what they capture. */
static int match_parts(struct eval *ev, struct matching *matching, uint32_t list, uint32_t first, uint32_t step, struct value part)
{
    int result = -1;
    for (uint32_t i = first; i < item_count(matching, list) && result == -1; i += step)
        result = both(ev, result, match_pattern(ev, matching, item_of(matching, list, i), part));
    return result;
}

static struct value star_items(struct eval *ev, const struct list *items, uint32_t from, uint32_t to)
{
    return list_of_copy(ev, items, from, to - from, VALUE_LIST);
}

static int match_sequence(struct eval *ev, struct matching *matching, struct ast_node node, struct value subject)
{
    const struct list *items = NULL;
    int result = sequence_items(ev, matching, subject, &items);
    if (result == 1 && items->open)
        result = cannot_tell(ev, matching, items->open);
    if (result == -1) {
        struct value part = items ? unknown_item(ev, matching->reason, items) : unknown_from(matching->reason);
        return match_parts(ev, matching, node.a, 0, 1, is_unknown(subject) ? subject : part);
    }
    uint32_t count = item_count(matching, node.a), star = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++)
        if (node_of(matching, item_of(matching, node.a, i)).kind == AST_MATCH_STAR)
            star = i;
    if (result != 1 || (star == UINT32_MAX ? items->count != count : items->count + 1 < count))
        return result == 1 ? 0 : result;
    for (uint32_t i = 0; i < count && (result == 1 || result == -1); i++) {
        uint32_t pattern = item_of(matching, node.a, i);
        uint32_t behind = count - 1 - i;
        if (i == star) {
            capture(ev, matching, node_of(matching, pattern).a, star_items(ev, items, i, items->count - behind));
            continue;
        }
        struct value item = items->items[i < star ? i : items->count - 1 - behind];
        result = both(ev, result, match_pattern(ev, matching, pattern, item));
    }
    return result;
}

/* Is it a mapping?  1: *dict is what it holds. */
static int mapping_dict(struct eval *ev, struct matching *matching, struct value subject, bool has_rest, struct dict **dict)
{
    if (is_unknown(subject))
        return cannot_tell(ev, matching, subject.reason);
    if (subject.kind == VALUE_DICT) {
        *dict = subject.dict;
        return 1;
    }
    if (subject.kind != VALUE_INSTANCE)
        return 0;
    struct class *class_ = subject.instance->class_;
    *dict = value_dict(subject);
    if (!*dict || class_->open)
        return class_->layout == LAYOUT_OBJECT || class_->open ? object_may_be(ev, matching, class_) : 0;
    if ((has_rest && overrides(ev, class_, "__iter__")) || overrides(ev, class_, "get") || overrides(ev, class_, "__len__"))
        return not_told(ev, matching, "what the keys of this mapping are");
    return ev->stopped ? -2 : 1;
}

/* What is under the key: 1 *value, 0 nothing, -1, -2. */
static int mapping_value(struct eval *ev, struct matching *matching, struct dict *dict, struct value key, struct value *value)
{
    struct value is_there = value_contains(ev, value_of(VALUE_DICT, dict), key);
    int truth = is_raised(is_there) ? -2 : value_truth(ev, is_there);
    *value = truth == 1 || truth == -1 ? dict_lookup(ev, dict, key) : value_unbound();
    if (is_raised(*value))
        return -2;
    if (truth == 1 && value->kind == VALUE_UNBOUND)
        return not_told(ev, matching, "what is under this key");
    if (truth != -1)
        return truth;
    struct reason *reason = truth_reason(ev, is_there);
    if (!is_unknown(*value))
        *value = unknown_entry(ev, reason, dict);
    return cannot_tell(ev, matching, reason);
}

/* `**rest`: all but these keys. */
static struct value rest_of(struct eval *ev, const struct dict *dict, const struct value *keys, uint32_t count)
{
    struct dict *rest = dict_new(ev);
    struct dict_entry *entry;
    for (uint32_t i = 0; (entry = dict_next(dict, &i));) {
        bool is_taken = false;
        for (uint32_t k = 0; k < count; k++)
            is_taken = is_taken || value_same(keys[k], entry->key);
        if (!is_taken && !dict_set(ev, rest, entry->key, entry->value))
            return value_raised();
    }
    rest->open = dict->open;
    return value_of(VALUE_DICT, rest);
}

static int match_mapping(struct eval *ev, struct matching *matching, struct ast_node node, struct value subject)
{
    struct dict *dict = NULL;
    uint32_t count = item_count(matching, node.a);
    int result = mapping_dict(ev, matching, subject, node.b != 0, &dict);
    if (result == -1) {
        struct value part = dict ? unknown_entry(ev, matching->reason, dict) : is_unknown(subject) ? subject : unknown_from(matching->reason);
        if (!is_raised(part))
            capture(ev, matching, node.b, part);
        return is_raised(part) ? -2 : match_parts(ev, matching, node.a, 1, 2, part);
    }
    if (result == 1 && count && !dict->open && dict->count < count / 2)
        return 0;
    struct value *keys = ARENA_ARRAY(&ev->scratch, count / 2 + 1, struct value);
    for (uint32_t i = 0; i < count && (result == 1 || result == -1); i += 2) {
        struct value key = keys[i / 2] = eval_expression(ev, matching->frame, item_of(matching, node.a, i)), value;
        if (is_raised(key))
            return both(ev, result, -2);
        bool known = value_is_hashable(key) && !is_unknown(key) && key.kind != VALUE_INSTANCE;
        for (uint32_t k = 0; known && k < i / 2; k++)
            known = !value_same(keys[k], key);
        if (!known) {
            value = unknown_entry(ev, eval_reason(ev, TEXT("a key of a pattern that cannot be told")), dict);
            result = is_raised(value) ? -2 : cannot_tell(ev, matching, value.reason);
        } else {
            result = both(ev, result, mapping_value(ev, matching, dict, key, &value));
        }
        if (result == 1 || result == -1)
            result = both(ev, result, match_pattern(ev, matching, item_of(matching, node.a, i + 1), value));
    }
    if (node.b && (result == 1 || result == -1)) {
        struct value rest = result == 1 ? rest_of(ev, dict, keys, count / 2) : unknown_entry(ev, matching->reason, dict);
        if (is_raised(rest))
            return -2;
        capture(ev, matching, node.b, rest);
    }
    return result;
}

/* Classes. */

/* `subject.name` against a pattern; *seen are the names before it. */
static int match_attribute(struct eval *ev, struct matching *matching, struct value subject, struct str *name, uint32_t pattern, struct dict *seen,
                           const struct class *class_)
{
    if (dict_get_str(seen, name).kind != VALUE_UNBOUND) {
        eval_raise(ev, ev->types->type_error, "%s() got multiple sub-patterns for attribute '%s'", class_->name->bytes, name->bytes);
        return -2;
    }
    if (!dict_set_str(ev, seen, name, value_none()))
        return -2;
    struct value value = find_attribute(ev, subject, name);
    if (is_raised(value) || value.kind == VALUE_UNBOUND)
        return is_raised(value) ? -2 : 0;
    int there = is_unknown(value) ? cannot_tell(ev, matching, value.reason) : 1;
    return both(ev, there, match_pattern(ev, matching, pattern, value));
}

/* The names of the attributes that positional patterns stand for; NULL: *outcome of the whole pattern. */
static const struct list *positional_names(struct eval *ev, struct matching *matching, struct class *class_, uint32_t count, int *outcome)
{
    struct value names = find_attribute(ev, value_of(VALUE_CLASS, class_), eval_intern(ev, TEXT("__match_args__")));
    *outcome = -2;
    if (is_raised(names))
        return NULL;
    if (is_unknown(names)) {
        *outcome = cannot_tell(ev, matching, names.reason);
        return NULL;
    }
    if (names.kind != VALUE_TUPLE && names.kind != VALUE_UNBOUND) {
        eval_raise(ev, ev->types->type_error, "%s.__match_args__ must be a tuple (got %s)", class_->name->bytes, type_name(ev, names));
        return NULL;
    }
    const struct list *list = names.kind == VALUE_TUPLE ? names.list : list_new(ev, 0);
    bool is_known = !list->open;
    for (uint32_t i = 0; i < list->count; i++)
        is_known = is_known && list->items[i].kind == VALUE_STR;
    if (!is_known) {
        *outcome = not_told(ev, matching, "__match_args__ of this class");
        return NULL;
    }
    if (list->count < count) {
        eval_raise(ev, ev->types->type_error, "%s() accepts %u positional sub-pattern%s (%u given)", class_->name->bytes, list->count,
                   list->count == 1 ? "" : "s", count);
        return NULL;
    }
    return list;
}

/* int(x), str(x), ...: the pattern stands for the subject itself. */
static bool matches_self(struct eval *ev, struct class *class_)
{
    return class_->layout != LAYOUT_OBJECT && class_find(ev, class_, eval_intern(ev, TEXT("__match_args__"))).kind == VALUE_UNBOUND;
}

/* Is the class what the sources name, and not what stands for it in typing, which no pattern takes? */
static bool is_named_so(const struct matching *matching, uint32_t expression, const struct class *class_)
{
    const struct ast *ast = &matching->frame->unit->file->ast;
    struct ast_node node = ast->nodes[expression];
    struct text name = ast->strings[node.kind == AST_ATTRIBUTE ? node.b : node.a];
    return !class_->is_builtin || text_equal(name, str_text(class_->name));
}

static int match_class(struct eval *ev, struct matching *matching, struct ast_node node, struct value subject)
{
    struct value type = eval_expression(ev, matching->frame, node.a);
    if (is_raised(type))
        return -2;
    bool is_no_class = type.kind == VALUE_NONE || type.kind == VALUE_BOOL || type.kind == VALUE_INT || type.kind == VALUE_STR || type.kind == VALUE_FUNCTION;
    if (is_no_class) {
        eval_raise(ev, ev->types->type_error, "called match pattern must be a type");
        return -2;
    }
    uint32_t positional = item_count(matching, node.b), named = item_count(matching, node.c);
    bool is_known = type.kind == VALUE_CLASS && is_named_so(matching, node.a, type.class_);
    int result = is_known ? value_is_instance(ev, subject, type) : -1;
    if (result == -1) {
        cannot_tell(ev, matching, is_unknown(type) ? type.reason : is_unknown(subject) ? subject.reason : eval_reason(ev, TEXT("whether this is an instance")));
        struct value part = is_unknown(subject) ? subject : unknown_one_of(ev, matching->reason, &subject, 1);
        result = match_parts(ev, matching, node.b, 0, 1, part);
        return result == -1 ? match_parts(ev, matching, node.c, 1, 2, part) : result;
    }
    if (result != 1)
        return result;
    uint32_t first = 0;
    if (positional && matches_self(ev, type.class_)) {
        if (positional > 1) {
            eval_raise(ev, ev->types->type_error, "%s() accepts 1 positional sub-pattern (%u given)", type.class_->name->bytes, positional);
            return -2;
        }
        result = match_pattern(ev, matching, item_of(matching, node.b, 0), subject);
        first = 1;
    }
    int outcome = 0;
    const struct list *names = positional > first ? positional_names(ev, matching, type.class_, positional, &outcome) : NULL;
    if (positional > first && !names && outcome == -1) {
        struct value part = unknown_one_of(ev, matching->reason, &subject, 1);
        result = match_parts(ev, matching, node.b, 0, 1, part);
        return result == -1 ? match_parts(ev, matching, node.c, 1, 2, part) : result;
    }
    if (positional > first && !names)
        return outcome;
    struct dict *seen = dict_new(ev);
    for (uint32_t i = first; i < positional && (result == 1 || result == -1); i++)
        result = both(ev, result, match_attribute(ev, matching, subject, names->items[i].str, item_of(matching, node.b, i), seen, type.class_));
    for (uint32_t i = 0; i < named && (result == 1 || result == -1); i += 2) {
        struct str *name = unit_symbol(ev, matching->frame->unit, item_of(matching, node.c, i));
        result = both(ev, result, match_attribute(ev, matching, subject, name, item_of(matching, node.c, i + 1), seen, type.class_));
    }
    return result;
}

/* Alternatives. */

/* Two alternatives, of which either may be the one: they bind the same names. */
static void join_captures(struct eval *ev, struct matching *matching, uint32_t first, uint32_t second)
{
    const struct ast *ast = &matching->frame->unit->file->ast;
    struct capture *captures = matching->captures;
    for (uint32_t i = first; i < second; i++)
        for (uint32_t k = second; k < matching->count; k++)
            if (ast->nodes[captures[i].target].a == ast->nodes[captures[k].target].a)
                captures[i].value = value_join(ev, captures[i].value, captures[k].value, matching->reason);
    matching->count = second;
}

static int match_or(struct eval *ev, struct matching *matching, struct ast_node node, struct value subject)
{
    uint32_t start = matching->count;
    int result = 0;
    for (uint32_t i = 0; i < item_count(matching, node.a); i++) {
        uint32_t before = matching->count;
        int one = match_pattern(ev, matching, item_of(matching, node.a, i), subject);
        if (one == 0) {
            matching->count = before;
            continue;
        }
        if (one == -2)
            return result == -1 && !ev->stopped ? -1 : -2;
        if (result == -1)
            join_captures(ev, matching, start, before);
        result = one;
        if (one == 1)
            return 1;
    }
    return result;
}

static int match_by_kind(struct eval *ev, struct matching *matching, uint32_t pattern, struct value subject)
{
    struct ast_node node = node_of(matching, pattern);
    ev->unit = matching->frame->unit;
    ev->at = node.at;
    switch ((int)node.kind) {
    case AST_MATCH_CAPTURE: {
        int result = node.a ? match_pattern(ev, matching, node.a, subject) : 1;
        if (result == 1 || result == -1)
            capture(ev, matching, node.b, subject);
        return result;
    }
    case AST_MATCH_STAR: capture(ev, matching, node.a, subject); return 1;
    case AST_MATCH_VALUE: return match_value(ev, matching, node, subject);
    case AST_MATCH_SEQUENCE: return match_sequence(ev, matching, node, subject);
    case AST_MATCH_MAPPING: return match_mapping(ev, matching, node, subject);
    case AST_MATCH_CLASS: return match_class(ev, matching, node, subject);
    case AST_MATCH_OR: return match_or(ev, matching, node, subject);
    }
    return not_told(ev, matching, "a pattern that is not followed");
}

static int match_pattern(struct eval *ev, struct matching *matching, uint32_t pattern, struct value subject)
{
    int result = -2;
    if (enter(ev) && work(ev, 1))
        result = match_by_kind(ev, matching, pattern, subject);
    leave(ev);
    return ev->stopped ? -2 : result;
}

/* Cases. */

static enum flow run_cases(struct eval *ev, struct frame *frame, uint32_t cases, uint32_t from, struct value subject);

static enum flow run_body(struct eval *ev, struct frame *frame, uint32_t list, uint32_t given)
{
    uint32_t outer = evidence_guard(ev, given);
    enum flow flow = run_block(ev, frame, list);
    evidence_unguard(ev, outer);
    return flow;
}

/* The body of a case, or the cases behind it. */
static enum flow run_either(struct eval *ev, const struct matching *matching, uint32_t cases, uint32_t number, struct value subject, struct reason *reason)
{
    struct frame *frame = matching->frame;
    struct ast_node one = node_of(matching, item_of(matching, cases, number));
    struct way ways[2];
    if (++ev->expression_depth > LIMIT_EXPRESSION_DEPTH) {
        ev->expression_depth--;
        eval_stop(ev, "statements nested too deeply");
        return FLOW_RAISE;
    }
    ev->guesses++;
    ev->ways++;
    way_begin(ev, frame, &ways[0]);
    way_settle(ev, frame, &ways[0], assign_captures(ev, matching) ? run_block(ev, frame, one.c) : FLOW_RAISE);
    ways[0].outcome = transaction_take(ev, &ways[0].transaction);
    if (!ev->stopped) {
        way_begin(ev, frame, &ways[1]);
        way_settle(ev, frame, &ways[1], run_cases(ev, frame, cases, number + 1, subject));
        ways[1].outcome = transaction_take(ev, &ways[1].transaction);
    }
    ev->ways--;
    ev->expression_depth--;
    return ev->stopped ? FLOW_RAISE : join_ways(ev, frame, ways, 2, reason);
}

/* The guard of a case that may have matched.  1: it is not known to be false there; 0: the case is not taken, -2 stopped. */
static int try_guard(struct eval *ev, const struct matching *matching, uint32_t guard, struct reason *reason)
{
    struct way ways[2];
    way_begin(ev, matching->frame, &ways[0]);
    ev->ways++;
    struct value value = assign_captures(ev, matching) ? eval_expression(ev, matching->frame, guard) : value_raised();
    int truth = is_raised(value) ? -2 : value_truth(ev, value);
    way_settle(ev, matching->frame, &ways[0], truth == -2 ? FLOW_RAISE : FLOW_NEXT);
    ev->ways--;
    ways[0].outcome = transaction_take(ev, &ways[0].transaction);
    way_begin(ev, matching->frame, &ways[1]);
    way_settle(ev, matching->frame, &ways[1], FLOW_NEXT);
    ways[1].outcome = transaction_take(ev, &ways[1].transaction);
    if (ev->stopped || join_ways(ev, matching->frame, ways, 2, reason) == FLOW_RAISE)
        return -2;
    return truth == 1 || truth == -1;
}

/* What becomes of one case: the flow after the statement in *flow, or false: the next one is to be tried. */
static bool run_case(struct eval *ev, struct frame *frame, uint32_t cases, uint32_t number, struct value subject, enum flow *flow)
{
    struct matching matching = {.frame = frame};
    struct ast_node one = node_of(&matching, item_of(&matching, cases, number));
    int matches = match_pattern(ev, &matching, one.a, subject);
    *flow = FLOW_RAISE;
    if (matches == -1) {
        int taken = one.b ? try_guard(ev, &matching, one.b, matching.reason) : 1;
        if (taken == 1)
            *flow = run_either(ev, &matching, cases, number, subject, matching.reason);
        return taken != 0;
    }
    if (matches != 1)
        return matches != 0;
    if (!assign_captures(ev, &matching))
        return true;
    struct value guard = one.b ? eval_expression(ev, frame, one.b) : value_bool(true);
    int truth = is_raised(guard) ? -2 : value_truth(ev, guard);
    if (truth == 1)
        *flow = run_body(ev, frame, one.c, evidence_join(ev, subject.given, guard.given));
    else if (truth == -1)
        *flow = run_either(ev, &matching, cases, number, subject, truth_reason(ev, guard));
    return truth != 0;
}

static enum flow run_cases(struct eval *ev, struct frame *frame, uint32_t cases, uint32_t from, struct value subject)
{
    enum flow flow;
    for (uint32_t i = from; i < ast_list_count(&frame->unit->file->ast, cases); i++)
        if (run_case(ev, frame, cases, i, subject, &flow))
            return flow;
    return FLOW_NEXT;
}

enum flow run_match(struct eval *ev, struct frame *frame, struct ast_node node)
{
    struct value subject = eval_expression(ev, frame, node.a);
    if (is_raised(subject))
        return FLOW_RAISE;
    struct arena_mark scratch = arena_mark(&ev->scratch);
    enum flow flow = run_cases(ev, frame, node.b, 0, subject);
    arena_reset(&ev->scratch, scratch);
    return flow;
}
