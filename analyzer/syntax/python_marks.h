/*
 * Which of 64 bytes may decide where a Python statement ends: the inner loop of the byte scanner, since most of what
 * is read is only skipped.  Sixteen bytes at a time where the processor can (SSE2, which every x86-64 has).
 */
#ifndef SYNTAX_PYTHON_MARKS_H
#define SYNTAX_PYTHON_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MARK_BLOCK 64u

/* A quote, a bracket, `#`, `\`, `;` or a line end, or one of a few others of no meaning ($ % & | and control characters),
 * which are cheaper to let through. */
static inline bool is_mark_byte(unsigned char byte)
{
    unsigned char folded = byte | 0x20;
    return byte <= '\r' || (byte >= '"' && byte <= ')') || byte == ';' || (folded >= '{' && folded <= '}');
}

#ifdef __SSE2__
/* lowest <= byte <= highest, for each byte */
static inline __m128i marks_between(__m128i bytes, unsigned char lowest, unsigned char highest)
{
    __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8((char)lowest));
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(highest - lowest))), above);
}

static inline uint64_t marks_of_16(const char *text)
{
    __m128i bytes = _mm_loadu_si128((const void *)text);
    /* 0x20 apart: [ \ ] and { | } */
    __m128i brackets = marks_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), '{', '}');
    __m128i semicolon = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(';'));
    __m128i found = _mm_or_si128(_mm_or_si128(marks_between(bytes, '"', ')'), brackets),
                                 _mm_or_si128(marks_between(bytes, 0, '\r'), semicolon));
    return (uint32_t)_mm_movemask_epi8(found);
}
#else
static inline uint64_t marks_of_16(const char *text)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < 16; i++)
        found |= (uint64_t)is_mark_byte((unsigned char)text[i]) << i;
    return found;
}
#endif

/* Bit i: is_mark_byte(text[i]). */
static inline uint64_t marks_of_block(const char *text)
{
    return marks_of_16(text) | marks_of_16(text + 16) << 16 | marks_of_16(text + 32) << 32 |
           marks_of_16(text + 48) << 48;
}

/* The number of the lowest bit; `bits` is not 0. */
static inline uint32_t lowest_mark(uint64_t bits)
{
#ifdef __GNUC__
    return (uint32_t)__builtin_ctzll(bits);
#else
    uint32_t number = 0;
    for (; !(bits & 1); bits >>= 1)
        number++;
    return number;
#endif
}

#endif
