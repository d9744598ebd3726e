#include "config/deepspeed_keys.h"

#include <math.h>

#include "base/limits.h"
#include "base/suggest.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct range from_zero = {0, INFINITY, false, false}, from_one = {1, INFINITY, false, false};
static const struct range over_zero = {0, INFINITY, true, false};
static const struct range zero_to_one = {0, 1, false, false}, inside_zero_and_one = {0, 1, true, true};

static const char *const devices[] = {"none", "cpu", "nvme", NULL};
static const char *const strategies[] = {"auto", "step", "epoch", NULL};

static const struct key_facts offload_param_keys[] = {
    {.name = "device", .type = KEY_STRING, .choices = devices},
    {.name = "nvme_path", .type = KEY_PATH, .or_null = true},
    {.name = "buffer_count", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "buffer_size", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "max_in_cpu", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "pin_memory", .type = KEY_BOOL},
};
static const struct mapping_facts offload_param = {offload_param_keys, COUNT(offload_param_keys)};

static const struct key_facts offload_optimizer_keys[] = {
    {.name = "device", .type = KEY_STRING, .choices = devices},
    {.name = "nvme_path", .type = KEY_PATH, .or_null = true},
    {.name = "buffer_count", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "pin_memory", .type = KEY_BOOL},
    {.name = "pipeline_read", .type = KEY_BOOL},
    {.name = "pipeline_write", .type = KEY_BOOL},
    {.name = "fast_init", .type = KEY_BOOL},
    {.name = "ratio", .type = KEY_NUMBER, .range = &zero_to_one},
    {.name = "super_offload", .type = KEY_BOOL},
    {.name = "cpuadam_cores_perc", .type = KEY_NUMBER, .range = &zero_to_one},
};
static const struct mapping_facts offload_optimizer = {offload_optimizer_keys, COUNT(offload_optimizer_keys)};

static const struct key_facts zenflow_keys[] = {
    {.name = "topk_ratio", .type = KEY_NUMBER, .range = &inside_zero_and_one},
    {.name = "select_strategy", .type = KEY_STRING, .choices = strategies},
    {.name = "select_interval", .type = KEY_WHOLE_OR_AUTO},
    {.name = "update_interval", .type = KEY_WHOLE_OR_AUTO, .range = &from_one},
    {.name = "overlap_step", .type = KEY_BOOL},
    {.name = "offload", .type = KEY_BOOL},
    {.name = "auto_ratio", .type = KEY_NUMBER, .range = &zero_to_one},
    {.name = "full_warm_up_rounds", .type = KEY_WHOLE},
    {.name = "pt_reserved_cores_perc", .type = KEY_NUMBER, .range = &zero_to_one},
    {.name = "steps_per_epoch", .type = KEY_WHOLE, .or_null = true},
};
static const struct mapping_facts zenflow = {zenflow_keys, COUNT(zenflow_keys)};

static const struct key_facts leaf_keys[] = {
    {.name = "classes", .type = KEY_STRINGS},
    {.name = "names", .type = KEY_STRINGS},
    {.name = "name_suffixes", .type = KEY_STRINGS},
};
const struct mapping_facts deepspeed_leaf_keys = {leaf_keys, COUNT(leaf_keys)};

/* A setting with two names: the one that DeepSpeed refuses when both are there comes first. */
#define TWO_NAMES(short_name, key_type, bounds)                                                                        \
    {.name = short_name, .type = key_type, .range = bounds, .also = "stage3_" short_name},                             \
    {                                                                                                                  \
        .name = "stage3_" short_name, .type = key_type, .range = bounds                                                \
    }

static const struct key_facts zero_keys[] = {
    {.name = "stage", .type = KEY_STAGE},
    {.name = "contiguous_gradients", .type = KEY_BOOL},
    {.name = "reduce_scatter", .type = KEY_BOOL},
    {.name = "reduce_bucket_size", .type = KEY_WHOLE, .range = &over_zero},
    {.name = "use_multi_rank_bucket_allreduce", .type = KEY_BOOL},
    {.name = "allgather_partitions", .type = KEY_BOOL},
    {.name = "allgather_bucket_size", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "overlap_comm", .type = KEY_BOOL, .or_null = true},
    {.name = "compute_grad_norm", .type = KEY_BOOL},
    {.name = "load_from_fp32_weights", .type = KEY_BOOL},
    {.name = "elastic_checkpoint", .type = KEY_BOOL},
    {.name = "offload_param", .type = KEY_MAPPING, .or_null = true, .mapping = &offload_param},
    {.name = "offload_optimizer", .type = KEY_MAPPING, .or_null = true, .mapping = &offload_optimizer},
    {.name = "zenflow", .type = KEY_MAPPING, .or_null = true, .mapping = &zenflow},
    {.name = "sub_group_size", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "cpu_offload_param", .type = KEY_BOOL, .or_null = true, .replaced_by = "offload_param"},
    {.name = "cpu_offload_use_pin_memory", .type = KEY_BOOL, .or_null = true},
    {.name = "cpu_offload", .type = KEY_BOOL, .or_null = true, .replaced_by = "offload_optimizer"},
    TWO_NAMES("prefetch_bucket_size", KEY_WHOLE, &from_zero),
    TWO_NAMES("param_persistence_threshold", KEY_WHOLE, &from_zero),
    TWO_NAMES("model_persistence_threshold", KEY_WHOLE, &from_zero),
    TWO_NAMES("max_live_parameters", KEY_WHOLE, &from_zero),
    TWO_NAMES("max_reuse_distance", KEY_WHOLE, &from_zero),
    TWO_NAMES("gather_16bit_weights_on_model_save", KEY_BOOL, NULL),
    TWO_NAMES("module_granularity_threshold", KEY_WHOLE, NULL),
    TWO_NAMES("use_all_reduce_for_fetch_params", KEY_BOOL, NULL),
    TWO_NAMES("allgather_sequential", KEY_BOOL, NULL),
    {.name = "stage3_gather_fp16_weights_on_model_save",
     .type = KEY_BOOL,
     .replaced_by = "stage3_gather_16bit_weights_on_model_save",
     .replaced_by_also = "gather_16bit_weights_on_model_save"},
    {.name = "ignore_unused_parameters", .type = KEY_BOOL},
    {.name = "legacy_stage1", .type = KEY_BOOL},
    {.name = "round_robin_gradients", .type = KEY_BOOL},
    {.name = "parameter_alignment", .type = KEY_BOOL},
    {.name = "zero_hpz_partition_size", .type = KEY_WHOLE, .range = &from_zero},
    {.name = "zero_quantized_weights", .type = KEY_BOOL},
    {.name = "zero_quantized_nontrainable_weights", .type = KEY_BOOL},
    {.name = "zero_quantized_gradients", .type = KEY_BOOL},
    {.name = "memory_efficient_linear", .type = KEY_BOOL},
    {.name = "pipeline_loading_checkpoint", .type = KEY_BOOL},
    {.name = "override_module_apply", .type = KEY_BOOL},
    {.name = "log_trace_cache_warnings", .type = KEY_BOOL},
    {.name = "enable_sanity_checks", .type = KEY_BOOL},
    {.name = "save_muon_momentum_buffer_in_memory", .type = KEY_BOOL},
    {.name = "leaf_module", .type = KEY_LEAF_MODULE, .or_null = true, .mapping = &deepspeed_leaf_keys},
};
const struct mapping_facts deepspeed_zero_keys = {zero_keys, COUNT(zero_keys)};

const struct removed_key deepspeed_removed_keys[] = {
    {"nebula", "checkpoints are saved without it"},
    {"compression_training", "the compression library is gone"},
    {"amp", "use `fp16`, `bf16` or `torch_autocast`"},
    {"quantize_training", "Mixture-of-Quantization is gone"},
    {"sparse_gradients", "an embedding made with `sparse=True` needs no key"},
    {"eigenvalue", "Mixture-of-Quantization is gone"},
    {"sparse_attention", "Sparse Attention is gone"},
    {"elasticity", "set the batch sizes directly"},
    {"graph_harvesting", "graph harvesting is gone"},
    {"curriculum_learning", "use `data_efficiency.data_sampling.curriculum_learning`"},
    {"progressive_layer_drop", "progressive layer dropping is gone"},
    {NULL, NULL},
};
const struct removed_key deepspeed_removed_zero_keys[] = {
    {"mics_shard_size", "MiCS is gone"},
    {"mics_hierarchical_params_gather", "MiCS is gone"},
    {"zeropp_loco_param", "without it, ZeRO++ quantizes gradients without error feedback"},
    {NULL, NULL},
};

const struct key_facts *mapping_find(const struct mapping_facts *facts, struct text name)
{
    for (size_t i = 0; i < facts->key_count; i++)
        if (text_equal(text_from(facts->keys[i].name), name))
            return &facts->keys[i];
    return NULL;
}

/* `name` without the blanks and quotes that a slip of the editor or of hjson's unquoted keys leaves around it. */
static struct text bare_name(struct text name)
{
    static const char around[] = " \t\"'\xC2\xA0"; /* U+00A0 is what pages on the web are indented with */
    while (name.length && memchr(around, name.bytes[0], sizeof around - 1)) {
        name.bytes++;
        name.length--;
    }
    while (name.length && memchr(around, name.bytes[name.length - 1], sizeof around - 1))
        name.length--;
    return name;
}

static bool contains(struct text text, struct text part)
{
    for (size_t at = 0; part.length && at + part.length <= text.length; at++)
        if (memcmp(text.bytes + at, part.bytes, part.length) == 0)
            return true;
    return false;
}

/* "class" of "classes": what a key that should have been it is likely to hold. */
static struct text stem_of(struct text name)
{
    if (text_ends(name, TEXT("sses")) || text_ends(name, TEXT("xes")))
        name.length -= 2;
    else if (text_ends(name, TEXT("s")) && !text_ends(name, TEXT("ss")))
        name.length--;
    return name;
}

size_t mapping_suggest(const struct mapping_facts *facts, struct text name, struct text nearest[3])
{
    struct text names[64] = {{0}};
    size_t count = 0, found = 0;
    name = bare_name(name);
    for (size_t i = 0; i < facts->key_count && count < COUNT(names); i++)
        if (!facts->keys[i].replaced_by)
            names[count++] = text_from(facts->keys[i].name);
    const struct key_facts *same = mapping_find(facts, name);
    if (same) {
        nearest[0] = text_from(same->name);
        return 1;
    }
    found = suggest_nearest(name, names, count, nearest, 3);
    if (name.length < 4 || name.length > LIMIT_SUGGESTION_LENGTH)
        return found;
    for (size_t i = 0; i < count && found == 0; i++)
        if (contains(names[i], name) || (facts == &deepspeed_leaf_keys && contains(name, stem_of(names[i]))))
            nearest[found++] = names[i];
    return found;
}
