"""The samples of `module_db`, of every module that the API has. Signatures are explained in samples.py."""

import torch
from samples import Inputs, bind, call, camel
from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

REDUCED = "size_average!null reduce!null reduction="

# PyTorch's module, and the signatures of its constructor and of forward.
SIGNATURES = {
    "LayerNorm": ("normalized_shape eps= elementwise_affine= bias=", "input"),
    "RMSNorm": ("normalized_shape eps= elementwise_affine=", "input"),
    "BatchNorm1d": ("num_features eps= momentum=? affine= track_running_stats= bias=", "input"),
    "GroupNorm": ("num_groups num_channels eps= affine= bias=", "input"),
    "Linear": ("in_features out_features bias=", "input"),
    "Embedding": ("num_embeddings embedding_dim padding_idx=", "input"),
    "ReLU": ("inplace!false", "input"),
    "GELU": ("approximate=", "input"),
    "SiLU": ("inplace!false", "input"),
    "Tanh": ("", "input"),
    "Sigmoid": ("", "input"),
    "Softmax": ("dim", "input"),
    "CrossEntropyLoss": (
        "weight= size_average!null ignore_index= reduce!null reduction= label_smoothing=",
        "input target",
    ),
    "NLLLoss": ("weight= size_average!null ignore_index= reduce!null reduction=", "input target"),
    "MSELoss": (REDUCED, "input target"),
    "BCEWithLogitsLoss": (f"weight= {REDUCED} pos_weight=", "input target"),
}


def make(info, sample, training):
    """What runs a sample, its inputs, among them the module's state, and its calls."""
    constructor, forward = SIGNATURES[info.name.removeprefix("nn.")]
    given, options = sample.constructor_input.args, sample.constructor_input.kwargs
    inputs = Inputs()
    places, ours = bind(constructor, given, options)
    args = [inputs.take(key, value) for key, value in places.items()]
    found = call(info.name, args, {camel(key): inputs.take(key, value) for key, value in ours.items()})
    if sample.forward_input is None:
        return None, inputs, [found]
    passed, _ = bind(forward, sample.forward_input.args, sample.forward_input.kwargs)
    found["forward"] = [inputs.take(key, value) for key, value in passed.items()]
    found["training"] = training

    def build(own):
        return info.module_cls(*inputs.give(list(given), own), **inputs.give(options, own)).train(training)

    state = state_of(build, inputs)

    def run(own, args):
        # The state is replaced before the first call, whatever float type it has been built in.
        values = {name.removeprefix("module."): own[name] for name in state}
        output = torch.func.functional_call(build(own), values, tuple(inputs.give(list(passed.values()), own)))
        return own[args["state"]] if "state" in args else output

    running = [name for name in state if "running" in name or "batches" in name]
    return run, inputs, [found, *({**found, "state": name} for name in running if training)]


def state_of(build, inputs):
    """Takes the parameters and buffers that the module has made, moved away from the ones and zeros they begin as."""
    module = build(dict(inputs.values))
    taken = []
    for name, value in (*module.named_parameters(), *module.named_buffers()):
        if any(value is own for own in inputs.values.values()):
            continue
        if value.is_floating_point():
            moved = value.detach() + torch.rand_like(value)
            moved.requires_grad_(value.requires_grad)
        else:
            moved = value
        inputs.keep(f"module.{name}", moved)
        taken.append(f"module.{name}")
    return taken


def record(recording):
    for info in module_db:
        if info.name.removeprefix("nn.") not in SIGNATURES:
            continue
        for training in (True, False) if info.train_and_eval_differ else (True,):
            recording.begin(f"{info.name} {training}")
            for sample in info.module_inputs_func(info, "cpu", torch.float64, True, training):
                recording.sample(info.name, lambda: make(info, sample, training))
        if info.module_error_inputs_func is not None:
            recording.begin(f"{info.name} errors")
            for error in info.module_error_inputs_func(info, "cpu", torch.float64, True, True):
                recording.error(info.name, lambda: rejected(info, error))


def rejected(info, error):
    """The call of an error, of the constructor alone where that is what fails."""
    sample = error.module_error_input
    if error.error_on == ModuleErrorEnum.CONSTRUCTION_ERROR:
        sample.forward_input = None
    return make(info, sample, True)
