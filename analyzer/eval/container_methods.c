/* The methods of the builtin containers; see the files of each. */
#include "eval/values.h"

void container_methods_init(struct eval *ev)
{
    list_methods_init(ev);
    dict_methods_init(ev);
    dict_views_init(ev);
    set_methods_init(ev);
}
