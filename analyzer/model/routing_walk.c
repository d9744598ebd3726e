/* Statements: how values flow through branches and loops, and which calls depend on what. */
#include "model/routing_internal.h"

/* ---- the slots of the frame ---- */

const struct traced **routing_save(struct routing_state *state, uint32_t at)
{
    struct frame *frame = state->frame;
    const struct traced **copy = ARENA_ARRAY(state->scratch, (size_t)frame->slot_count + 1, const struct traced *);
    memcpy(copy, frame->slots, frame->slot_count * sizeof *copy);
    routing_step(state, at, 1 + frame->slot_count / 8);
    return copy;
}

void routing_restore(struct routing_state *state, const struct traced *const *slots)
{
    memcpy(state->frame->slots, slots, state->frame->slot_count * sizeof *slots);
}

void routing_join_slots(struct routing_state *state, const struct traced *const *slots, enum strength strength)
{
    struct frame *frame = state->frame;
    for (uint32_t i = 0; i < frame->slot_count; i++)
        if (frame->slots[i] != slots[i])
            frame->slots[i] = traced_join(state, frame->slots[i], slots[i], strength);
}

void routing_enter(struct routing_state *state, enum strength strength)
{
    state->frame->control[strength]++;
}

void routing_leave(struct routing_state *state, enum strength strength)
{
    state->frame->control[strength]--;
}

enum strength routing_control(const struct routing_state *state)
{
    if (state->frame->control[STRENGTH_DATA])
        return STRENGTH_DATA;
    return state->frame->control[STRENGTH_DOUBT] ? STRENGTH_DOUBT : STRENGTH_NONE;
}

/* ---- flows ---- */

static void flow_depend(struct flow *flow, unsigned exits, const struct reason *reason)
{
    if (!exits || reason->strength == STRENGTH_NONE)
        return;
    if (!flow->depends[reason->strength])
        flow->reasons[reason->strength] = *reason;
    flow->depends[reason->strength] |= exits;
}

static void flow_add(struct flow *flow, const struct flow *other, unsigned exits)
{
    flow->may |= other->may & exits;
    for (int strength = STRENGTH_DOUBT; strength < STRENGTH_COUNT; strength++)
        flow_depend(flow, other->depends[strength] & exits, &other->reasons[strength]);
}

#define ALL_EXITS (EXIT_RETURN | EXIT_BREAK | EXIT_CONTINUE)

/* A side that always raises is no alternative: then this rank fails, and so does the job. */
static bool only_raises(const struct flow *flow)
{
    return flow->ends && flow->may == 0;
}

/* ---- assignments ---- */

static const struct traced *item_of_targets(struct routing_state *state, const struct traced *value, uint32_t i,
                                           uint32_t count)
{
    if (value->kind == TRACED_TUPLE && value->count == count)
        return value->items[i];
    return traced_unpacked(state, value);
}

static void bind_all(struct routing_state *state, uint32_t list, const struct traced *value)
{
    const struct ast *ast = &state->frame->file->ast;
    uint32_t count = ast_list_count(ast, list);
    bool starred = false;
    for (uint32_t i = 0; i < count; i++)
        starred |= routing_node(state->frame->file, ast_list_item(ast, list, i)).kind == AST_STARRED;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t target = ast_list_item(&state->frame->file->ast, list, i);
        struct ast_node node = routing_node(state->frame->file, target);
        if (node.kind == AST_STARRED) {
            unsigned length = value->taint & EITHER(TAINT_LENGTH);
            routing_bind(state, node.a, traced_sequence(state, traced_item(state, value), length));
        } else {
            routing_bind(state, target,
                         starred ? traced_unpacked(state, value) : item_of_targets(state, value, i, count));
        }
    }
}

/* The container after `container[index] = value`. */
static const struct traced *with_item(struct routing_state *state, const struct traced *container,
                                     const struct traced *index, const struct traced *value)
{
    switch (container->kind) {
    case TRACED_TUPLE:
    case TRACED_SEQUENCE: {
        const struct traced *element = traced_join(state, traced_item(state, container), value, STRENGTH_NONE);
        /* A dict gains a key that depends on data, a list keeps its length. */
        bool may_grow = (traced_flat_taint(index) & EITHER(TAINT_VALUE)) || routing_control(state) != STRENGTH_NONE;
        return traced_sequence(state, element, container->taint | (may_grow ? DOUBT(TAINT_LENGTH) : 0));
    }
    case TRACED_PLAIN: {
        unsigned taint = (traced_flat_taint(value) | traced_flat_taint(index)) & EITHER(TAINT_VALUE);
        return traced_plain(state, container->taint | taint);
    }
    default: return container;
    }
}

void routing_assign_back(struct routing_state *state, uint32_t target, const struct traced *value)
{
    struct ast_node node = routing_node(state->frame->file, target);
    if (node.kind == AST_LOCAL && node.b < state->frame->slot_count) {
        state->frame->slots[node.b] = value;
    } else if (node.kind == AST_NAME) {
        routing_set_name(state, routing_string(state->frame->file, node.a), value);
    } else if (node.kind == AST_ATTRIBUTE) {
        const struct traced *object = routing_evaluate(state, node.a);
        if (object->kind == TRACED_SELF)
            routing_set_attribute(state, routing_string(state->frame->file, node.b), value);
    }
}

void routing_bind(struct routing_state *state, uint32_t target, const struct traced *value)
{
    struct ast_node node = routing_node(state->frame->file, target);
    if (!routing_step(state, node.at, 1) || ++state->depth > LIMIT_ROUTING_DEPTH) {
        routing_stop(state, TEXT("forward is nested too deeply to follow"), node.at);
        return;
    }
    switch (node.kind) {
    case AST_TUPLE:
    case AST_LIST: bind_all(state, node.a, value); break;
    case AST_SUBSCRIPT: {
        const struct traced *container = routing_evaluate(state, node.a);
        const struct traced *index = routing_evaluate(state, node.b);
        routing_assign_back(state, node.a, with_item(state, container, index, value));
        break;
    }
    case AST_STARRED: routing_bind(state, node.a, value); break;
    default: routing_assign_back(state, target, value); break;
    }
    state->depth--;
}

/* `left op= right`: lists grow, numbers and tensors are combined. */
static const struct traced *augmented(struct routing_state *state, const struct traced *left, const struct traced *right)
{
    unsigned control = strength_taint(routing_control(state), TAINT_LENGTH);
    if (traced_is_sequence(left)) {
        const struct traced *element = left->kind == TRACED_TUPLE && !left->count ? NULL : traced_item(state, left);
        if (traced_is_sequence(right) && !(right->kind == TRACED_TUPLE && !right->count))
            element = traced_join(state, element, traced_item(state, right), STRENGTH_NONE);
        unsigned length = right->taint & EITHER(TAINT_LENGTH);
        return traced_sequence(state, element, left->taint | length | control);
    }
    unsigned taint = traced_flat_taint(left) | traced_flat_taint(right);
    return traced_plain(state, taint | taint_move(taint, TAINT_CHOICE, TAINT_VALUE));
}

/* ---- branches ---- */

struct side {
    struct flow flow;
    size_t from, to;
    const struct traced **slots;
};

static struct side walk_side(struct routing_state *state, const struct traced *const *entry, uint32_t list, uint32_t at)
{
    struct side side = {.from = state->event_count};
    routing_restore(state, entry);
    side.flow = routing_walk(state, list);
    side.to = state->event_count;
    side.slots = routing_save(state, at);
    return side;
}

/* How control leaves a branch whose sides were walked. */
static struct flow join_sides(struct routing_state *state, const struct side *then, const struct side *otherwise,
                              const struct reason *reason)
{
    struct flow flow = {.ends = then->flow.ends && otherwise->flow.ends};
    flow_add(&flow, &then->flow, ALL_EXITS);
    flow_add(&flow, &otherwise->flow, ALL_EXITS);
    if (only_raises(&then->flow) || only_raises(&otherwise->flow))
        return flow;
    flow_depend(&flow,
                then->flow.ends && otherwise->flow.ends ? then->flow.may ^ otherwise->flow.may
                                                        : then->flow.may | otherwise->flow.may,
                reason);
    bool guards = then->flow.ends && !otherwise->flow.ends && !otherwise->flow.may && otherwise->from == otherwise->to;
    if (guards && reason->strength != STRENGTH_NONE && then->from != then->to) {
        flow.guards = true; /* the rest of the list is the other side */
        flow.guard_from = then->from;
        flow.guard_to = then->to;
        flow.guard = *reason;
    } else {
        routing_mark_alternatives(state, then->from, then->to, otherwise->from, otherwise->to, reason);
    }
    return flow;
}

static struct flow walk_if(struct routing_state *state, const struct ast_node *node)
{
    struct condition condition = routing_condition(state, node->a, NULL);
    if (condition.truth != TRUTH_CANNOT_TELL)
        return routing_walk(state, condition.truth == TRUTH_TRUE ? node->b : node->c);
    enum strength strength = (enum strength)condition.strength;
    const struct traced **entry = routing_save(state, node->at);
    routing_enter(state, strength);
    state->idle += condition.idle_then;
    struct side then = walk_side(state, entry, node->b, node->at);
    state->idle += condition.idle_else;
    state->idle -= condition.idle_then;
    struct side otherwise = walk_side(state, entry, node->c, node->at);
    state->idle -= condition.idle_else;
    routing_leave(state, strength);
    /* A side that only raises decides nothing: whoever goes on took the other. */
    enum strength merged = only_raises(&then.flow) || only_raises(&otherwise.flow) ? STRENGTH_NONE : strength;
    if (!then.flow.ends) {
        if (otherwise.flow.ends)
            routing_restore(state, then.slots);
        else
            routing_join_slots(state, then.slots, merged);
    }
    struct reason reason = routing_reason(state, strength, REASON_BRANCH, node->a);
    struct flow flow = join_sides(state, &then, &otherwise, &reason);
    flow.idle_rest = then.flow.ends ? condition.idle_else : otherwise.flow.ends && condition.idle_then;
    return flow;
}

/* ---- loops ---- */

static void leave_loop(struct routing_state *state, uint32_t at)
{
    struct loop *loop = state->frame->loop;
    if (!loop)
        return;
    const struct traced **slots = routing_save(state, at);
    if (!loop->left) {
        loop->left = slots;
        return;
    }
    for (uint32_t i = 0; i < state->frame->slot_count; i++)
        loop->left[i] = traced_join(state, loop->left[i], slots[i], STRENGTH_NONE);
}

/* What one pass over the body does: binds the target (node 0: a while) and walks. */
static struct flow walk_pass(struct routing_state *state, uint32_t target, const struct traced *item, uint32_t condition,
                             uint32_t body, enum strength strength)
{
    if (target)
        routing_bind(state, target, item);
    else
        routing_condition(state, condition, NULL);
    const struct traced **entry = routing_save(state, 0);
    struct loop loop = {0}, *outer = state->frame->loop;
    state->frame->loop = &loop;
    struct flow flow = routing_walk(state, body);
    state->frame->loop = outer;
    enum strength left = flow.depends[STRENGTH_DATA]    ? STRENGTH_DATA
                         : flow.depends[STRENGTH_DOUBT] ? STRENGTH_DOUBT
                                                        : STRENGTH_NONE;
    left = left > strength ? left : strength;
    if (flow.ends)
        routing_restore(state, loop.left ? loop.left : entry);
    else if (loop.left)
        routing_join_slots(state, loop.left, left);
    return flow;
}

static struct flow walk_loop(struct routing_state *state, uint32_t target, const struct traced *item, uint32_t condition,
                             const struct ast_node *node, const struct reason *reason)
{
    enum strength strength = (enum strength)reason->strength;
    size_t from = state->event_count;
    routing_enter(state, strength);
    const struct traced **entry = routing_save(state, node->at);
    /* The first pass only finds what the loop carries round. */
    if (!state->silent) {
        state->silent++;
        walk_pass(state, target, item, condition, node->b, strength);
        state->silent--;
        routing_join_slots(state, entry, strength);
    }
    const struct traced **again = routing_save(state, node->at);
    struct flow body = walk_pass(state, target, item, condition, node->b, strength);
    routing_join_slots(state, again, strength);
    routing_leave(state, strength);
    routing_mark(state, from, state->event_count, reason);
    /* Leaving early decides how often everything in the body is done. */
    for (int weight = STRENGTH_DOUBT; weight < STRENGTH_COUNT; weight++)
        if (body.depends[weight] & (EXIT_BREAK | EXIT_RETURN)) {
            struct reason leave = body.reasons[weight];
            leave.kind = REASON_LEAVE;
            routing_mark(state, from, state->event_count, &leave);
        }
    struct flow flow = routing_walk(state, node->c);
    flow_add(&flow, &body, EXIT_RETURN);
    if (body.may & EXIT_RETURN)
        flow_depend(&flow, EXIT_RETURN, reason);
    if (body.may & (EXIT_BREAK | EXIT_RETURN))
        flow.ends = false;
    return flow;
}

static struct flow walk_for(struct routing_state *state, const struct ast_node *node)
{
    struct ast_node head = routing_node(state->frame->file, node->a);
    const struct traced *iterable = routing_evaluate(state, head.b);
    if (iterable->kind == TRACED_TUPLE && iterable->count == 0)
        return routing_walk(state, node->c);
    struct reason reason = routing_reason(state, traced_length_strength(iterable), REASON_LOOP, head.b);
    return walk_loop(state, head.a, traced_item(state, iterable), 0, node, &reason);
}

static struct flow walk_while(struct routing_state *state, const struct ast_node *node)
{
    struct condition condition;
    state->silent++;
    const struct traced **entry = routing_save(state, node->at);
    condition = routing_condition(state, node->a, NULL);
    if (condition.truth == TRUTH_FALSE) {
        state->silent--;
        return routing_walk(state, node->c);
    }
    /* What the condition depends on after one turn: `while not done: done = x.all()`. */
    struct flow once = walk_pass(state, 0, NULL, node->a, node->b, STRENGTH_NONE);
    routing_join_slots(state, entry, STRENGTH_NONE);
    struct condition later = routing_condition(state, node->a, NULL);
    state->silent--;
    if (later.strength > condition.strength)
        condition.strength = later.strength;
    struct reason reason = routing_reason(state, (enum strength)condition.strength, REASON_WHILE, node->a);
    struct flow flow = walk_loop(state, 0, NULL, node->a, node, &reason);
    if (condition.truth == TRUTH_TRUE && later.truth == TRUTH_TRUE && !(once.may & EXIT_BREAK))
        flow.ends = true; /* `while True` that only a return leaves */
    return flow;
}

/* ---- try, with ---- */

static struct flow walk_try(struct routing_state *state, const struct ast_node *node)
{
    struct python_file *file = state->frame->file;
    struct ast_node tail = routing_node(file, node->c); /* node 0 when there is none: all its lists are empty */
    const struct traced **entry = routing_save(state, node->at);
    struct flow flow = routing_walk(state, node->a);
    const struct traced **raised = routing_save(state, node->at);
    if (!flow.ends) {
        struct flow otherwise = routing_walk(state, tail.a);
        flow.ends = otherwise.ends;
        flow_add(&flow, &otherwise, ALL_EXITS);
    }
    const struct traced **after = routing_save(state, node->at);
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node->b); i++) {
        struct ast_node handler = routing_node(file, ast_list_item(&file->ast, node->b, i));
        routing_restore(state, raised);
        routing_join_slots(state, entry, STRENGTH_NONE);
        if (handler.b)
            routing_bind(state, handler.b, &value_clean);
        struct flow handled = routing_walk(state, handler.c);
        flow_add(&flow, &handled, ALL_EXITS);
        if (handled.ends)
            continue;
        if (!flow.ends)
            routing_join_slots(state, after, STRENGTH_NONE);
        after = routing_save(state, node->at);
        flow.ends = false;
    }
    routing_restore(state, after);
    struct flow finally = routing_walk(state, tail.b);
    flow_add(&flow, &finally, ALL_EXITS);
    flow.ends |= finally.ends;
    return flow;
}

static struct flow walk_with(struct routing_state *state, const struct ast_node *node)
{
    const struct python_file *file = state->frame->file;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node->a); i++) {
        struct ast_node item = routing_node(file, ast_list_item(&file->ast, node->a, i));
        const struct traced *context = routing_evaluate(state, item.a);
        if (item.b)
            routing_bind(state, item.b, context);
    }
    return routing_walk(state, node->b);
}

/* ---- statements ---- */

static void walk_function(struct routing_state *state, const struct ast_node *node)
{
    struct traced *function = ARENA_NEW(state->scratch, struct traced);
    function->kind = TRACED_FUNCTION;
    function->file = state->frame->file;
    function->method = (struct routing_method){state->frame->file, node->a, state->frame->depth};
    function->frame = state->frame;
    routing_bind(state, node->c, function);
}

static void walk_return(struct routing_state *state, const struct ast_node *node)
{
    const struct traced *value = node->a ? routing_evaluate(state, node->a) : &value_none;
    state->frame->result = traced_join(state, state->frame->result, value, routing_control(state));
}

static void walk_augment(struct routing_state *state, const struct ast_node *node)
{
    const struct traced *left = routing_evaluate(state, node->a);
    const struct traced *right = routing_evaluate(state, node->b);
    routing_bind(state, node->a, augmented(state, left, right));
}

static void bind_imports(struct routing_state *state, uint32_t list)
{
    const struct python_file *file = state->frame->file;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, list); i++) {
        struct ast_node alias = routing_node(file, ast_list_item(&file->ast, list, i));
        struct text name = routing_string(file, alias.b ? alias.b : alias.a);
        if (alias.c && alias.c <= state->frame->slot_count)
            state->frame->slots[alias.c - 1] = traced_global(state, state->frame->file, name, name, false);
    }
}

static struct flow walk_statement(struct routing_state *state, uint32_t number)
{
    struct python_file *file = state->frame->file;
    struct ast_node node = routing_node(file, number);
    struct flow flow = {0};
    switch ((enum ast_kind)node.kind) {
    case AST_EXPRESSION: routing_evaluate(state, node.a); break;
    case AST_ASSIGN: {
        const struct traced *value = routing_evaluate(state, node.b);
        for (uint32_t i = 0; i < ast_list_count(&file->ast, node.a); i++)
            routing_bind(state, ast_list_item(&file->ast, node.a, i), value);
        break;
    }
    case AST_ANNOTATE:
        if (node.c)
            routing_bind(state, node.a, routing_evaluate(state, node.c));
        break;
    case AST_AUGMENT: walk_augment(state, &node); break;
    case AST_RETURN:
        walk_return(state, &node);
        flow.ends = true;
        flow.may = EXIT_RETURN;
        break;
    case AST_RAISE: flow.ends = true; break;
    case AST_ASSERT: routing_condition(state, node.a, NULL); break;
    case AST_BREAK:
    case AST_CONTINUE:
        leave_loop(state, node.at);
        flow.ends = true;
        flow.may = node.kind == AST_BREAK ? EXIT_BREAK : EXIT_CONTINUE;
        break;
    case AST_IF: return walk_if(state, &node);
    case AST_FOR: return walk_for(state, &node);
    case AST_WHILE: return walk_while(state, &node);
    case AST_TRY: return walk_try(state, &node);
    case AST_WITH: return walk_with(state, &node);
    case AST_FUNCTION: walk_function(state, &node); break;
    case AST_IMPORT: bind_imports(state, node.a); break;
    case AST_FROM_IMPORT: bind_imports(state, node.b); break;
    case AST_CLASS: routing_bind(state, node.c, &value_clean); break;
    case AST_MATCH: routing_stop(state, TEXT("forward holds a match statement, which is not followed"), node.at); break;
    case AST_UNSUPPORTED: routing_stop(state, TEXT("forward holds a statement that is not followed"), node.at); break;
    default: /* pass, del, global, nonlocal, type: nothing is called */ break;
    }
    return flow;
}

/* The rest of a list that is only reached depending on data, from the statement that may have left it. */
struct rest {
    bool open, marks; /* a guard marks by itself */
    size_t from;
    struct reason reason;
};

static void open_rest(struct routing_state *state, struct rest *rest, enum strength strength, const struct flow *step)
{
    if (!rest->open) {
        rest->open = true;
        routing_enter(state, strength);
    }
    if (!rest->marks && !step->guards) {
        rest->marks = true;
        rest->from = state->event_count;
        rest->reason = step->reasons[strength];
    }
}

struct guard {
    size_t from, to, rest;
    struct reason reason;
};
#define MAX_GUARDS 16

struct flow routing_walk(struct routing_state *state, uint32_t list)
{
    struct flow flow = {0};
    struct rest rests[STRENGTH_COUNT] = {0};
    struct guard guards[MAX_GUARDS];
    unsigned guard_count = 0, idle = 0;
    uint32_t count = ast_list_count(&state->frame->file->ast, list);
    if (count == 0)
        return flow;
    if (++state->depth > LIMIT_ROUTING_DEPTH)
        routing_stop(state, TEXT("forward is nested too deeply to follow"), 0);
    for (uint32_t i = 0; i < count && !flow.ends; i++) {
        uint32_t number = ast_list_item(&state->frame->file->ast, list, i);
        if (!routing_step(state, routing_node(state->frame->file, number).at, 1))
            break;
        struct flow step = walk_statement(state, number);
        flow_add(&flow, &step, ALL_EXITS);
        flow.ends = step.ends;
        idle += step.idle_rest;
        state->idle += step.idle_rest;
        if (step.guards && guard_count < MAX_GUARDS)
            guards[guard_count++] = (struct guard){step.guard_from, step.guard_to, state->event_count, step.guard};
        else if (step.guards)
            routing_mark(state, step.guard_from, step.guard_to, &step.guard);
        for (int strength = STRENGTH_DOUBT; strength < STRENGTH_COUNT; strength++)
            if (step.depends[strength])
                open_rest(state, &rests[strength], (enum strength)strength, &step);
    }
    state->idle -= idle;
    for (unsigned i = guard_count; i-- > 0;) {
        struct guard guard = guards[i];
        routing_mark_alternatives(state, guard.from, guard.to, guard.rest, state->event_count, &guard.reason);
    }
    for (int strength = STRENGTH_DOUBT; strength < STRENGTH_COUNT; strength++)
        if (rests[strength].open) {
            routing_leave(state, (enum strength)strength);
            if (rests[strength].marks)
                routing_mark(state, rests[strength].from, state->event_count, &rests[strength].reason);
        }
    state->depth--;
    return flow;
}
