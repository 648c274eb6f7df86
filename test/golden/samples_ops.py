"""The samples of `op_db`, of every operation that the API has. Signatures are explained in samples.py."""

import functools

import torch
from samples import Excluded, Inputs, bind, call, camel
from torch.testing._internal.common_methods_invocations import op_db

UNARY = "input"
BINARY = "input other"
REDUCTION = "input dim keepdim= dtype!null"
EXTREME = "input dim keepdim="
SOFTMAX = "input dim dtype!null"

# PyTorch's name of the operation, ours and the signature.
SIGNATURES = [
    ("add", "x.add", "input other alpha!1"),
    ("sub", "x.sub", "input other alpha!1"),
    ("mul", "x.mul", BINARY),
    ("div", "x.div", "input other rounding_mode!null"),
    ("pow", "x.pow", BINARY),
    ("eq", "x.eq", BINARY),
    ("gt", "x.gt", BINARY),
    ("lt", "x.lt", BINARY),
    ("ge", "x.ge", BINARY),
    ("le", "x.le", BINARY),
    ("neg", "x.neg", UNARY),
    ("exp", "x.exp", UNARY),
    ("log", "x.log", UNARY),
    ("sqrt", "x.sqrt", UNARY),
    ("abs", "x.abs", UNARY),
    ("sigmoid", "x.sigmoid", UNARY),
    ("tanh", "x.tanh", UNARY),
    ("nn.functional.relu", "x.relu", UNARY),
    ("clone", "x.clone", "input memory_format!null"),
    ("item", "x.item", UNARY),
    ("matmul", "x.matmul", BINARY),
    ("mm", "x.mm", BINARY),
    ("sum", "x.sum", REDUCTION),
    ("mean", "x.mean", REDUCTION),
    ("argmax", "x.argmax", EXTREME),
    ("softmax", "x.softmax", SOFTMAX),
    ("log_softmax", "x.logSoftmax", SOFTMAX),
    ("reshape", "x.reshape", "input shape"),
    ("transpose", "x.transpose", "input dim0 dim1"),
    ("t", "x.t", UNARY),
    ("flatten", "x.flatten", "input start_dim!0 end_dim!-1"),
    ("unsqueeze", "x.unsqueeze", "input dim"),
    ("squeeze", "x.squeeze", "input dim"),
    ("cat", "cat", "tensors dim= out!null"),
    ("zeros", "zeros", "shape dtype= device!\"cpu\""),
    ("ones", "ones", "shape dtype= device!\"cpu\""),
    ("full", "full", "shape value dtype= device!\"cpu\""),
    ("nn.functional.relu", "F.relu", "input inplace!false"),
    ("nn.functional.gelu", "F.gelu", "input approximate="),
    ("nn.functional.silu", "F.silu", "input inplace!false"),
    ("softmax", "F.softmax", SOFTMAX),
    ("log_softmax", "F.logSoftmax", SOFTMAX),
    ("nn.functional.dropout", "F.dropout", "input p= training= inplace!false"),
    ("nn.functional.linear", "F.linear", "input weight bias"),
    ("nn.functional.layer_norm", "F.layerNorm", "input normalized_shape weight= bias= eps="),
    ("nn.functional.rms_norm", "F.rmsNorm", "input normalized_shape weight= eps="),
    ("nn.functional.group_norm", "F.groupNorm", "input num_groups weight= bias= eps="),
    (
        "nn.functional.batch_norm",
        "F.batchNorm",
        "input running_mean running_var weight= bias= training= momentum= eps=",
    ),
    (
        "nn.functional.cross_entropy",
        "F.crossEntropy",
        "input target weight= size_average!null ignore_index= reduce!null reduction= label_smoothing=",
    ),
    (
        "nn.functional.nll_loss",
        "F.nllLoss",
        "input target weight= size_average!null ignore_index= reduce!null reduction=",
    ),
    ("nn.functional.mse_loss", "F.mseLoss", "input target size_average!null reduce!null reduction= weight!null"),
    (
        "nn.functional.binary_cross_entropy_with_logits",
        "F.binaryCrossEntropyWithLogits",
        "input target weight= size_average!null reduce!null reduction= pos_weight=",
    ),
    (
        "nn.functional.scaled_dot_product_attention",
        "F.scaledDotProductAttention",
        "query key value attn_mask= dropout_p!0.0 is_causal= scale= enable_gqa=",
    ),
]


def by_signature(name, signature, given, options):
    """The call of a sample, and its inputs."""
    inputs = Inputs()
    places, ours = bind(signature, given, options)
    if name.startswith("x.") and not isinstance(given[0], torch.Tensor):
        raise Excluded("a number on the left, which has no methods")
    if name.startswith("x.") and any(isinstance(value, bool) for value in places.values()):
        raise Excluded("a boolean in place of a number")
    args = [inputs.take(key, value) for key, value in places.items()]
    return inputs, call(name, args, {camel(key): inputs.take(key, value) for key, value in ours.items()})


def variance(name, given, options):
    """PyTorch has an older spelling of the correction, which may also stand in the place of the dimension."""
    options = dict(options)
    given = list(given)
    if len(given) > 1 and isinstance(given[1], bool):
        options["unbiased"] = given.pop(1)
    if "unbiased" in options:
        options["correction"] = int(options.pop("unbiased"))
    return by_signature(name, "input dim correction= keepdim=", given, options)


def extreme(name, given, options):
    if any(isinstance(value, torch.Tensor) for value in given[1:]):
        raise Excluded("two tensors")
    return by_signature(name, EXTREME, given, options)


def narrow(name, given, options):
    x, dim, start, length = given
    if isinstance(start, torch.Tensor):
        if start.numel() != 1 or start.dtype != torch.int64:
            raise Excluded("a tensor as a bound")
        start = start.item()
    lengths = x.shape[dim] if -x.dim() <= dim < x.dim() else 0
    if not -lengths <= start <= lengths or length < 0 or start % max(lengths, 1) + length > lengths:
        raise Excluded("bounds outside, which `slice` moves to the nearest one")
    first = start + lengths if start < 0 else start
    return by_signature(name, "input dim start end", [x, dim, first, first + length], options)


def part(name, given, options):
    x, values = given[0], {"dim": 0, "start": None, "end": None, "step": 1, **options}
    values.update(zip(("dim", "start", "end", "step"), given[1:]))
    return sliced(name, x, **values)


def index(name, given, _):
    x, key = given
    if not isinstance(key, slice):
        raise Excluded("indices other than one slice")
    return sliced(name, x, 0, key.start, key.stop, key.step)


def sliced(name, x, dim, start, end, step):
    if step not in (None, 1):
        raise Excluded("the option `step`")
    end = x.shape[dim] if end is None else end
    return by_signature(name, "input dim start end", [x, dim, start or 0, end], {})


def lookup(name, given, options):
    """Samples have the weight first."""
    weight, indices, *rest = given
    signature = "indices weight padding_idx= max_norm!null norm_type!2.0 scale_grad_by_freq!false sparse!false"
    return by_signature(name, signature, [indices, weight, *rest], options)


def sequence(name, given, options):
    """Samples give an end, a start and an end, or these and a step. The type that PyTorch infers is spelled out."""
    bounds = [value if value is None else value + 0 for value in (*given, options.get("end")) if value is not None]
    step = {"step": bounds.pop()} if len(bounds) == 3 else {}
    inferred = {"dtype": torch.int64} if all(isinstance(value, int) for value in given) else {}
    own = {key: value for key, value in {**inferred, **options}.items() if key != "end"}
    places = " ".join(f"bound{i}" for i in range(len(bounds)))
    return by_signature(name, places + ' step= dtype= device!"cpu" out!null', bounds, {**step, **own})


def random_numbers(name, given, options):
    return by_signature(name, 'shape dtype= device!"cpu" requires_grad=', given, options)


def random_integers(name, given, options):
    bounds = [0, *given] if len(given) == 2 else given
    return by_signature(name, 'low high shape dtype!null device!"cpu"', bounds, options)


SPECIAL = [
    ("max", "x.max", extreme),
    ("min", "x.min", extreme),
    ("var", "x.var", variance),
    ("std", "x.std", variance),
    ("narrow", "x.slice", narrow),
    ("slice", "x.slice", part),
    ("__getitem__", "x.slice", index),
    ("nn.functional.embedding", "F.embedding", lookup),
    ("arange", "arange", sequence),
    ("randn", "randn", random_numbers),
    ("randint", "randint", random_integers),
]

# Operations that also take integers and booleans, and those that make tensors of any type.
OF_TWO = "add sub mul div pow eq gt lt ge le"
OF_ONE = "neg abs exp log sqrt sigmoid tanh nn.functional.relu"
OF_SHAPES = "reshape flatten unsqueeze squeeze transpose t slice narrow __getitem__ cat clone"
OF_ANY_TYPE = f"{OF_TWO} {OF_ONE} {OF_SHAPES} sum max min argmax matmul mm".split()
MAKING = ["zeros", "ones", "full", "arange"]
# These draw random numbers; op_db wraps them, to seed them its own way.
RANDOM = {"randn": torch.randn, "randint": torch.randint, "nn.functional.dropout": torch.nn.functional.dropout}
# Numbers among their arguments stand for tensors, and are rounded as those are.
ARITHMETIC = OF_TWO.split()


def dtypes_of(op):
    if op.name in MAKING:
        wanted = [torch.float64, torch.float32, torch.int32, torch.bool]
    elif op.name in OF_ANY_TYPE:
        wanted = [torch.float64, torch.int64, torch.bool]
    else:
        wanted = [torch.float64]
    return [dtype for dtype in wanted if dtype in op.dtypes]


def make(op, mapping, sample, seed):
    """What runs a sample, its inputs and its calls."""
    given, options = [sample.input, *sample.args], sample.kwargs
    if op.name in ARITHMETIC:
        given = [rounded(value) for value in given]
    inputs, found = mapping(given, options)
    if op.name in RANDOM:
        found["seed"] = seed
    function = RANDOM.get(op.name, op)

    def run(own, args):
        first, *rest = inputs.give(given, own)
        # The samples that follow are not to begin with the seed of a call.
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            output = function(first, *rest, **inputs.give(options, own))
        if "state" in args:
            return own[args["state"]]
        if "part" in args:
            return getattr(output, args["part"])
        return output if isinstance(output, torch.Tensor) else torch.tensor(output, dtype=first.dtype)

    return run, inputs, calls_of(op, found, options)


def rounded(value):
    return torch.tensor(value).float().item() if isinstance(value, float) else value


def calls_of(op, found, options):
    """A call for each of its results."""
    if op.name in ("max", "min") and len(found["args"]) > 1:
        return [{**found, "part": part} for part in ("values", "indices")]
    if op.name == "nn.functional.batch_norm" and options.get("training"):
        running = [str(value)[1:] for value in found["args"][1:3] if value is not None]
        return [found, *({**found, "state": name} for name in running)]
    return [found]


def record(recording, generator):
    """Records all samples that the named generator of each operation makes, and its errors."""
    mappings = [
        *((theirs, name, functools.partial(by_signature, name, signature)) for theirs, name, signature in SIGNATURES),
        *((theirs, name, functools.partial(mapping, name)) for theirs, name, mapping in SPECIAL),
    ]
    for theirs, name, mapping in mappings:
        ops = [op for op in op_db if op.name == theirs]
        if not ops:
            raise LookupError(theirs)
        for op in ops:
            record_op(recording, op, name, mapping, generator)


def record_op(recording, op, name, mapping, generator):
    title = f"{op.name} {op.variant_test_name}".strip() + f" as {name}"
    for dtype in dtypes_of(op):
        recording.begin(f"{title} {dtype}")
        grad = dtype == torch.float64
        for sample in getattr(op, generator)("cpu", dtype, requires_grad=grad, set_seed=False):
            recording.sample(title, lambda: make(op, mapping, sample, recording.seed))
    if op.error_inputs_func is not None:
        recording.begin(f"{title} errors")
        for error in op.error_inputs("cpu", set_seed=False):
            recording.error(title, lambda: make(op, mapping, error.sample_input, recording.seed))
