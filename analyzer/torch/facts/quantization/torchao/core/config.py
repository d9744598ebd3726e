# torchao.core.config, read from 0.18.0: a configuration by the name of its class.


class AOBaseConfig:
    def __init__(self, name):
        self.class_name = name


def config_from_dict(data):
    return AOBaseConfig(data["_type"])
