# compressed_tensors.compressors, read from 0.20.0: compressing changes parameters of the modules that were marked.


class ModelCompressor:
    @classmethod
    def from_compression_config(cls, compression_config):
        self = cls()
        self.quantization_config = compression_config.quantization_config
        return self

    def compress_model(self, model, *args, **kwargs):
        pass

    def decompress_model(self, model, *args, **kwargs):
        pass
