/* Classes of abc.ABCMeta that still have abstract methods. */
#include <string.h>

#include "eval/eval.h"
#include "eval/types.h"

static bool has_abstract_meta(const struct class *class_)
{
    for (uint32_t i = 0; class_->meta && i < class_->meta->mro_count; i++) {
        const struct class *meta = class_->meta->mro[i];
        if (meta->unit && meta->unit->is_fact && !strcmp(meta->name->bytes, "ABCMeta"))
            return true;
    }
    return false;
}

static bool is_abstract(struct eval *ev, struct value value)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_FUNCTION: {
        struct dict *attributes = value.function->attributes;
        struct value mark = attributes ? dict_get_str(attributes, eval_intern(ev, TEXT("__isabstractmethod__"))) : value_unbound();
        return mark.kind == VALUE_BOOL && mark.truth;
    }
    case VALUE_PROPERTY:
        return is_abstract(ev, value.property->getter) || is_abstract(ev, value.property->setter) || is_abstract(ev, value.property->deleter);
    case VALUE_STATIC_METHOD:
    case VALUE_CLASS_METHOD:
        return is_abstract(ev, value.wrapper->function);
    case VALUE_RAISED:
    case VALUE_UNBOUND:
    case VALUE_UNKNOWN:
    case VALUE_NONE:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
    case VALUE_STR:
    case VALUE_ELLIPSIS:
    case VALUE_NOT_IMPLEMENTED:
    case VALUE_TUPLE:
    case VALUE_LIST:
    case VALUE_DICT:
    case VALUE_SET:
    case VALUE_RANGE:
    case VALUE_SLICE:
    case VALUE_ITERATOR:
    case VALUE_CLASS:
    case VALUE_INSTANCE:
    case VALUE_BOUND:
    case VALUE_NATIVE:
    case VALUE_SUPER:
    case VALUE_NAMESPACE:
    case VALUE_TENSOR:
    case VALUE_LAZY:
        break;
    }
    return false;
}

/* Only a decorator makes a member abstract, so others need not be parsed. */
static bool may_be_abstract(struct value value)
{
    return value.kind != VALUE_LAZY || value.lazy->unit->file->pieces[value.lazy->piece].decorators > 0;
}

static int compare_names(const struct str *a, const struct str *b)
{
    return strcmp(a->bytes, b->bytes);
}

/* The names of the abstract members, sorted; each once.  NULL: stopped. */
static struct list *abstract_names(struct eval *ev, struct class *class_)
{
    struct list *names = list_new(ev, 0);
    for (uint32_t i = 0; i < class_->mro_count; i++) {
        struct dict_entry *entry;
        for (uint32_t k = 0; (entry = dict_next(class_->mro[i]->attributes, &k));) {
            if (entry->key.kind != VALUE_STR || !may_be_abstract(entry->value))
                continue;
            struct str *name = entry->key.str;
            struct value member = class_find(ev, class_, name);
            if (is_raised(member))
                return NULL;
            uint32_t at = 0;
            while (at < names->count && compare_names(names->items[at].str, name) < 0)
                at++;
            if (!is_abstract(ev, member) || (at < names->count && names->items[at].str == name))
                continue;
            if (!list_append(ev, names, value_str(name)))
                return NULL;
            memmove(names->items + at + 1, names->items + at, (names->count - 1 - at) * sizeof *names->items);
            names->items[at] = value_str(name);
        }
    }
    return names;
}

bool class_is_concrete(struct eval *ev, struct class *class_)
{
    if (class_->is_concrete || !has_abstract_meta(class_)) {
        class_->is_concrete = true;
        return true;
    }
    struct list *names = abstract_names(ev, class_);
    if (!names)
        return false;
    if (!names->count) {
        class_->is_concrete = true;
        return true;
    }
    struct text_builder said = {0};
    for (uint32_t i = 0; i < names->count; i++)
        text_builder_addf(&said, "%s%s", i ? ", " : "", names->items[i].str->bytes);
    eval_raise(ev, ev->types->type_error, "Can't instantiate abstract class %s with abstract method%s %s", class_->name->bytes,
               names->count > 1 ? "s" : "", said.bytes);
    text_builder_free(&said);
    return false;
}
