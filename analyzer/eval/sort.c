/*
 * Sorting: stable, by `<` only, as list.sort() does it.
 *
 * Short lists are sorted by the very comparisons that CPython makes (a first run, then binary insertion), since a
 * comparison may raise, and then both the message and what the list holds afterwards depend on which came first.
 */
#include "eval/values.h"

struct sorter {
    struct eval *ev;
    struct value *keys, *items; /* items move with their keys */
    struct value *spare_keys, *spare_items;
    struct reason *unknown; /* a comparison could not be told */
};

/* Does b stand before a?  false also when that cannot be told; -1: raised. */
static int before(struct sorter *sorter, struct value b, struct value a)
{
    if (!work(sorter->ev, 1))
        return -1;
    struct value result = ordered(sorter->ev, OP_LESS, b, a);
    int truth = value_truth(sorter->ev, result);
    if (truth == -2)
        return -1;
    if (truth == -1) {
        sorter->unknown =
            is_unknown(result) ? result.reason : eval_reason(sorter->ev, TEXT("an order that cannot be told"));
        return 0;
    }
    return truth;
}

/* Merges the sorted halves [first, middle) and [middle, end). */
static bool merge(struct sorter *sorter, uint32_t first, uint32_t middle, uint32_t end)
{
    uint32_t left = first, right = middle, out = first;
    while (left < middle && right < end) {
        int take_right = before(sorter, sorter->keys[right], sorter->keys[left]);
        if (take_right < 0)
            return false;
        uint32_t from = take_right ? right++ : left++;
        sorter->spare_keys[out] = sorter->keys[from];
        sorter->spare_items[out++] = sorter->items[from];
    }
    for (; left < middle; left++, out++) {
        sorter->spare_keys[out] = sorter->keys[left];
        sorter->spare_items[out] = sorter->items[left];
    }
    for (; right < end; right++, out++) {
        sorter->spare_keys[out] = sorter->keys[right];
        sorter->spare_items[out] = sorter->items[right];
    }
    memcpy(sorter->keys + first, sorter->spare_keys + first, (end - first) * sizeof *sorter->keys);
    memcpy(sorter->items + first, sorter->spare_items + first, (end - first) * sizeof *sorter->items);
    return true;
}

static bool sort_all(struct sorter *sorter, uint32_t count)
{
    for (uint64_t width = 1; width < count; width *= 2) {
        for (uint64_t first = 0; first + width < count; first += width * 2) {
            uint64_t end = first + width * 2 < count ? first + width * 2 : count;
            if (!merge(sorter, (uint32_t)first, (uint32_t)(first + width), (uint32_t)end))
                return false;
        }
    }
    return true;
}

static void reverse_values(struct value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        struct value value = values[i];
        values[i] = values[count - 1 - i];
        values[count - 1 - i] = value;
    }
}

/* Length of the run at the start; one that falls all the way is turned round.  0: raised. */
static uint32_t first_run(struct sorter *sorter, uint32_t count)
{
    uint32_t run = 2;
    int falls = before(sorter, sorter->keys[1], sorter->keys[0]);
    if (falls < 0)
        return 0;
    for (; run < count; run++) {
        int less = before(sorter, sorter->keys[run], sorter->keys[run - 1]);
        if (less < 0)
            return 0;
        if (less != falls)
            break;
    }
    if (falls) {
        reverse_values(sorter->keys, run);
        reverse_values(sorter->items, run);
    }
    return run;
}

static bool insert_all(struct sorter *sorter, uint32_t count)
{
    uint32_t sorted = first_run(sorter, count);
    if (!sorted)
        return false;
    for (; sorted < count; sorted++) {
        struct value key = sorter->keys[sorted], item = sorter->items[sorted];
        uint32_t low = 0, high = sorted;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            int less = before(sorter, key, sorter->keys[middle]);
            if (less < 0)
                return false;
            if (less)
                high = middle;
            else
                low = middle + 1;
        }
        memmove(sorter->keys + low + 1, sorter->keys + low, (sorted - low) * sizeof key);
        memmove(sorter->items + low + 1, sorter->items + low, (sorted - low) * sizeof key);
        sorter->keys[low] = key;
        sorter->items[low] = item;
    }
    return true;
}

#define SHORT_LIST 64

bool list_sort(struct eval *ev, struct list *list, struct value key, bool reverse)
{
    uint32_t count = list->count;
    if (list->open) {
        ev->guesses++;
        return true;
    }
    if (!work_items(ev, (uint64_t)count * 8))
        return false;
    struct list *keys = list_new(ev, count), *items = list_new(ev, count);
    if (count)
        memcpy(items->items, list->items, count * sizeof *items->items);
    for (uint32_t i = 0; i < count; i++) {
        struct value made = items->items[i];
        if (key.kind != VALUE_UNBOUND && key.kind != VALUE_NONE)
            made = call_values(ev, key, &items->items[i], 1);
        if (is_raised(made))
            return false;
        keys->items[i] = made;
    }
    struct sorter sorter = {.ev = ev, .keys = keys->items, .items = items->items};
    if (reverse) { /* as CPython: what is equal keeps its order this way */
        reverse_values(sorter.keys, count);
        reverse_values(sorter.items, count);
    }
    bool fine = true;
    if (count > 1 && count < SHORT_LIST) {
        fine = insert_all(&sorter, count);
    } else if (count > 1) {
        sorter.spare_keys = list_new(ev, count)->items;
        sorter.spare_items = list_new(ev, count)->items;
        fine = sort_all(&sorter, count);
    }
    if (reverse)
        reverse_values(sorter.items, count);
    if (sorter.unknown) {
        list_blur(ev, list, sorter.unknown);
        return fine && !ev->stopped;
    }
    for (uint32_t i = 0; i < count && i < list->count; i++)
        list_set(ev, list, i, items->items[i]);
    return fine;
}
