/*
 * Small models for tests, put together by hand: classes first, then modules in named_modules() order, then
 * fake_model_finish().
 *
 *     struct model model = {0};
 *     fake_model_start(&model, "Toy");
 *     uint32_t toy = fake_class(&model, "pkg.toy.Toy", "torch.nn.Module");
 *     fake_module(&model, "", toy);
 *     fake_module(&model, "layers.{0..3}.mlp", block);     (one module for each number)
 *     fake_model_finish(&model);
 */
#ifndef TESTS_FAKE_MODEL_H
#define TESTS_FAKE_MODEL_H

#include "model/model.h"

void fake_model_start(struct model *model, const char *architecture);
/* `bases`: qualified names with blanks between, nearest first.  The class stands in line 10, 20, 30, ... of toy.py. */
uint32_t fake_class(struct model *model, const char *qualified, const char *bases);
void fake_class_never_called(struct model *model, uint32_t class);
void fake_class_routes(struct model *model, uint32_t class, enum routing_verdict verdict);
/* Appends a module; its parent must be there.  Class MODULE_NONE: unknown. */
uint32_t fake_module(struct model *model, const char *name, uint32_t class);
/* A parameter of the module that was appended last.  rows 0: the shape is unknown; columns 0: one dimension. */
uint32_t fake_parameter(struct model *model, const char *name, int64_t rows, int64_t columns);
/* The parameter is tied to an earlier one. */
void fake_tie(struct model *model, uint32_t parameter, uint32_t first);
/* More may be below this module: makes the model partial. */
void fake_open(struct model *model, const char *name, const char *reason);
void fake_other_class(struct model *model, const char *qualified);
/* Works out parents, ends and totals.  Ends the test program when the model makes no sense. */
void fake_model_finish(struct model *model);

/* A block of experts in a small causal language model, as transformers 4 writes it:
 *   model.embed_tokens, model.layers.{0..LAYERS-1}.{self_attn,mlp.{gate,experts.{0..3}}}, lm_head
 * with classes of transformers.models.mixtral.modeling_mixtral, the block MixtralSparseMoeBlock routing by data. */
void fake_mixtral(struct model *model, uint32_t layers);

#endif
