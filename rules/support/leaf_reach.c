#include "rules/support/leaf_reach.h"

uint8_t *leaf_above(const struct judged *judged)
{
    const struct model *model = judged->model;
    uint8_t *above = memory_alloc(model->module_count);
    for (size_t i = 0; i < model->module_count; i++) {
        uint32_t parent = model->modules[i].parent;
        above[i] = LEAF_NO;
        if (parent != MODULE_NONE)
            above[i] = judged->leaves.states[parent] > above[parent] ? judged->leaves.states[parent] : above[parent];
    }
    return above;
}

bool module_holds_parameters(const struct model *model, uint32_t module)
{
    for (uint32_t below = module; below < model->modules[module].end; below++)
        if (model->modules[below].parameter_count)
            return true;
    return false;
}

uint32_t *second_places_of(const struct model *model)
{
    uint32_t *places = memory_alloc(model->module_count * sizeof *places);
    memset(places, 0, model->module_count * sizeof *places);
    for (uint32_t i = (uint32_t)model->second_place_count; i-- > 0;)
        places[model->second_places[i].module] = i + 1;
    for (size_t i = 1; i < model->module_count; i++)
        if (!places[i])
            places[i] = places[model->modules[i].parent];
    return places;
}
