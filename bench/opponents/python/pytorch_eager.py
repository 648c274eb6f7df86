"""PyTorch, eager: fused Adam, inference_mode."""

from types import SimpleNamespace

import torch
import torch.nn.functional as F
from job import PROOF_ELEMENTS, PROOF_STEPS, Job, repeated
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer_norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, width)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.fc(self.layer_norm(x)))


class Model(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.layer1 = Block(width)
        self.layer2 = Block(width)
        self.layer3 = Block(width)
        self.fc_out = nn.Linear(width, classes)

    def forward(self, x):
        return self.fc_out(self.layer3(self.layer2(self.layer1(x))))


def make_model(blocks, last):
    """The model with the given weights, and a function that gives it these weights again."""
    weights = [torch.from_numpy(array) for layer in [*blocks, last] for array in layer]
    model = Model(width=blocks[0][0].size, classes=last[1].size)

    @torch.no_grad()
    def fill():
        for parameter, weight in zip(model.parameters(), weights, strict=True):
            parameter.copy_(weight)

    fill()
    return model, fill


def train(reader, batch, width, transform=lambda function: function):
    x, blocks, last, targets = reader.model(batch, width)
    x, targets = torch.from_numpy(x), torch.from_numpy(targets).long()
    model, fill = make_model(blocks, last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    criterion = nn.CrossEntropyLoss()
    loss_of = transform(lambda x, targets: criterion(model(x), targets))

    def once():
        optimizer.zero_grad()
        loss = loss_of(x, targets)
        loss.backward()
        optimizer.step()
        return loss

    @torch.no_grad()
    def begin():
        fill()
        for state in optimizer.state.values():
            for value in state.values():
                value.zero_()

    proof = [once().item() for _ in range(PROOF_STEPS)]
    return Job(proof, repeated(once), begin)


def predict(reader, width, transform=lambda function: function):
    row, blocks, last, _ = reader.model(1, width)
    row = torch.from_numpy(row)
    model, _ = make_model(blocks, last)
    model.eval()
    compute = transform(model)

    def times(n):
        with torch.inference_mode():
            for _ in range(n):
                compute(row)

    with torch.inference_mode():
        return Job(compute(row).flatten().tolist(), times)


def layer_norm_forward(reader, rows, cols):
    x, weight, bias = (torch.from_numpy(reader.take(*shape)) for shape in [(rows, cols), (cols,), (cols,)])

    def times(n):
        with torch.inference_mode():
            for _ in range(n):
                F.layer_norm(x, (cols,), weight, bias)

    y = F.layer_norm(x, (cols,), weight, bias)
    return Job(y.flatten()[:PROOF_ELEMENTS].tolist(), times)


def layer_norm_backward(reader, rows, cols):
    shapes = [(rows, cols), (cols,), (cols,)]
    inputs = [torch.from_numpy(reader.take(*shape)).requires_grad_() for shape in shapes]
    dy = torch.from_numpy(reader.take(rows, cols))
    y = F.layer_norm(inputs[0], (cols,), inputs[1], inputs[2])

    def once():
        return torch.autograd.grad(y, inputs, dy, retain_graph=True)

    proof = [value for gradient in once() for value in gradient.flatten()[:PROOF_ELEMENTS].tolist()]
    return Job(proof, repeated(once))


def sgemm(reader, size):
    a, b = (torch.from_numpy(reader.take(size, size)) for _ in range(2))
    c = torch.empty(size, size)

    def once():
        torch.mm(a, b, out=c)

    once()
    return Job(c.flatten()[:PROOF_ELEMENTS].tolist(), repeated(once))


def copy(reader, rows, cols):
    x = torch.from_numpy(reader.take(rows, cols))
    y = torch.empty_like(x)
    return Job([], repeated(lambda: y.copy_(x)))


def load_all(threads):
    """Loads what PyTorch loads with the first optimizer too: it is no memory of a step's."""
    torch.set_num_threads(threads)
    torch.optim.Adam([torch.zeros(1, requires_grad=True)], fused=True)


def load(threads):
    load_all(threads)
    return SimpleNamespace(
        about=f"PyTorch {torch.__version__}",
        prepare={
            "train": train,
            "predict": predict,
            "layerNormForward": layer_norm_forward,
            "layerNormBackward": layer_norm_backward,
            "sgemm": sgemm,
            "copy": copy,
        },
    )
