"""JAX: the whole step under one jit, with donated buffers, LayerNorm as in flax, and optax's Adam."""

import os
from functools import partial
from types import SimpleNamespace

from job import PROOF_ELEMENTS, PROOF_STEPS, Job


def load(threads):
    # XLA makes its pool of threads when it starts.
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["NPROC"] = os.environ["PJRT_NPROC"] = str(threads)
    global jax, jnp, optax
    import jax
    import jax.numpy as jnp
    import optax

    # Its compiler is loaded with the first function: that is no memory of a step's.
    jax.block_until_ready(jax.jit(jnp.sin)(1.0))
    return SimpleNamespace(
        about=f"JAX {jax.__version__}, optax {optax.__version__}",
        prepare={
            "train": train,
            "predict": predict,
            "layerNormForward": layer_norm_forward,
            "layerNormBackward": layer_norm_backward,
        },
    )


def layer_norm(x, weight, bias):
    """As flax computes it by default, which is faster than to go through x for the mean first."""
    mean = jnp.mean(x, axis=-1, keepdims=True)
    variance = jnp.maximum(jnp.mean(jnp.square(x), axis=-1, keepdims=True) - jnp.square(mean), 0)
    return (x - mean) * (jax.lax.rsqrt(variance + 1e-5) * weight) + bias


def forward(params, x):
    """Weights have shape (in, out), as in JAX."""
    blocks, (last_weight, last_bias) = params
    for norm_weight, norm_bias, weight, bias in blocks:
        x = jax.nn.relu(layer_norm(x, norm_weight, norm_bias) @ weight + bias)
    return x @ last_weight + last_bias


def make_params(blocks, last):
    params = [(nw, nb, w.T, b) for nw, nb, w, b in blocks], (last[0].T, last[1])
    return jax.tree.map(jnp.array, params)


def loss_of(params, x, targets):
    return optax.softmax_cross_entropy_with_integer_labels(forward(params, x), targets).mean()


def train(reader, batch, width):
    x, blocks, last, targets = reader.model(batch, width)
    x, targets = jnp.asarray(x), jnp.asarray(targets)
    optimizer = optax.adam(1e-3)
    now = SimpleNamespace()

    @partial(jax.jit, donate_argnums=(0, 1))
    def step(params, state, x, targets):
        loss, gradients = jax.value_and_grad(loss_of)(params, x, targets)
        updates, state = optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, loss

    def begin():
        now.params = make_params(blocks, last)
        now.state = optimizer.init(now.params)
        jax.block_until_ready((now.params, now.state))

    def times(n):
        params, state = now.params, now.state
        for _ in range(n):
            params, state, now.loss = step(params, state, x, targets)
        now.params, now.state = params, state

    def finish():
        jax.block_until_ready((now.params, now.state))

    def next_loss():
        times(1)
        return float(now.loss)

    begin()
    return Job([next_loss() for _ in range(PROOF_STEPS)], times, begin, finish)


def blocking(compute):
    """A job that keeps the last result of `compute`, and waits for it."""
    last = SimpleNamespace(result=compute())

    def times(n):
        for _ in range(n):
            last.result = compute()

    parts = [jnp.ravel(part)[:PROOF_ELEMENTS].tolist() for part in jax.tree.leaves(last.result)]
    return Job([value for part in parts for value in part], times, finish=lambda: jax.block_until_ready(last.result))


def predict(reader, width):
    row, blocks, last, _ = reader.model(1, width)
    row, params = jnp.asarray(row), make_params(blocks, last)
    compute = jax.jit(forward)
    job = blocking(lambda: compute(params, row))
    job.proof = compute(params, row).ravel().tolist()
    return job


def layer_norm_forward(reader, rows, cols):
    x, weight, bias = (jnp.asarray(reader.take(*shape)) for shape in [(rows, cols), (cols,), (cols,)])
    compute = jax.jit(layer_norm)
    return blocking(lambda: compute(x, weight, bias))


def layer_norm_backward(reader, rows, cols):
    """The residuals of one forward pass are kept, as by retain_graph in PyTorch."""
    x, weight, bias = (jnp.asarray(reader.take(*shape)) for shape in [(rows, cols), (cols,), (cols,)])
    dy = jnp.asarray(reader.take(rows, cols))
    _, backward = jax.jit(lambda *inputs: jax.vjp(layer_norm, *inputs))(x, weight, bias)
    compute = jax.jit(lambda backward, dy: backward(dy))
    return blocking(lambda: compute(backward, dy))
