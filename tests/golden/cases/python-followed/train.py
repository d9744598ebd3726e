from deepspeed.utils import set_z3_leaf_modules
from transformers.integrations import is_deepspeed_zero3_enabled


def prepare(args, model):
    if is_deepspeed_zero3_enabled():
        set_z3_leaf_modules(model, ["JambaSparseMoeBlock"])
    return model


def main(args):
    with context():
        model = AutoModelForCausalLM.from_pretrained(args.path)
        model = get_peft_model(model, args.peft)
    prepare(args, model=model)
    if args.debug:
        print(model)
    train(model)


if __name__ == "__main__":
    main(parse())
