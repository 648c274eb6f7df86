"""How the samples that PyTorch ships become recorded calls of this library.

A call is JSON: the function's name as a user writes it (`x.sum`, `F.linear`, `nn.Linear`, `cat`), and its arguments,
where "$NAME" stands for the input of that name. Floats are rounded to float32 first, so that both float types of the
tests begin with the same numbers. What cannot be a call is counted, with the reason.
"""

import collections
import json
import math
import random
import re
import sys
import types
import unittest
import zlib

import golden
import numpy
import torch

# PyTorch's samples import it, and need no more of it.
sys.modules.setdefault("expecttest", types.SimpleNamespace(TestCase=unittest.TestCase))

# A tensor of a sample may have as many elements.
MOST_ELEMENTS = 30_000

# How a call spells null: null itself stands for an argument that is absent.
NULL = "null"

# On how many inputs nearby PyTorch's error is measured too.
NEIGHBOURS = 32

DTYPES = {
    torch.float64: "float64",
    torch.float32: "float32",
    torch.int64: "int32",
    torch.int32: "int32",
    torch.bool: "bool",
}


class Excluded(Exception):
    """A sample that the library's API has no call for."""


class Recording:
    """What has been recorded so far."""

    def __init__(self, seed):
        self.seed = seed
        self.generator = torch.Generator().manual_seed(seed)
        self.groups = []
        self.rejected = []
        self.optimizers = {}
        self.excluded = collections.Counter()
        self.known = set()

    def begin(self, name):
        """Starts the random numbers of an operation, so that its samples do not depend on what came before."""
        seed = zlib.crc32(f"{self.seed} {name}".encode())
        random.seed(seed)
        numpy.random.seed(seed)
        torch.manual_seed(seed)

    def count(self, name, record):
        """Records a sample, or counts why not."""
        try:
            record()
        except Excluded as reason:
            self.excluded[name, str(reason)] += 1

    def sample(self, name, make):
        """Records the calls that `make` finds in a sample."""
        self.count(name, lambda: self.record(name, *make()))

    def record(self, name, run, inputs, calls):
        check_size(inputs)
        tensors, constants = inputs.values, inputs.constants
        group = golden.record_group(name, run, tensors, calls, constants)
        key = repr(sorted(group.items()))
        if key in self.known:
            return
        self.known.add(key)
        if any(result.get("error", 0) is None for case in group["cases"] for result in case["results"].values()):
            raise Excluded("results beyond the range of PyTorch's float32")
        for case in group["cases"]:
            errors = self.errors_nearby(run, tensors, case["args"], constants)
            case["results"] = {key: finished(value, errors[key]) for key, value in case["results"].items()}
        self.groups.append(group)

    def errors_nearby(self, run, inputs, args, constants):
        """The largest error of PyTorch's float32 for each result, on inputs up to a hundredth off.

        A sample of a few numbers rounds well or badly by luck; those nearby say what to expect.
        """
        largest = collections.Counter()
        for _ in range(NEIGHBOURS):
            near = {name: self.nudged(value) for name, value in inputs.items()}
            for name, result in golden.record_case(run, near, args, constants)["results"].items():
                largest[name] = max(largest[name], result.get("error") or 0)
        return largest

    def nudged(self, value):
        if not value.is_floating_point():
            return value
        return value * (1 + (torch.rand(value.shape, generator=self.generator) - 0.5) / 50)

    def error(self, name, make):
        """Records a call that PyTorch rejects."""

        def record():
            _, inputs, calls = make()
            check_size(inputs)
            encoded = {key: golden.encode(value) for key, value in inputs.values.items()}
            self.rejected.append({"name": name, "inputs": encoded, "args": calls[0]})

        self.count(f"{name}, errors", record)

    def content(self):
        excluded = [{"name": name, "reason": reason, "count": n} for (name, reason), n in self.excluded.items()]
        return {
            "seed": self.seed,
            "groups": self.groups,
            "rejected": self.rejected,
            "optimizers": self.optimizers,
            "excluded": excluded,
        }


def check_size(inputs):
    if any(value.numel() > MOST_ELEMENTS for value in inputs.values.values()):
        raise Excluded(f"more than {MOST_ELEMENTS} elements")


def finished(result, nearby):
    """A result with the error that its neighbours have, in float32 where that holds all of it."""
    if "error" not in result:
        return result
    error = max(result["error"], nearby)
    if "f64" in result:
        exact = golden.decode(result)
        single = exact.float()
        if torch.equal(exact.nan_to_num(), single.double().nan_to_num()):
            result = golden.encode(single)
    return {**result, "error": error}


class Inputs:
    """The tensors of a call by name."""

    def __init__(self):
        self.values = {}
        self.constants = set()
        self.names = {}

    def take(self, name, value):
        """A value of PyTorch's as JSON, with names in place of tensors."""
        if isinstance(value, torch.Tensor):
            return self.add(name, value)
        if isinstance(value, (list, tuple)):
            return [self.take(f"{name}{i}", item) for i, item in enumerate(value)]
        if isinstance(value, dict):
            return {camel(key): self.take(f"{name}_{key}", item) for key, item in value.items()}
        return plain(value)

    def add(self, name, value):
        if value.dtype not in DTYPES:
            raise Excluded("complex, half-precision and small integer tensors")
        if id(value) in self.names:
            return "$" + self.names[id(value)]
        self.names[id(value)] = name
        self.keep(name, value)
        return "$" + name

    def keep(self, name, value):
        """Adds a tensor that is no argument."""
        if value.is_floating_point():
            self.values[name] = value.detach().float()
            if not value.requires_grad:
                self.constants.add(name)
        else:
            self.values[name] = value if value.dtype == torch.bool else value.to(torch.int32)

    def give(self, value, own):
        """An argument for PyTorch: with the tensors of `own` in place of those that were taken."""
        if id(value) in self.names:
            return own[self.names[id(value)]]
        if isinstance(value, (list, tuple)):
            return type(value)(self.give(item, own) for item in value)
        if isinstance(value, dict):
            return {key: self.give(item, own) for key, item in value.items()}
        return value


def plain(value):
    """A value that is no tensor, as JSON."""
    if isinstance(value, torch.dtype):
        if value not in DTYPES:
            raise Excluded(f"the dtype {value}")
        return DTYPES[value]
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, complex):
        raise Excluded("complex numbers")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise Excluded(f"{type(value).__name__} as an argument")


def bind(signature, given, options):
    """PyTorch's arguments, sorted into our arguments and our options.

    A signature is the names of PyTorch's parameters in order, each with what it is in our call:

        dim         an argument at its place
        keepdim=    an option, under the same name in camelCase
        momentum=?  an option for which None is not the default, but a value of its own
        alpha!1     nothing: the API does not have it, and samples may only give this value of it
    """
    entries = signature.split()
    if len(given) > len(entries):
        raise Excluded("a form of the call that the API does not have")
    names = [re.match(r"\w+", entry).group() for entry in entries]
    bound = {**dict(zip(names, given)), **options}
    unknown = [name for name in bound if name not in names]
    if unknown:
        raise Excluded(f"the option `{unknown[0]}`")
    places, ours = {}, {}
    for entry, name in zip(entries, names, strict=True):
        kind = entry.removeprefix(name)
        value = bound.get(name)
        if kind == "":
            places[name] = value
        elif kind.startswith("!"):
            if value is not None and value != json.loads(kind[1:]):
                raise Excluded(f"the option `{name}`")
        elif value is not None or (kind == "=?" and name in bound):
            ours[name] = NULL if value is None else value
    return places, ours


def call(name, args, options=None, **more):
    """A call as JSON; trailing arguments that are absent are left out."""
    args = [*args, options or {}]
    while args and args[-1] in (None, {}):
        args.pop()
    return {"name": name, "args": args, **more}


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
