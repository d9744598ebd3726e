/* Heaps, interned strings, reasons, and the making of objects. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eval/evidence.h"
#include "eval/eval.h"
#include "eval/native_code.h"
#include "eval/transaction.h"
#include "eval/types.h"

struct str *eval_intern(struct eval *ev, struct text text)
{
    if (text.length > LIMIT_STRING_BYTES)
        text.length = LIMIT_STRING_BYTES; /* callers check sizes first; this keeps the header's number honest */
    uint32_t hash = text_hash(text, 0x9e3779b9u);
    if (ev->string_count * 2 >= ev->string_table_size) {
        size_t size = ev->string_table_size ? ev->string_table_size * 2 : 4096;
        struct str **table = memory_alloc(size * sizeof *table);
        memset(table, 0, size * sizeof *table);
        for (size_t i = 0; i < ev->string_table_size; i++) {
            if (!ev->strings[i])
                continue;
            size_t at = ev->strings[i]->hash & (size - 1);
            while (table[at])
                at = (at + 1) & (size - 1);
            table[at] = ev->strings[i];
        }
        free(ev->strings);
        ev->strings = table;
        ev->string_table_size = size;
    }
    size_t at = hash & (ev->string_table_size - 1);
    for (; ev->strings[at]; at = (at + 1) & (ev->string_table_size - 1))
        if (ev->strings[at]->hash == hash && text_equal(str_text(ev->strings[at]), text))
            return ev->strings[at];
    struct str *str = arena_alloc(&ev->run, sizeof *str + text.length + 1);
    str->length = (uint32_t)text.length;
    str->hash = hash;
    if (text.length)
        memcpy(str->bytes, text.bytes, text.length);
    ev->strings[at] = str;
    ev->string_count++;
    return str;
}

struct value eval_text(struct eval *ev, struct text text)
{
    if (text.length > LIMIT_STRING_BYTES)
        return eval_unknown(ev, "a string over %u bytes", LIMIT_STRING_BYTES);
    return value_str(eval_intern(ev, text));
}

struct value eval_format(struct eval *ev, const char *format, ...)
{
    char buffer[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    if (length < 0)
        length = 0;
    if ((size_t)length < sizeof buffer)
        return eval_text(ev, (struct text){buffer, (size_t)length});
    char *bytes = memory_alloc((size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(bytes, (size_t)length + 1, format, arguments);
    va_end(arguments);
    struct value value = eval_text(ev, (struct text){bytes, (size_t)length});
    free(bytes);
    return value;
}

struct str *unit_symbol_make(struct eval *ev, struct unit *unit, uint32_t string)
{
    if (string >= unit->symbol_count) {
        size_t count = unit->file->ast.string_count + 64;
        unit->symbols = memory_realloc(unit->symbols, count * sizeof *unit->symbols);
        memset(unit->symbols + unit->symbol_count, 0, (count - unit->symbol_count) * sizeof *unit->symbols);
        unit->symbol_count = count;
    }
    if (!unit->symbols[string])
        unit->symbols[string] = eval_intern(ev, unit->file->ast.strings[string]);
    return unit->symbols[string];
}

struct reason *eval_reason(struct eval *ev, struct text words)
{
    struct reason *reason = ARENA_NEW(eval_heap(ev), struct reason);
    reason->words = text_copy(eval_heap(ev), words);
    reason->unit = eval_place(ev, &reason->at);
    return reason;
}

struct value eval_unknown(struct eval *ev, const char *format, ...)
{
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    struct text words = text_print(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    ev->guesses++;
    return unknown_from(eval_reason(ev, words));
}

struct value eval_unknown_plain(struct eval *ev, const char *words)
{
    struct value value = unknown_from(eval_reason(ev, text_from(words)));
    value.plain = true;
    return value;
}

struct value eval_raise_value(struct eval *ev, struct value exception)
{
    ev->raised = exception;
    if (ev->evidence) {
        ev->evidence->returns = 0;
        ev->evidence->cause_unit = NULL;
    }
    ev->raised_unit = eval_place(ev, &ev->raised_at);
    return value_raised();
}

struct value eval_raise(struct eval *ev, struct class *type, const char *format, ...)
{
    char buffer[1024];
    va_list arguments;
    va_start(arguments, format);
    struct text words = text_print(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    struct instance *exception = instance_new(ev, type);
    struct value message = eval_text(ev, words);
    exception->payload = tuple_of(ev, &message, 1);
    return eval_raise_value(ev, value_of(VALUE_INSTANCE, exception));
}

struct value eval_stop(struct eval *ev, const char *words)
{
    if (!ev->stopped)
        ev->stopped = eval_reason(ev, text_from(words));
    return value_raised();
}

struct value tuple_of(struct eval *ev, const struct value *items, uint32_t count)
{
    struct list *list = list_new(ev, count);
    if (count)
        memcpy(list->items, items, count * sizeof *items);
    list->count = count;
    return value_of(VALUE_TUPLE, list);
}

struct instance *instance_new(struct eval *ev, struct class *class_)
{
    struct instance *instance = ARENA_NEW(eval_heap(ev), struct instance);
    cell_init(ev, &instance->cell, CELL_INSTANCE);
    instance->class_ = class_;
    instance->attributes = dict_new(ev);
    instance->payload = value_unbound();
    instance->made_unit = eval_place(ev, &instance->made_at);
    instance->made_calls = ev->evidence && class_->is_module ? evidence_calls(ev, instance->made_unit, instance->made_at) : 0;
    switch ((enum class_layout)class_->layout) {
    case LAYOUT_DICT: instance->payload = value_of(VALUE_DICT, dict_new(ev)); break;
    case LAYOUT_LIST: instance->payload = value_of(VALUE_LIST, list_new(ev, 0)); break;
    case LAYOUT_SET: instance->payload = value_of(VALUE_SET, dict_new(ev)); break;
    case LAYOUT_TUPLE: instance->payload = value_of(VALUE_TUPLE, list_new(ev, 0)); break;
    case LAYOUT_STR: instance->payload = value_str(eval_intern(ev, TEXT(""))); break;
    case LAYOUT_INT: instance->payload = value_int(0); break;
    case LAYOUT_FLOAT: instance->payload = value_float(0); break;
    case LAYOUT_OBJECT:
        if (class_->is_exception)
            instance->payload = tuple_of(ev, NULL, 0);
        break;
    }
    return instance;
}

struct module_tables *module_tables_new(struct eval *ev)
{
    struct module_tables *tables = ARENA_NEW(eval_heap(ev), struct module_tables);
    cell_init(ev, &tables->made, CELL_DICT);
    return tables;
}

/* The table keeps the age of its module, so that the first write in a transaction saves that it was empty. */
struct dict *module_table(struct eval *ev, const struct module_tables *tables, struct dict **table)
{
    if (!*table) {
        *table = ARENA_NEW(tables->made.imported ? &ev->run : &ev->model, struct dict);
        (*table)->cell = tables->made;
    }
    return *table;
}

struct class *class_new(struct eval *ev, struct str *name, struct str *module, struct class *const *bases, uint32_t base_count)
{
    struct class *class_ = ARENA_NEW(eval_heap(ev), struct class);
    class_->name = class_->qualname = name;
    class_->module = module;
    class_->attributes = dict_new(ev);
    class_->bases = list_new(ev, base_count);
    for (uint32_t i = 0; i < base_count; i++) {
        list_append(ev, class_->bases, value_of(VALUE_CLASS, bases[i]));
        if (bases[i]->layout != LAYOUT_OBJECT)
            class_->layout = bases[i]->layout;
        class_->is_module |= bases[i]->is_module;
        class_->is_exception |= bases[i]->is_exception;
        if (bases[i]->open)
            class_->open = bases[i]->open;
    }
    return class_;
}

/* C3: merges the bases' orders and the list of bases, always taking the first head that is in no tail. */
bool class_set_mro(struct eval *ev, struct class *class_)
{
    uint32_t base_count = class_->bases->count;
    uint32_t total = 1;
    for (uint32_t i = 0; i < base_count; i++)
        total += class_->bases->items[i].class_->mro_count + 1;
    if (total > LIMIT_MRO * 8) {
        eval_stop(ev, "a class with too many bases");
        return false;
    }
    struct class **mro = ARENA_ARRAY(eval_heap(ev), total, struct class *);
    uint32_t *heads = ARENA_ARRAY(&ev->scratch, base_count + 1, uint32_t);
    mro[0] = class_;
    uint32_t count = 1;
    for (;;) {
        bool left = false;
        struct class *next = NULL;
        for (uint32_t i = 0; i <= base_count && !next; i++) {
            uint32_t length = i < base_count ? class_->bases->items[i].class_->mro_count : base_count;
            if (heads[i] >= length)
                continue;
            left = true;
            struct class *candidate =
                i < base_count ? class_->bases->items[i].class_->mro[heads[i]] : class_->bases->items[heads[i]].class_;
            bool in_tail = false;
            for (uint32_t j = 0; j <= base_count && !in_tail; j++) {
                uint32_t other = j < base_count ? class_->bases->items[j].class_->mro_count : base_count;
                for (uint32_t k = heads[j] + 1; k < other && !in_tail; k++)
                    in_tail = (j < base_count ? class_->bases->items[j].class_->mro[k] : class_->bases->items[k].class_) == candidate;
            }
            if (!in_tail)
                next = candidate;
        }
        if (!left)
            break;
        if (!next) {
            eval_raise(ev, ev->types->type_error,
                       "Cannot create a consistent method resolution order (MRO) for bases of %s", class_->name->bytes);
            return false;
        }
        mro[count++] = next;
        for (uint32_t i = 0; i <= base_count; i++) {
            uint32_t length = i < base_count ? class_->bases->items[i].class_->mro_count : base_count;
            if (heads[i] < length &&
                (i < base_count ? class_->bases->items[i].class_->mro[heads[i]] : class_->bases->items[heads[i]].class_) == next)
                heads[i]++;
        }
    }
    class_->mro = mro;
    class_->mro_count = count;
    return true;
}

bool class_is_subclass(const struct class *class_, const struct class *base)
{
    for (uint32_t i = 0; i < class_->mro_count; i++)
        if (class_->mro[i] == base)
            return true;
    return false;
}

struct frame *frame_new(struct eval *ev, enum frame_kind kind, struct unit *unit, struct namespace *globals, uint32_t first_local,
                        uint32_t slot_count, bool lasting)
{
    struct arena *arena = lasting ? eval_heap(ev) : &ev->scratch;
    struct frame *frame = arena_alloc(arena, sizeof *frame + (slot_count + 1) * sizeof(struct value));
    cell_init(ev, &frame->cell, CELL_FRAME);
    frame->frame_kind = (uint8_t)kind;
    frame->unit = unit;
    frame->globals = globals;
    frame->first_local = first_local;
    frame->slot_count = slot_count;
    frame->slots = (struct value *)(frame + 1);
    frame->result = value_none();
    for (uint32_t i = 0; i < slot_count; i++)
        frame->slots[i] = value_unbound();
    return frame;
}

void eval_init(struct eval *ev, const struct importer *importer, const struct environment *environment)
{
    memset(ev, 0, sizeof *ev);
    ev->importer = *importer;
    ev->environment = *environment;
    ev->run_limit = LIMIT_RUN_BYTES;
    ev->model_limit = LIMIT_MODEL_BYTES;
    ev->step_limit = LIMIT_STEPS;
    ev->importing = true;
    ev->modules = dict_new(ev);
    types_init(ev);
    native_code_init(ev);
    ev->importing = false;
}

void eval_free(struct eval *ev)
{
    /* The units' tables are on the heap of C since they grow. */
    for (struct unit *unit = ev->units; unit; unit = unit->next)
        free(unit->symbols);
    for (size_t i = 0; i < ev->snippet_count; i++)
        python_file_free(ev->snippets[i]);
    free(ev->snippets);
    free(ev->strings);
    free(ev->attribute_cache);
    free(ev->name_cache);
    arena_free(&ev->scratch);
    arena_free(&ev->model);
    arena_free(&ev->run);
    memset(ev, 0, sizeof *ev);
}

void eval_begin_model(struct eval *ev)
{
    ev->steps = 0;
    ev->table_items = 0;
    ev->call_depth = ev->expression_depth = 0;
    ev->ways = 0;
    ev->known_modules = 0;
    ev->running = NULL;
    ev->making = NULL;
    ev->stopped = NULL;
    ev->missing = NULL;
    ev->run_limit = arena_used(&ev->run) + LIMIT_RUN_BYTES;
    ev->guesses = 0;
    ev->imported_files = 0;
    ev->raised = value_unbound();
    ev->handling = value_unbound();
    ev->unit = NULL;
    ev->at = 0;
    struct transaction *transaction = ARENA_NEW(&ev->model, struct transaction);
    transaction_begin(ev, transaction);
}

void eval_end_model(struct eval *ev)
{
    while (ev->transaction)
        transaction_undo(ev, ev->transaction);
    ev->importing = false;
    arena_free(&ev->model);
    arena_free(&ev->scratch);
    ev->attribute_version++;
    ev->names_version++;
}
