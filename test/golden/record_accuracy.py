"""How far PyTorch's float32 is from its float64, where rounding is hard to bear: many inputs of each operation whose
accuracy is promised. The tests draw the same inputs from the same seeds, so only the errors are recorded."""

import golden
import torch
from torch.nn import functional

# How normal random numbers become inputs: scaled, shifted, and then every row alike.
KINDS = {
    "randn": (1, 0),
    "randn * 10": (10, 0),
    "randn + 1e4": (1, 1e4),
    "randn * 0.01 + 1e4": (0.01, 1e4),
    "randn * 10 - 1e5": (10, -1e5),
    "randn * 1e15": (1e15, 0),
    "randn * 1e10 + 1e15": (1e10, 1e15),
    "randn * 1e30": (1e30, 0),
    "randn * 1e-20": (1e-20, 0),
    "0.1": (0, 0.1),
    "1e15": (0, 1e15),
    "0": (0, 0),
    "constant rows": (1e4, 0),
    "outliers": (1, 0),
}
SHAPES = [(4, 1), (1, 7), (5, 3), (2, 3), (64, 4), (8, 10), (3, 33), (16, 64), (2, 100)]
# For LayerNorm alone, whose rows may be long.
LONG_SHAPES = [(1, 300), (8, 128), (5, 480), (6, 1531), (11, 2488), (16, 5000), (40, 128)]
STEPS = 5


def make(kind, shape, seed):
    """The input, numbers that are given beside it, and the gradient that flows into the result."""
    torch.manual_seed(seed)
    scale, shift = (torch.tensor(value, dtype=torch.float32) for value in KINDS[kind])
    numbers, upstream = torch.randn(shape), torch.randn(shape)
    weight, bias = torch.randn(shape[1]), torch.randn(shape[1])
    if kind == "constant rows":
        numbers = numbers[:, :1].expand(shape)
    if kind == "outliers":
        numbers[:, 0] = 1e4
    return {"x": numbers * scale + shift, "weight": weight, "bias": bias}, upstream


def classes(x):
    return (torch.arange(x.shape[0]) * 7 + 1) % x.shape[1]


def probabilities(x):
    rows, columns = x.shape
    return (((torch.arange(rows * columns) * 5) % 8) / 8).to(x.dtype).reshape(x.shape)


def adam(x, weight, bias):
    param = torch.nn.Parameter((weight + torch.zeros_like(x)).detach())
    optimizer = torch.optim.Adam([param], lr=0.01)
    for step in range(STEPS):
        param.grad = (x * [1, 0.5, -0.25, 1, 2][step]).detach()
        optimizer.step()
    return param.detach()


OPERATIONS = {
    "layerNorm": lambda x, weight, bias: functional.layer_norm(x, x.shape[1:], weight, bias),
    "rmsNorm": lambda x, weight, bias: functional.rms_norm(x, x.shape[1:], weight, 1e-5),
    "batchNorm": lambda x, weight, bias: functional.batch_norm(x, None, None, weight, bias, training=True),
    "softmax": lambda x, weight, bias: functional.softmax(x, 1),
    "logSoftmax": lambda x, weight, bias: functional.log_softmax(x, 1),
    "crossEntropy": lambda x, weight, bias: functional.cross_entropy(x, classes(x)),
    "crossEntropy, weighted": lambda x, weight, bias: functional.cross_entropy(
        x, classes(x), weight.detach().abs(), label_smoothing=0.1
    ),
    "crossEntropy, each": lambda x, weight, bias: functional.cross_entropy(
        x, classes(x), weight.detach().abs(), reduction="none"
    ),
    "crossEntropy, probabilities": lambda x, weight, bias: functional.cross_entropy(
        x, probabilities(x), weight, label_smoothing=0.1
    ),
    "nllLoss": lambda x, weight, bias: functional.nll_loss(x, classes(x), weight.detach().abs()),
    "Adam": adam,
    "layerNorm, long rows": lambda x, weight, bias: functional.layer_norm(x, x.shape[1:], weight, bias),
}


def results(run, inputs, upstream, dtype):
    own = {name: value.to(dtype).requires_grad_() for name, value in inputs.items()}
    output = run(**own)
    if not output.requires_grad:
        return {"output": output}
    output.backward(upstream.to(dtype).flatten()[: output.numel()].reshape(output.shape))
    return {"output": output, **{name: value.grad for name, value in own.items() if value.grad is not None}}


def centred(inputs):
    """The same to LayerNorm, without the large means for which PyTorch's float64 fails as well."""
    x = inputs["x"].double()
    return {**inputs, "x": x - x[:, :1]}


def case(name, kind, shape, seed):
    inputs, upstream = make(kind, shape, seed)
    inputs = {key: value.detach() for key, value in inputs.items()}
    exact = results(OPERATIONS[name], centred(inputs) if "layerNorm" in name else inputs, upstream, torch.float64)
    single = results(OPERATIONS[name], inputs, upstream, torch.float32)
    errors = {key: golden.error(exact[key], single[key]) for key in exact}
    return {"case": kind, "shape": list(shape), "seed": seed, "last": inputs["x"].flatten()[-1].item(), "errors": errors}


def main():
    groups, seed = {}, 0
    for name in OPERATIONS:
        cases = groups[name] = []
        long = name == "layerNorm, long rows"
        for kind in KINDS:
            for shape in LONG_SHAPES if long else SHAPES:
                # PyTorch normalises no batch of one value a channel.
                if name == "batchNorm" and shape[0] == 1:
                    continue
                seed += 1
                cases.append(case(name, kind, shape, seed))
    golden.write("accuracy", {"kinds": KINDS, "groups": groups})


if __name__ == "__main__":
    main()
