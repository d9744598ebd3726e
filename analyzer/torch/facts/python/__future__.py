# The standard library's __future__.
annotations = division = print_function = absolute_import = generator_stop = True
