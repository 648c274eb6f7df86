"""What PyTorch prints of tensors and of modules."""

import math

import golden
import torch
import torch.nn.functional as F
from torch import nn

NAN, INF = math.nan, math.inf


def printed(tensor, requires_grad=False, parameter=False):
    """A tensor with its text. The bytes come first, as the text may be long."""
    own = golden.encode(tensor)
    if parameter:
        return {**own, "parameter": True, "text": str(nn.Parameter(tensor))}
    if requires_grad:
        return {**own, "requiresGrad": True, "text": str(tensor.clone().requires_grad_())}
    return {**own, "text": str(tensor)}


def numbers():
    """Rows of floats, each with its own reason to be difficult."""
    return [
        [1], [0], [-0.0], [0.0, -0.0], [1, 2, 3], [-1, 10, 100], [1.5], [0.1, 0.2], [1e-4], [9.9e-5], [1e8], [1.1e8],
        [1, 1000], [1, 1001], [1, 1001.5], [0.001, 1], [0.001, 1.0001], [123456], [99999999], [1e10], [1e38], [1e-38],
        [1e-45], [NAN], [INF], [-INF], [NAN, 1], [INF, -1.5], [-INF, 0, NAN], [NAN, 1e-10], [INF, 1e10],
        [0.5, NAN, INF], [0, 1e-7], [0, 0.5], [-0.0, 0.5], [-0.0, 2], [1e15, 1], [16777216], [16777217, 0.5],
        [3.14159, 2.71828],
        [0.99999], [0.999949], [9.99996], [99.99999, 0.1], [-0.00004, 1], [-0.00005, 0.5], [1e5, 1.5], [-1234.5678],
        [12345.678], [1e4, 1e-1], [1e7 + 0.5], [2.5e7, 1], [-5e-324], [1e-10, -1e-10], [7e22, 7e22],
    ]  # fmt: skip


def ties():
    """Numbers half-way between two texts; Python takes the even one."""
    fixed = [1 / 32, 3 / 32, 5 / 32, -1 / 32, -3 / 32, 7 / 32, 0.53125, 2.03125, 100.09375, 9.96875]
    large = [100005, 100015, 100025, -100005, -100015, 999995, -999995, 1000050, 1000150, 9999950, 99999.5]
    rows = [fixed, *([x] for x in fixed), large, *([x, 1e-3] for x in large)]
    return [*rows, [0.00048828125, 1], [0.03125, 1e-5], [1 / 64, 1 / 128]]


def shapes():
    """Every kind of nesting and of line break."""
    own = [torch.randn(shape) for shape in SHAPES]
    whole = [torch.arange(math.prod(shape), dtype=torch.float32).reshape(shape) for shape in SHAPES]
    empty = [torch.empty(shape) for shape in ([0], [0, 3], [3, 0], [2, 0, 4], [1, 0], [0, 0])]
    return own + whole + empty


FLAT = [[], [1], [1, 1], [5], [11], [12], [40], [2, 3], [3, 1], [1, 30]]
SHAPES = [*FLAT, [2, 2, 2], [3, 1, 2], [1, 2, 1, 3], [2, 1, 2, 1, 2]]


def large():
    """More than a thousand elements: only the edges are shown, and only they choose the format."""
    hidden = torch.ones(1001)
    hidden[500] = 1e9
    wide = torch.arange(1002, dtype=torch.float32).reshape(2, 501)
    flags = (torch.arange(1100) % 3 == 0).reshape(11, 100)
    return [
        torch.arange(1000, dtype=torch.float32),
        torch.arange(1001, dtype=torch.float32),
        hidden,
        wide / 7,
        torch.arange(1001, dtype=torch.int32).reshape(7, 11, 13),
        flags,
        torch.zeros(1001, 1, dtype=torch.bool),
        torch.zeros(6, 168, dtype=torch.bool),
    ]


def discrete():
    integers = [[0], [1, -1], [100, 5], [-(2**31), 2**31 - 1], list(range(30)), [10**k for k in range(10)]]
    tables = [torch.tensor(x, dtype=torch.int32) for x in integers]
    tables += [torch.tensor(-7, dtype=torch.int32), torch.arange(6, dtype=torch.int32).reshape(2, 3)]
    tables += [torch.tensor(True), torch.tensor([True, False]), torch.tensor([[False], [True]])]
    return [*tables, torch.empty(0, dtype=torch.int32), torch.empty(2, 0, dtype=torch.bool)]


def assorted():
    """Random tensors of all magnitudes."""
    result = []
    for i in range(63):
        shape = [int(n) for n in torch.randint(1, 7, (1 + i % 3,))]
        tensor = torch.randn(shape) * 10.0 ** (torch.rand(shape) * (i % 9) - (i % 5))
        result.append((tensor.round() if i % 4 == 0 else tensor).to(torch.float64 if i % 7 == 3 else torch.float32))
    return result


def doubles():
    return [torch.tensor(x, dtype=torch.float64) for x in ([0.1, 1 / 3], [1e300], [1e-300, 1], [1e16], 2.5, [1 / 32])]


def with_gradients():
    return [
        printed(torch.tensor([1.0, 2.0]), requires_grad=True),
        printed(torch.tensor(0.5), requires_grad=True),
        printed(torch.randn(4, 9), requires_grad=True),
        *(printed(torch.randn(n) * 1.0, requires_grad=True) for n in range(3, 12)),
        printed(torch.empty(0, 2), requires_grad=True),
        printed(torch.randn(3, dtype=torch.float64), requires_grad=True),
        *(printed(torch.randn(n, dtype=torch.float64), requires_grad=True) for n in range(4, 8)),
        printed(torch.randn(2, 2), parameter=True),
        printed(torch.ones(7), parameter=True),
        printed(torch.tensor(1.0, dtype=torch.float64), parameter=True),
    ]


def results():
    """Results of operations, with PyTorch's names of these."""
    x = torch.tensor([1.0, 4.0], requires_grad=True)
    y = torch.tensor([[2.0], [8.0]], requires_grad=True)
    made = {
        "add": x + y, "sub": x - y, "mul": x * y, "div": x / y, "sqrt": x.sqrt(), "relu": x.relu(), "clone": x.clone(),
        "neg": -x, "pow, square": x**2, "pow, cube": x**3,
        "sum": x.sum(), "mean": x.mean(), "var": x.var(), "transpose": y.transpose(0, 1),
        "logSoftmax": x.log_softmax(0), "softmax": x.softmax(0),
        "pow, tensor": x**x, "std": x.std(), "max": x.max(), "min": x.min(),
        "max of columns": y.max(0).values, "min of columns": y.min(0).values,
        "sum of columns": y.sum(0), "sum of all": y.sum((0, 1)), "mean of columns": y.mean(0), "var of columns": y.var(0),
        "reshape": y.reshape(2), "flatten": y.flatten(), "squeeze": y.squeeze(), "squeeze of columns": y.squeeze(1),
        "unsqueeze": y.unsqueeze(0), "slice": x[1:], "cat": torch.cat([x, x]), "t": y.t(),
        "mm": y @ y.t(), "mv": y.t() @ x, "dot": x @ x, "vector times matrix": x @ y,
        "batches": y.unsqueeze(0) @ y.t(), "batches times vector": y.t().unsqueeze(0) @ x,
        "gelu": F.gelu(x), "silu": F.silu(x), "tanh": x.tanh(), "sigmoid": x.sigmoid(), "exp": x.exp(), "log": x.log(),
        "abs": x.abs(),
        **layers(x, y),
    }  # fmt: skip
    return {name: str(value) for name, value in made.items()}


def layers(x, y):
    weight, bias = torch.ones(1, 2, requires_grad=True), torch.zeros(1, requires_grad=True)
    rows, images = y.reshape(1, 2), torch.ones(1, 2, 3, requires_grad=True)
    label, one = torch.tensor([1]), torch.tensor([[0.25, 0.75]])
    return {
        "layerNorm": F.layer_norm(x, [2]), "rmsNorm": F.rms_norm(x, [2], eps=1.0),
        "groupNorm": F.group_norm(images, 2), "batchNorm": F.batch_norm(y, None, None, training=True),
        "linear": F.linear(rows, weight, bias), "linear without bias": F.linear(rows, weight),
        "linear of a vector": F.linear(x, weight, bias), "linear of a vector, without bias": F.linear(x, weight),
        "linear of batches": F.linear(rows.unsqueeze(0), weight, bias),
        "linear of batches, without bias": F.linear(rows.unsqueeze(0), weight),
        "crossEntropy": F.cross_entropy(rows, label), "crossEntropy of each": F.cross_entropy(rows, label, reduction="none"),
        "crossEntropy of positions": F.cross_entropy(images, torch.zeros(1, 3, dtype=torch.long)),
        "crossEntropy of each position": F.cross_entropy(images, torch.zeros(1, 3, dtype=torch.long), reduction="none"),
        "crossEntropy, smoothed": F.cross_entropy(rows, label, label_smoothing=0.5),
        "crossEntropy of probabilities": F.cross_entropy(rows, one),
        "crossEntropy of probabilities, sum": F.cross_entropy(rows, one, reduction="sum"),
        "crossEntropy of no probabilities": F.cross_entropy(rows[:0], one[:0]),
        "nllLoss": F.nll_loss(rows, label), "nllLoss of positions": F.nll_loss(images, torch.zeros(1, 3, dtype=torch.long)),
        "nllLoss of each position": F.nll_loss(images, torch.zeros(1, 3, dtype=torch.long), reduction="none"),
        "nllLoss of each pixel": F.nll_loss(images.unsqueeze(3), torch.zeros(1, 3, 1, dtype=torch.long), reduction="none"),
        "mseLoss": F.mse_loss(x, torch.zeros(2)), "embedding": F.embedding(label, y),
        "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits(x, torch.zeros(2)),
    }  # fmt: skip


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layer_norm = nn.LayerNorm(size)
        self.fc = nn.Linear(size, size, bias=False)
        self.relu = nn.ReLU()


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = Block(4)
        self.body = nn.Sequential(Block(3), nn.Sequential(nn.ReLU()), nn.Linear(3, 10))
        self.scale = nn.Parameter(torch.ones(2))
        self.criterion = nn.CrossEntropyLoss()


class Empty(nn.Module):
    pass


class Described(nn.Module):
    def __init__(self, text, *children):
        super().__init__()
        self.text = text
        for i, child in enumerate(children):
            self.add_module(f"child{i}", child)

    def extra_repr(self):
        return self.text


def modules():
    """Each under the name that the test has for the same module."""
    made = {
        "linear": nn.Linear(128, 10),
        "linear without bias": nn.Linear(3, 1, bias=False),
        "layerNorm": nn.LayerNorm(128),
        "layerNorm of two dimensions": nn.LayerNorm((2, 3), eps=1e-6),
        "layerNorm without bias": nn.LayerNorm([5], eps=0.001, bias=False),
        "layerNorm without weight": nn.LayerNorm(5, eps=1.0, elementwise_affine=False),
        "layerNorm, eps 1.5e-10": nn.LayerNorm(5, eps=1.5e-10),
        "layerNorm, infinite eps": nn.LayerNorm(5, eps=math.inf),
        "dropout": nn.Dropout(),
        "dropout of a quarter": nn.Dropout(0.25),
        "embedding": nn.Embedding(5, 3),
        "embedding with padding": nn.Embedding(5, 3, padding_idx=-1),
        "rmsNorm": nn.RMSNorm(128),
        "rmsNorm of two dimensions": nn.RMSNorm((2, 3), eps=1e-6),
        "rmsNorm without weight": nn.RMSNorm(5, elementwise_affine=False),
        "batchNorm1d": nn.BatchNorm1d(64),
        "batchNorm1d, average": nn.BatchNorm1d(3, eps=0.001, momentum=None),
        "batchNorm1d, infinite momentum": nn.BatchNorm1d(3, momentum=-math.inf),
        "batchNorm1d, momentum NaN": nn.BatchNorm1d(3, momentum=math.nan),
        "batchNorm1d without weight": nn.BatchNorm1d(3, momentum=0.25, affine=False),
        "batchNorm1d without bias": nn.BatchNorm1d(3, bias=False),
        "batchNorm1d without running statistics": nn.BatchNorm1d(3, track_running_stats=False),
        "groupNorm": nn.GroupNorm(2, 6),
        "groupNorm without weight": nn.GroupNorm(3, 6, eps=1e-6, affine=False),
        "groupNorm without bias": nn.GroupNorm(3, 6, bias=False),
        "relu": nn.ReLU(),
        "gelu": nn.GELU(),
        "gelu, tanh": nn.GELU(approximate="tanh"),
        "silu": nn.SiLU(),
        "tanh": nn.Tanh(),
        "sigmoid": nn.Sigmoid(),
        "softmax": nn.Softmax(-1),
        "identity": nn.Identity(),
        "crossEntropyLoss": nn.CrossEntropyLoss(weight=torch.ones(3), label_smoothing=0.1),
        "nllLoss": nn.NLLLoss(weight=torch.ones(3)),
        "mseLoss": nn.MSELoss(reduction="sum"),
        "bceWithLogitsLoss": nn.BCEWithLogitsLoss(pos_weight=torch.ones(3)),
        "sequential": nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)),
        "empty sequential": nn.Sequential(),
        "sequential of equals": nn.Sequential(nn.ReLU(), nn.ReLU()),
        "empty moduleList": nn.ModuleList(),
        "moduleList of one": nn.ModuleList([nn.Tanh()]),
        "moduleList": nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 3), nn.Linear(2, 2)]),
        "moduleList of twelve": nn.ModuleList([nn.Linear(1 + i // 11, 1) for i in range(12)]),
        "moduleList of trees": nn.ModuleList([nn.Sequential(nn.ReLU(), nn.Tanh()) for _ in range(2)]),
        "moduleList of moduleLists": nn.ModuleList([nn.ModuleList([nn.ReLU(), nn.ReLU()]), nn.ModuleList([nn.ReLU()])]),
        "sequential with a moduleList": nn.Sequential(nn.ModuleList([nn.ReLU(), nn.ReLU()]), nn.Identity()),
        "block": Block(4),
        "model": Model(),
        "empty": Empty(),
        "described": Described("k=1"),
        "described in two lines": Described("k=1\nl=2"),
        "described, with a child": Described("k=1", nn.ReLU()),
        "described in two lines, with children": Described("k=1\nl=2", Block(2), nn.ReLU()),
    }
    return {name: str(module) for name, module in made.items()}


def optimizers():
    """Each under the name that the test has for the same optimizer."""
    x, y = (torch.zeros(1, requires_grad=True) for _ in range(2))
    groups = [{"params": [x], "lr": 0.5}, {"params": [y], "betas": (0, 0.75)}]
    scheduled = torch.optim.SGD([x], lr=1, momentum=0.9, nesterov=True)
    torch.optim.lr_scheduler.StepLR(scheduled, 2)
    made = {
        "adam": torch.optim.Adam([x]),
        "adam of two groups": torch.optim.Adam(groups, lr=1e-5, amsgrad=True),
        "adamW": torch.optim.AdamW([x]),
        "sgd": torch.optim.SGD([x]),
        "sgd, infinite rate": torch.optim.SGD([x], lr=math.inf),
        "sgd with a scheduler": scheduled,
    }
    return {name: str(optimizer) for name, optimizer in made.items()}


def main():
    torch.manual_seed(5)
    floats = [torch.tensor(x, dtype=torch.float32) for x in numbers() + ties()]
    groups = {
        "floats": floats,
        "shapes": shapes(),
        "large": large(),
        "int32 and bool": discrete(),
        "float64": doubles(),
        "assorted": assorted(),
    }
    tensors = {name: [printed(tensor) for tensor in own] for name, own in groups.items()}
    content = {"tensors": {**tensors, "gradients": with_gradients()}, "results": results(), "modules": modules()}
    content["optimizers"] = optimizers()
    golden.write("print", content)


if __name__ == "__main__":
    main()
