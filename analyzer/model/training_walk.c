/* Statements: what they bind, how control leaves them, and what of them is certain. */
#include "model/training_internal.h"

bool walk_step(struct walk *walk)
{
    if (++walk->steps > LIMIT_TRAINING_STEPS || walk->depth > LIMIT_ROUTING_DEPTH)
        walk->stopped = true;
    return !walk->stopped;
}

/* ---- slots ---- */

const struct seen **walk_save(struct walk *walk)
{
    const struct walk_frame *frame = walk->frame;
    const struct seen **slots = ARENA_ARRAY(walk->scratch, (size_t)frame->slot_count + 1, const struct seen *);
    memcpy(slots, frame->slots, frame->slot_count * sizeof *slots);
    walk->steps += frame->slot_count / 4;
    return slots;
}

static void restore(struct walk *walk, const struct seen *const *slots)
{
    memcpy(walk->frame->slots, slots, walk->frame->slot_count * sizeof *slots);
}

void walk_join_slots(struct walk *walk, const struct seen *const *slots)
{
    for (uint32_t i = 0; i < walk->frame->slot_count; i++)
        walk->frame->slots[i] = seen_join(walk, walk->frame->slots[i], slots[i]);
}

static void forget_slots(struct walk *walk)
{
    for (uint32_t i = 0; i < walk->frame->slot_count; i++)
        walk->frame->slots[i] = &seen_unknown;
}

static void note_assigned(struct walk *walk, const struct instance *instance, struct text name)
{
    walk->assigned = array_grow(walk->assigned, walk->assigned_count, &walk->assigned_capacity, sizeof *walk->assigned);
    walk->assigned[walk->assigned_count++] = (struct assigned){instance, eval_intern(walk->ev, name)};
}

static void bind_items(struct walk *walk, uint32_t list, const struct seen *value)
{
    const struct python_file *file = walk->frame->file;
    uint32_t count = ast_list_count(&file->ast, list);
    bool apart = value->kind == SEEN_TUPLE && value->count == count;
    for (uint32_t i = 0; i < count; i++)
        walk_bind(walk, ast_list_item(&file->ast, list, i), apart ? value->items[i] : &seen_unknown);
}

void walk_bind(struct walk *walk, uint32_t target, const struct seen *value)
{
    const struct python_file *file = walk->frame->file;
    struct ast_node node = walk_node(file, target);
    switch (node.kind) {
    case AST_LOCAL:
        if (node.b < walk->frame->slot_count)
            walk->frame->slots[node.b] = value;
        break;
    case AST_TUPLE:
    case AST_LIST: bind_items(walk, node.a, value); break;
    case AST_STARRED: walk_bind(walk, node.a, &seen_unknown); break;
    case AST_ATTRIBUTE: {
        const struct seen *object = walk_evaluate(walk, node.a);
        if (object->kind == SEEN_MODULE)
            note_assigned(walk, object->instance, walk_string(file, node.b));
        break;
    }
    case AST_SUBSCRIPT: {
        const struct seen *object = walk_evaluate(walk, node.a);
        walk_evaluate(walk, node.b);
        if (object->kind == SEEN_TENSOR)
            walk_changed(walk, object, node.at);
        break;
    }
    default: break;
    }
}

/* ---- if ---- */


static struct left walk_if(struct walk *walk, const struct ast_node *node)
{
    enum routing_truth truth = walk_condition(walk, node->a);
    if (truth != TRUTH_CANNOT_TELL)
        return walk_list(walk, truth == TRUTH_TRUE ? node->b : node->c);
    const struct seen **entry = walk_save(walk);
    walk->unsure++;
    struct left then = walk_list(walk, node->b);
    const struct seen **after_then = walk_save(walk);
    restore(walk, entry);
    struct left otherwise = walk_list(walk, node->c);
    walk->unsure--;
    struct left left = {.ends = then.ends && otherwise.ends,
                        .may_return = then.may_return || otherwise.may_return,
                        .may_break = then.may_break || otherwise.may_break};
    if (then.ends && !otherwise.ends)
        return left; /* the slots are those of the other side */
    if (otherwise.ends && !then.ends)
        restore(walk, after_then);
    else
        walk_join_slots(walk, after_then);
    return left;
}

/* ---- loops ---- */

/* What a for statement goes over. */
struct turns {
    const struct seen *item; /* what the target is bound to */
    uint32_t least;          /* turns that there are for certain */
};

static bool is_name(const struct walk *walk, uint32_t number, const char *name)
{
    struct ast_node node = walk_node(walk->frame->file, number);
    return node.kind == AST_NAME && text_equal(walk_string(walk->frame->file, node.a), text_from(name));
}

static struct turns turns_of_modules(struct walk *walk, const struct seen *container)
{
    struct turns turns = {&seen_unknown, 0};
    struct instance **items;
    uint32_t count = container_items(walk, container->instance, &items);
    if (count == 0)
        return turns;
    /* Each of them is an item once: the one that is looked at stands for all. */
    struct instance *item = items[0];
    for (uint32_t i = 0; i < count; i++)
        if (items[i] == walk->subject)
            item = items[i];
    turns.item = seen_module(walk, item);
    turns.least = 1;
    return turns;
}

static struct turns turns_of_range(struct walk *walk, uint32_t arguments)
{
    const struct ast *ast = &walk->frame->file->ast;
    struct turns turns = {&seen_unknown, 0};
    int64_t bounds[2] = {0, 0}, number;
    uint32_t count = ast_list_count(ast, arguments);
    for (uint32_t i = 0; i < count; i++) {
        const struct seen *bound = walk_evaluate(walk, ast_list_item(&walk->frame->file->ast, arguments, i));
        if (count > 2 || bound->kind != SEEN_CONSTANT || !value_integer(bound->constant, &number))
            return turns;
        bounds[count == 1 ? 1 : i] = number;
    }
    if (bounds[1] > bounds[0] && bounds[0] >= 0)
        turns.least = bounds[1] - bounds[0] > 1 ? 2 : 1;
    return turns;
}

static struct turns turns_of(struct walk *walk, uint32_t iterable)
{
    struct python_file *file = walk->frame->file;
    struct ast_node node = walk_node(file, iterable);
    if (node.kind == AST_CALL && ast_list_count(&file->ast, node.b) > 0) {
        if (is_name(walk, node.a, "range"))
            return turns_of_range(walk, node.b);
        uint32_t first = ast_list_item(&file->ast, node.b, 0);
        if (is_name(walk, node.a, "enumerate")) {
            struct turns inner = turns_of(walk, first);
            const struct seen **pair = ARENA_ARRAY(walk->scratch, 2, const struct seen *);
            pair[0] = &seen_unknown;
            pair[1] = inner.item;
            inner.item = seen_tuple(walk, pair, 2);
            return inner;
        }
    }
    const struct seen *value = walk_evaluate(walk, iterable);
    if (value->kind == SEEN_MODULE)
        return turns_of_modules(walk, value);
    struct turns turns = {&seen_unknown, 0};
    if (value->kind == SEEN_TUPLE) {
        turns.least = value->count > 2 ? 2 : value->count;
        for (uint32_t i = 0; i < value->count; i++)
            turns.item = i ? seen_join(walk, turns.item, value->items[i]) : value->items[i];
    }
    return turns;
}

static struct left walk_for(struct walk *walk, const struct ast_node *node)
{
    struct ast_node head = walk_node(walk->frame->file, node->a);
    struct turns turns = turns_of(walk, head.b);
    const struct seen **entry = walk_save(walk);
    /* The first turn only finds what the loop carries round, and how it is left. */
    walk->silent++;
    walk_bind(walk, head.a, turns.item);
    struct left body = walk_list(walk, node->b);
    walk->silent--;
    walk_join_slots(walk, entry);
    bool left_early = body.may_break || body.may_return;
    bool unsure = turns.least == 0 || left_early;
    walk->unsure += unsure;
    walk_bind(walk, head.a, turns.item);
    const struct seen **again = walk_save(walk);
    walk_list(walk, node->b);
    walk_join_slots(walk, again);
    if (turns.least > 1 && !unsure) { /* and once more */
        walk_bind(walk, head.a, turns.item);
        walk_list(walk, node->b);
        walk_join_slots(walk, again);
    }
    walk->unsure -= unsure;
    if (unsure)
        walk_join_slots(walk, entry);
    walk->unsure++;
    struct left otherwise = walk_list(walk, node->c);
    walk->unsure--;
    return (struct left){.may_return = body.may_return || otherwise.may_return, .may_break = otherwise.may_break};
}

static struct left walk_while(struct walk *walk, const struct ast_node *node)
{
    const struct seen **entry = walk_save(walk);
    walk->unsure++;
    struct left body = {0};
    for (int turn = 0; turn < 2; turn++) {
        walk_condition(walk, node->a);
        body = walk_list(walk, node->b);
        walk_join_slots(walk, entry);
    }
    struct left otherwise = walk_list(walk, node->c);
    walk->unsure--;
    return (struct left){.may_return = body.may_return || otherwise.may_return, .may_break = otherwise.may_break};
}

/* ---- try, with ---- */

static struct left walk_try(struct walk *walk, const struct ast_node *node)
{
    struct python_file *file = walk->frame->file;
    struct ast_node tail = walk_node(file, node->c);
    const struct seen **entry = walk_save(walk);
    walk->unsure++;
    struct left left = walk_list(walk, node->a);
    struct left more = walk_list(walk, tail.a);
    left.may_return |= more.may_return;
    left.may_break |= more.may_break;
    left.ends |= more.ends;
    walk_join_slots(walk, entry);
    const struct seen **after = walk_save(walk);
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node->b); i++) {
        struct ast_node handler = walk_node(file, ast_list_item(&file->ast, node->b, i));
        if (handler.b)
            walk_bind(walk, handler.b, &seen_unknown);
        more = walk_list(walk, handler.c);
        left.may_return |= more.may_return;
        left.may_break |= more.may_break;
        left.ends = left.ends && more.ends;
        walk_join_slots(walk, after);
    }
    more = walk_list(walk, tail.b);
    walk->unsure--;
    left.ends |= more.ends;
    left.may_return |= more.may_return;
    left.may_break |= more.may_break;
    return left;
}

/* Is it `torch.no_grad()`, `torch.inference_mode()`, `torch.set_grad_enabled(...)` or something else that says so? */
static bool stops_gradients(const struct walk *walk, uint32_t number)
{
    const struct python_file *file = walk->frame->file;
    struct ast_node node = walk_node(file, number);
    if (node.kind == AST_CALL)
        node = walk_node(file, node.a);
    struct text name = TEXT("");
    if (node.kind == AST_ATTRIBUTE)
        name = walk_string(file, node.b);
    else if (node.kind == AST_NAME || node.kind == AST_LOCAL)
        name = walk_string(file, node.a);
    static const char *const harmless[] = {"autocast", "maybe_autocast", "profile", "record_function", "device"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (text_equal(name, text_from(harmless[i])))
            return false;
    return true;
}

static struct left walk_with(struct walk *walk, const struct ast_node *node)
{
    const struct python_file *file = walk->frame->file;
    bool stops = false;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, node->a); i++) {
        struct ast_node item = walk_node(file, ast_list_item(&file->ast, node->a, i));
        walk_evaluate(walk, item.a);
        stops |= stops_gradients(walk, item.a);
        if (item.b)
            walk_bind(walk, item.b, &seen_unknown);
    }
    walk->no_grad += stops;
    struct left left = walk_list(walk, node->b);
    walk->no_grad -= stops;
    return left;
}

/* ---- statements ---- */

static void walk_augment(struct walk *walk, const struct ast_node *node)
{
    const struct seen *left = walk_evaluate(walk, node->a);
    const struct seen *right = walk_evaluate(walk, node->b);
    struct ast_node target = walk_node(walk->frame->file, node->a);
    if (target.kind == AST_SUBSCRIPT) {
        walk_bind(walk, node->a, &seen_unknown);
        return;
    }
    if (left->kind != SEEN_TENSOR || left->or_none) {
        walk_bind(walk, node->a, &seen_unknown);
        return;
    }
    walk_changed(walk, left, node->at);
    if (left->grad != GRAD_YES && right->kind == SEEN_TENSOR && right->grad == GRAD_YES)
        left = &seen_with_grad;
    walk_bind(walk, node->a, left);
}

static void forget_imports(struct walk *walk, uint32_t list)
{
    const struct python_file *file = walk->frame->file;
    for (uint32_t i = 0; i < ast_list_count(&file->ast, list); i++) {
        struct ast_node alias = walk_node(file, ast_list_item(&file->ast, list, i));
        if (alias.c && alias.c <= walk->frame->slot_count)
            walk->frame->slots[alias.c - 1] = &seen_unknown;
    }
}

static struct left walk_statement(struct walk *walk, uint32_t number)
{
    struct python_file *file = walk->frame->file;
    struct ast_node node = walk_node(file, number);
    struct left left = {0};
    switch ((enum ast_kind)node.kind) {
    case AST_EXPRESSION: walk_evaluate(walk, node.a); break;
    case AST_ASSIGN: {
        const struct seen *value = walk_evaluate(walk, node.b);
        for (uint32_t i = 0; i < ast_list_count(&file->ast, node.a); i++)
            walk_bind(walk, ast_list_item(&file->ast, node.a, i), value);
        break;
    }
    case AST_ANNOTATE:
        if (node.c)
            walk_bind(walk, node.a, walk_evaluate(walk, node.c));
        break;
    case AST_AUGMENT: walk_augment(walk, &node); break;
    case AST_RETURN: {
        const struct seen *value = node.a ? walk_evaluate(walk, node.a) : seen_constant(walk, value_none());
        walk->frame->result = seen_join(walk, walk->frame->result, value);
        left.ends = left.may_return = true;
        break;
    }
    case AST_RAISE: left.ends = true; break;
    case AST_BREAK:
    case AST_CONTINUE: left.ends = left.may_break = true; break;
    case AST_IF: return walk_if(walk, &node);
    case AST_FOR: return walk_for(walk, &node);
    case AST_WHILE: return walk_while(walk, &node);
    case AST_TRY: return walk_try(walk, &node);
    case AST_WITH: return walk_with(walk, &node);
    case AST_FUNCTION:
    case AST_CLASS: walk_bind(walk, node.c, &seen_unknown); break;
    case AST_IMPORT: forget_imports(walk, node.a); break;
    case AST_FROM_IMPORT: forget_imports(walk, node.b); break;
    case AST_DELETE:
        for (uint32_t i = 0; i < ast_list_count(&file->ast, node.a); i++) {
            uint32_t target = ast_list_item(&file->ast, node.a, i);
            if (walk_node(file, target).kind == AST_LOCAL)
                walk_bind(walk, target, &seen_unknown);
        }
        break;
    case AST_PASS:
    case AST_ASSERT: break;
    default: /* match, global, nonlocal, what is not followed */
        forget_slots(walk);
        left.may_return = left.may_break = true;
        break;
    }
    return left;
}

struct left walk_list(struct walk *walk, uint32_t list)
{
    struct left whole = {0};
    bool unsure = false;
    walk->depth++;
    for (uint32_t i = 0; i < ast_list_count(&walk->frame->file->ast, list) && !whole.ends && walk_step(walk); i++) {
        struct left left = walk_statement(walk, ast_list_item(&walk->frame->file->ast, list, i));
        whole.ends = left.ends;
        whole.may_return |= left.may_return;
        whole.may_break |= left.may_break;
        /* Perhaps the rest is not reached. */
        if (!unsure && !left.ends && (left.may_return || left.may_break)) {
            unsure = true;
            walk->unsure++;
        }
    }
    walk->unsure -= unsure;
    walk->depth--;
    return whole;
}
