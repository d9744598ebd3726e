# torchao.core.
