#include "hub/importer.h"

#include <stdlib.h>
#include <string.h>

#include "hub/definitions.h"
#include "torch/fact_files.h"

/* What was found for a dotted name. */
struct import_entry {
    struct text dotted;
    uint32_t hash;
    bool there;
    struct found_module found;
};
struct import_cache {
    struct import_entry **slots;
    size_t count, size; /* size: a power of two */
};

/* Facts. */

/* The last one counts only while a quantizer of the release runs. */
static const char *const fact_roots[] = {"", "python/", "packages/", "quantization/"};
enum { FACT_ROOTS = sizeof fact_roots / sizeof *fact_roots };

static long find_fact(struct text path)
{
    size_t low = 0, high = fact_file_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(fact_files[middle].path, path.bytes);
        if (order == 0)
            return (long)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

static struct python_file *fact_file(struct hub_importer *importer, size_t number)
{
    const struct fact_file *fact = &fact_files[number];
    if (!importer->facts[number])
        importer->facts[number] = python_file_from_tables(fact->tables, text_from(fact->path));
    return importer->facts[number];
}

static struct text dots_to_slashes(struct arena *arena, struct text dotted)
{
    struct text path = text_copy(arena, dotted);
    for (size_t i = 0; i < path.length; i++)
        if (path.bytes[i] == '.')
            ((char *)(uintptr_t)path.bytes)[i] = '/';
    return path;
}

static struct python_file *find_fact_module(struct hub_importer *importer, struct text slashed, bool *is_package)
{
    for (size_t i = 0; i < FACT_ROOTS - (importer->quantizing ? 0 : 1); i++) {
        long module = find_fact(text_format(&importer->arena, "%s%.*s.py", fact_roots[i], TEXT_ARGS(slashed)));
        long package = find_fact(text_format(&importer->arena, "%s%.*s/__init__.py", fact_roots[i], TEXT_ARGS(slashed)));
        *is_package = package >= 0;
        if (module >= 0 || package >= 0)
            return fact_file(importer, (size_t)(package >= 0 ? package : module));
    }
    return NULL;
}

static struct text top_of(struct text dotted)
{
    const char *dot = memchr(dotted.bytes, '.', dotted.length);
    return dot ? (struct text){dotted.bytes, (size_t)(dot - dotted.bytes)} : dotted;
}

/* Is the top-level package one that the facts describe?  Then its real files are never read. */
static bool fact_package(struct hub_importer *importer, struct text top)
{
    bool is_package;
    return !text_equal(top, TEXT("transformers")) && find_fact_module(importer, top, &is_package) != NULL;
}

/* Files. */

static bool plain_name(struct text dotted)
{
    bool start = true;
    for (size_t i = 0; i < dotted.length; i++) {
        unsigned char c = (unsigned char)dotted.bytes[i];
        if (c == '.' && !start) {
            start = true;
            continue;
        }
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
        if (!letter && (c < '0' || c > '9'))
            return false;
        start = false;
    }
    return dotted.length && !start;
}

static bool read_file(struct hub_importer *importer, struct text path, struct text shown, struct found_module *found)
{
    struct source source;
    if (found->fact && !found->unread) { /* perhaps the facts say all that is asked for */
        found->unread = path_exists(path.bytes);
        found->shown = text_copy(&importer->arena, shown);
        return found->unread;
    }
    enum source_status status = source_read(&source, path.bytes, shown, LIMIT_SOURCE_BYTES);
    if (status == SOURCE_MISSING)
        return false;
    found->shown = text_copy(&importer->arena, shown);
    if (status != SOURCE_OK) {
        found->trouble = text_from(source_status_words(status));
        return true;
    }
    found->file = python_file_split(&source);
    return true;
}

/* ROOT/a/b.py, ROOT/a/b/__init__.py, or a folder without __init__.py. */
static bool find_in_root(struct hub_importer *importer, struct text root, struct text prefix, struct text slashed, struct found_module *found)
{
    struct arena *arena = &importer->arena;
    const char *slash = slashed.length ? "/" : "";
    struct text path = text_format(arena, "%.*s%s%.*s", TEXT_ARGS(root), slash, TEXT_ARGS(slashed));
    struct text shown = text_format(arena, "%.*s%.*s", TEXT_ARGS(prefix), TEXT_ARGS(slashed));
    const char *inner = shown.length && !text_ends(shown, TEXT("/")) ? "/" : "";
    if (path_is_folder(path.bytes)) {
        found->is_package = true;
        if (read_file(importer, text_format(arena, "%s/__init__.py", path.bytes), text_format(arena, "%s%s__init__.py", shown.bytes, inner), found))
            return true;
        struct source empty;
        source_from_bytes(&empty, (struct text){"", 0}, shown);
        found->shown = shown;
        found->file = python_file_split(&empty);
        return true;
    }
    return slashed.length && read_file(importer, text_format(arena, "%s.py", path.bytes), text_format(arena, "%s.py", shown.bytes), found);
}

static bool find_file(struct hub_importer *importer, struct text dotted, struct text slashed, struct found_module *found)
{
    const struct sources *sources = importer->sources;
    if (text_equal(top_of(dotted), TEXT("transformers"))) {
        struct text below = {slashed.bytes + 12, slashed.length - 12};
        if (below.length)
            below = (struct text){below.bytes + 1, below.length - 1};
        return find_in_root(importer, sources->package, sources->shown_prefix, below, found);
    }
    for (size_t i = 0; i < sources->custom_count; i++)
        if (find_in_root(importer, sources->custom[i], (struct text){0}, slashed, found)) {
            found->is_custom = true;
            return true;
        }
    return sources->site.length && find_in_root(importer, sources->site, (struct text){0}, slashed, found);
}

static bool find_uncached(struct hub_importer *importer, struct text dotted, struct found_module *found)
{
    if (!plain_name(dotted))
        return false;
    struct text slashed = dots_to_slashes(&importer->arena, dotted);
    found->fact = find_fact_module(importer, slashed, &found->is_package);
    bool fact_is_package = found->is_package;
    if (!fact_package(importer, top_of(dotted)))
        find_file(importer, dotted, slashed, found);
    found->is_package |= fact_is_package;
    return found->fact || found->file || found->unread || found->trouble.length;
}

/* The cache. */

static struct import_entry **cache_slot(struct import_cache *cache, struct text dotted, uint32_t hash)
{
    size_t at = hash & (cache->size - 1);
    while (cache->slots[at] && (cache->slots[at]->hash != hash || !text_equal(cache->slots[at]->dotted, dotted)))
        at = (at + 1) & (cache->size - 1);
    return &cache->slots[at];
}

static void cache_grow(struct import_cache *cache)
{
    struct import_cache old = *cache;
    cache->size = old.size ? old.size * 2 : 256;
    cache->slots = memory_alloc(cache->size * sizeof(struct import_entry *));
    memset(cache->slots, 0, cache->size * sizeof(struct import_entry *));
    for (size_t i = 0; i < old.size; i++)
        if (old.slots[i])
            *cache_slot(cache, old.slots[i]->dotted, old.slots[i]->hash) = old.slots[i];
    free(old.slots);
}

static struct import_entry *import_entry(struct hub_importer *importer, struct text dotted)
{
    struct import_cache *cache = importer->cache;
    if (cache->count * 2 >= cache->size)
        cache_grow(cache);
    uint32_t hash = text_hash(dotted, 7);
    struct import_entry **slot = cache_slot(cache, dotted, hash);
    if (*slot)
        return *slot;
    struct import_entry *entry = ARENA_NEW(&importer->arena, struct import_entry);
    entry->dotted = text_copy(&importer->arena, dotted);
    entry->hash = hash;
    entry->there = find_uncached(importer, entry->dotted, &entry->found);
    *slot = entry;
    cache->count++;
    return entry;
}

static bool find(void *context, struct text dotted, struct found_module *found)
{
    const struct import_entry *entry = import_entry(context, dotted);
    *found = entry->found;
    return entry->there;
}

static void read_unread(void *context, struct text dotted, struct found_module *found)
{
    struct hub_importer *importer = context;
    struct import_entry *entry = import_entry(importer, dotted);
    if (entry->found.unread) {
        if (!find_file(importer, entry->dotted, dots_to_slashes(&importer->arena, entry->dotted), &entry->found))
            entry->found.trouble = text_from(source_status_words(SOURCE_MISSING));
        entry->found.unread = false;
    }
    *found = entry->found;
}

struct python_file *hub_importer_file(struct hub_importer *importer, struct text dotted)
{
    struct found_module found;
    read_unread(importer, dotted, &found);
    return found.file;
}

/* The environment. */

/* What transformers cannot be imported without, and torch, without which there would be no model. */
static const char *const always_there[] = {"torch",      "transformers", "numpy", "huggingface_hub", "safetensors",
                                           "tokenizers", "packaging",    "regex", "filelock",        "yaml",
                                           "requests",   "tqdm",         "typing_extensions"};
/* What many installations have besides, and what models are built differently with. */
static const char *const often_there[] = {"timm", "natten", "detectron2", "scipy", "PIL", "torchaudio", "torchvision", "librosa", "cv2", "sklearn"};

/* What almost nobody has, and what models look for at import (apex in T5): taken to be absent unless it is found. */
static const char *const rarely_there[] = {"apex", "flash_attn", "flash_attn_interface", "xformers", "mamba_ssm", "causal_conv1d", "fla", "tensorflow", "jax", "flax", "xielu"};

static bool listed(const char *const *names, size_t count, struct text name)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(text_from(names[i]), name))
            return true;
    return false;
}

/* Is it one of the packages that quantize weights? */
static bool quantizes(struct hub_importer *importer, struct text package)
{
    const char *root = fact_roots[FACT_ROOTS - 1];
    return find_fact(text_format(&importer->arena, "%s%.*s.py", root, TEXT_ARGS(package))) >= 0 ||
           find_fact(text_format(&importer->arena, "%s%.*s/__init__.py", root, TEXT_ARGS(package))) >= 0;
}

static int package_available(void *context, struct text package)
{
    struct hub_importer *importer = context;
    package = top_of(package);
    if (listed(always_there, sizeof always_there / sizeof *always_there, package))
        return 1;
    if (importer->quantizing && quantizes(importer, package))
        return 1;
    const struct sources *sources = importer->sources;
    if (sources->site.length && plain_name(package) &&
        (path_is_folder(text_format(&importer->arena, "%.*s/%.*s", TEXT_ARGS(sources->site), TEXT_ARGS(package)).bytes) ||
         path_is_file(text_format(&importer->arena, "%.*s/%.*s.py", TEXT_ARGS(sources->site), TEXT_ARGS(package)).bytes)))
        return 1;
    if (!sources->real_site && listed(often_there, sizeof often_there / sizeof *often_there, package))
        return -1;
    return 0;
}

/* facts/python/_stdlib.py lists the modules that every Python has. */
static bool in_standard_library(struct text top)
{
    long list = find_fact(TEXT("python/_stdlib.py"));
    if (list < 0)
        return true;
    if (top.length == 0)
        return false;
    struct text bytes = {fact_files[list].tables->bytes, fact_files[list].tables->length};
    const char *at = bytes.bytes, *end = bytes.bytes + bytes.length;
    while ((at = memmem(at, (size_t)(end - at), top.bytes, top.length))) {
        if ((at[-1] == ' ' || at[-1] == '"') && (at[top.length] == ' ' || at[top.length] == '"'))
            return true;
        at += top.length;
    }
    return false;
}

/* What is not found is only known to be absent in a real site-packages, or inside a package that is there. */
static enum import_outcome import_outcome(void *context, struct text dotted)
{
    struct hub_importer *importer = context;
    struct text top = top_of(dotted);
    if (fact_package(importer, top) || in_standard_library(top))
        return IMPORT_WORKS;
    if (import_entry(importer, top)->there)
        return top.length == dotted.length ? IMPORT_WORKS : IMPORT_FAILS;
    if (listed(always_there, sizeof always_there / sizeof *always_there, top))
        return IMPORT_WORKS;
    if (importer->sources->real_site)
        return IMPORT_FAILS;
    return listed(rarely_there, sizeof rarely_there / sizeof *rarely_there, top) ? IMPORT_TAKEN_TO_FAIL : IMPORT_CANNOT_TELL;
}

/* Which module defines a name, as far as that was asked: looking it up reads many files. */
struct known_symbol {
    struct known_symbol *next; /* of the same bucket */
    struct text name, dotted;
    bool found;
};

static bool find_symbol(void *context, struct text package, struct text name, struct text *dotted)
{
    struct hub_importer *importer = context;
    if (!text_equal(package, TEXT("transformers")))
        return false;
    struct known_symbol **bucket = &importer->symbols[text_hash(name, 7) % SYMBOL_BUCKETS], *symbol = *bucket;
    while (symbol && !text_equal(symbol->name, name))
        symbol = symbol->next;
    if (!symbol) {
        symbol = ARENA_NEW(&importer->arena, struct known_symbol);
        *symbol = (struct known_symbol){.next = *bucket, .name = text_copy(&importer->arena, name)};
        symbol->found = definition_find_any(importer->sources, symbol->name, &importer->arena, &symbol->dotted);
        *bucket = symbol;
    }
    *dotted = symbol->dotted;
    return symbol->found;
}

struct importer hub_importer_interface(struct hub_importer *importer)
{
    return (struct importer){importer, find, read_unread, find_symbol, import_outcome, package_available};
}

void hub_importer_init(struct hub_importer *importer, const struct sources *sources, bool quantizing)
{
    *importer = (struct hub_importer){.sources = sources, .quantizing = quantizing};
    importer->cache = ARENA_NEW(&importer->arena, struct import_cache);
    importer->facts = ARENA_ARRAY(&importer->arena, fact_file_count + 1, struct python_file *);
}

void hub_importer_free(struct hub_importer *importer)
{
    for (size_t i = 0; i < fact_file_count; i++)
        if (importer->facts[i])
            python_file_free(importer->facts[i]);
    for (size_t i = 0; i < importer->cache->size; i++)
        if (importer->cache->slots[i] && importer->cache->slots[i]->found.file)
            python_file_free(importer->cache->slots[i]->found.file);
    free(importer->cache->slots);
    arena_free(&importer->arena);
}
