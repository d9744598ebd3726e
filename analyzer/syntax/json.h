/*
 * JSON and hjson, with a span for every key and value.
 *
 * One reader with two modes.  JSON_HJSON reads as the Python package hjson does (DeepSpeed's own loader) and notes what
 * strict JSON would refuse.  JSON_STRICT reads as Python's json.load does (config.json of a model, HF Trainer,
 * accelerate): there the same notes are errors.  Both read files as Python's text mode does: UTF-8, and "\r\n" or a
 * lone "\r" is a line end.
 *
 * error_count is zero exactly when Python would return a value (apart from leaflint's own bounds, which are errors too;
 * hjson's caller decides about duplicate keys).  After an error the rest is still read as far as it is meaningful; what
 * an error may have touched is marked `damaged`.
 *
 * Everything lives in the arena given; texts without escapes point into the source's bytes, which must outlive it.
 */
#ifndef SYNTAX_JSON_H
#define SYNTAX_JSON_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "source/source.h"

enum json_mode { JSON_HJSON, JSON_STRICT };

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
    JSON_OTHER /* in YAML and Python only: a value that JSON does not have; `text` is the words for it ("a date") */
};

struct json_value {
    enum json_kind kind : 8;
    bool truth : 1;          /* bool: its value */
    bool integer : 1;        /* number: an int for Python, else a float (hjson makes an int of 5e8) */
    bool overflow : 1;       /* number: an int that does not fit `whole`; `real` is the nearest double */
    bool damaged : 1;        /* a syntax error touched it, or something in it */
    bool unknown_tag : 1;    /* other: YAML with a tag that the loader has no constructor for */
    bool anchored : 1;       /* YAML: an anchor marks it, so that it may be meant for another place */
    bool uncertain : 1;      /* array, object: brackets had to be repaired, so what it holds may belong elsewhere */
    uint32_t count;          /* array, object: items */
    struct span span;        /* quotes and brackets included */
    struct span key_span;    /* in an object: the key, quotes included; else empty */
    struct text key;         /* in an object: decoded */
    struct json_value *next; /* in its array or object, in the file's order; duplicate keys are all there */
    union {
        struct text text; /* other: see JSON_OTHER; string: decoded; a lone surrogate is three bytes, as if UTF-8 allowed it */
        struct {
            int64_t whole;
            double real;          /* also when integer */
        } number;                 /* its text is the source at the span */
        struct json_value *first; /* array, object */
    };
};

/* What hjson reads and strict JSON does not. */
enum json_feature_kind {
    JSON_FEATURE_COMMENT,
    JSON_FEATURE_TRAILING_COMMA,
    JSON_FEATURE_MISSING_COMMA, /* span: the end of the value before the gap */
    JSON_FEATURE_SINGLE_QUOTES,
    JSON_FEATURE_MULTILINE_STRING,
    JSON_FEATURE_UNQUOTED_KEY,
    JSON_FEATURE_UNQUOTED_STRING,
    JSON_FEATURE_NO_ROOT_BRACES,
    JSON_FEATURE_BYTE_ORDER_MARK,
    JSON_FEATURE_ESCAPE, /* \' and \u with a sign, blanks or underscores */
    JSON_FEATURE_BLANK,  /* U+00A0 and the like behind a keyword */
    JSON_FEATURE_EMPTY,  /* nothing but blanks and comments: hjson reads an empty object */
    JSON_FEATURE_KINDS
};

struct json_feature {
    uint32_t count;   /* how often; 0: not used */
    struct span span; /* the first */
};

struct json_error {
    struct span span;
    struct text message; /* a sentence without full stop */
    struct span related; /* the bracket that is not closed, ...; start == end when there is none */
    struct text related_message;
};

/* Two equal keys of one object; a third one makes a second pair with the first. */
struct json_duplicate {
    const struct json_value *first, *again;
    const struct json_value *object;
};

struct json_document {
    struct json_value *root;                          /* never NULL; damaged (and null) when nothing could be read */
    struct json_feature features[JSON_FEATURE_KINDS]; /* only of what stands before the first error */
    struct json_error errors[LIMIT_SYNTAX_ERRORS];
    size_t error_count;
    struct json_duplicate *duplicates; /* in the order of the second key, at most LIMIT_FINDINGS + 1 */
    size_t duplicate_count;
};

void json_read(struct json_document *document, const struct source *source, enum json_mode mode, struct arena *arena);

/* The value of `key` in an object; of duplicate keys the last, as in a Python dict.  NULL when there is none, or
 * `object` is NULL or no object. */
struct json_value *json_get(const struct json_value *object, struct text key);
static inline struct json_value *json_first(const struct json_value *container)
{
    return container && (container->kind == JSON_ARRAY || container->kind == JSON_OBJECT) ? container->first : NULL;
}
static inline bool json_is_text(const struct json_value *value, struct text text)
{
    return value && value->kind == JSON_STRING && text_equal(value->text, text);
}
/* "a string", "a list", "a mapping", "a number", "true", "false", "null", "a date": for messages. */
struct text json_words(const struct json_value *value);

#endif
