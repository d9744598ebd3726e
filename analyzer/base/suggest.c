/*
 * did-you-mean: optimal string alignment (insert, delete, replace, swap neighbours), by bytes.
 *
 * In Hyyroe's bit-parallel form, a few operations for each byte of a candidate, because a model may have 75,000 names.
 * A column of the table is a bit vector of the entry's length; entries of more than 64 bytes take several words, with
 * carries between them.
 */
#include "base/suggest.h"

#include "base/limits.h"

#define WORD_BITS 64
#define WORDS ((LIMIT_SUGGESTION_LENGTH + WORD_BITS - 1) / WORD_BITS)
#define ROOM 16 /* answers at most */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t difference(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The entry, prepared to be compared with many candidates. */
struct pattern {
    size_t length, words;
    bool fold;               /* ignore case */
    uint64_t at[WORDS][256]; /* for each byte, where it stands in the entry */
};

static void pattern_prepare(struct pattern *pattern, struct text text, bool fold)
{
    pattern->length = text.length;
    pattern->words = (text.length + WORD_BITS - 1) / WORD_BITS;
    memset(pattern->at, 0, pattern->words * sizeof *pattern->at);
    pattern->fold = fold;
    for (size_t i = 0; i < text.length; i++) {
        char byte = fold ? lower(text.bytes[i]) : text.bytes[i];
        pattern->at[i / WORD_BITS][(unsigned char)byte] |= (uint64_t)1 << (i % WORD_BITS);
    }
}

/* One word of the bit vectors. */
struct column {
    uint64_t plus, minus; /* the entries that are one more, one less than the one above */
    uint64_t diagonal;    /* those equal to their diagonal neighbour */
    uint64_t equal;       /* where the entry has the candidate's last byte */
};

/* What goes from a word into the next one. */
struct carry {
    uint64_t sum, swap, plus, minus; /* 0 or 1 */
};

/* One byte of the candidate, in one word.  Returns +1, 0 or -1: what it does to the entry at `bit`. */
static int column_step(struct column *column, uint64_t equal, struct carry *carry, uint64_t bit)
{
    const unsigned top = WORD_BITS - 1;
    uint64_t crossed = ~column->diagonal & equal;
    uint64_t swapped = (crossed << 1 | carry->swap) & column->equal;
    uint64_t partial = (equal & column->plus) + column->plus, sum = partial + carry->sum;
    uint64_t sum_carry = (uint64_t)(partial < column->plus) | (uint64_t)(sum < partial);
    uint64_t diagonal = (sum ^ column->plus) | equal | column->minus | swapped;
    uint64_t right_plus = column->minus | ~(diagonal | column->plus), right_minus = diagonal & column->plus;
    int change = ((right_plus & bit) != 0) - ((right_minus & bit) != 0);
    uint64_t shifted_plus = right_plus << 1 | carry->plus, shifted_minus = right_minus << 1 | carry->minus;
    *carry = (struct carry){sum_carry, crossed >> top, right_plus >> top, right_minus >> top};
    *column = (struct column){shifted_minus | ~(diagonal | shifted_plus), shifted_plus & diagonal, diagonal, equal};
    return change;
}

/* Distances over `most` are given as most + 1. */
static size_t distance_to(const struct pattern *pattern, struct text other, size_t most)
{
    struct column columns[WORDS];
    size_t words = pattern->words, distance = pattern->length;
    if (difference(pattern->length, other.length) > most)
        return most + 1;
    for (size_t w = 0; w < words; w++)
        columns[w] = (struct column){.plus = ~(uint64_t)0};
    uint64_t last = (uint64_t)1 << ((pattern->length - 1) % WORD_BITS);
    for (size_t i = 0; i < other.length; i++) {
        unsigned char byte = (unsigned char)(pattern->fold ? lower(other.bytes[i]) : other.bytes[i]);
        struct carry carry = {.plus = 1};
        int change = 0;
        for (size_t w = 0; w < words; w++)
            change = column_step(&columns[w], pattern->at[w][byte], &carry, last);
        distance = change < 0 ? distance - 1 : distance + (size_t)change; /* of the last word: the whole entry's */
        if (distance > most + (other.length - i - 1))                     /* each byte that is left can take away one */
            return most + 1;
    }
    return distance;
}

size_t suggest_nearest(struct text entry, const struct text *candidates, size_t count, struct text *nearest,
                       size_t room)
{
    struct rank {
        size_t folded, exact; /* distances without and with regard to case */
    } ranks[ROOM];
    size_t kept = 0;
    struct pattern folded, exact;
    room = least(room, ROOM);
    if (entry.length == 0 || entry.length > LIMIT_SUGGESTION_LENGTH || room == 0)
        return 0;
    bool prepared = false; /* most candidates are too long or too short, often all of them */
    for (size_t i = 0; i < count && i < LIMIT_SUGGESTION_NAMES; i++) {
        struct text other = candidates[i];
        size_t longer = other.length > entry.length ? other.length : entry.length, most = longer / 3;
        if (kept == room)
            most = least(most, ranks[kept - 1].folded);
        if (difference(entry.length, other.length) > most)
            continue;
        if (!prepared) {
            pattern_prepare(&folded, entry, true);
            pattern_prepare(&exact, entry, false);
            prepared = true;
        }
        struct rank rank = {.folded = distance_to(&folded, other, most)};
        if (rank.folded > most || text_equal(other, entry))
            continue;
        rank.exact = distance_to(&exact, other, longer);
        size_t at = kept;
        while (at > 0 && (rank.folded < ranks[at - 1].folded ||
                          (rank.folded == ranks[at - 1].folded && rank.exact < ranks[at - 1].exact)))
            at--;
        bool known = at == room;
        for (size_t j = 0; j < kept && !known; j++)
            known = text_equal(nearest[j], other);
        if (known)
            continue;
        if (kept < room)
            kept++;
        for (size_t j = kept - 1; j > at; j--) {
            ranks[j] = ranks[j - 1];
            nearest[j] = nearest[j - 1];
        }
        ranks[at] = rank;
        nearest[at] = other;
    }
    return kept;
}
