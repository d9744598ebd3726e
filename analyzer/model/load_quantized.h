/*
 * A model whose config.json has a `quantization_config`: from_pretrained() replaces modules, from_config() does not,
 * and a quantizer may give weights back as they were.  So there are two trees, and the model states what is true of
 * both.
 */
#ifndef MODEL_LOAD_QUANTIZED_H
#define MODEL_LOAD_QUANTIZED_H

#include "hub/config_json.h"
#include "hub/sources.h"
#include "model/load.h"

/* Runs the release's own quantizer on a second instance of the model, in an environment where it can run, and
 * weakens `model` to what both trees have in common.  Where that cannot be followed, everything that holds weights is
 * opened. */
void load_quantized(const struct sources *sources, const struct environment *environment, const struct target *target,
                    struct config_json *config, struct model *model);

#endif
