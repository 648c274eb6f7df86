import { blockUntilReady, jit, type numpy as np, vjp } from '@jax-js/jax'
import { type Job, type Prepare, PROOF_ELEMENTS } from '../job.js'
import { array, layerNorm } from './model.js'

const first = (values: np.Array) => [...values.ref.dataSync().slice(0, PROOF_ELEMENTS)]

/** jax-js computes what somebody waits for: all results are kept until then. */
function jobOf(compute: () => np.Array[]): Job {
  let results: np.Array[][] = []
  const finish = async () => {
    await blockUntilReady(results)
    for (const result of results) for (const array of result) array.dispose()
    results = []
  }
  return { proof: compute().flatMap(first), once: () => results.push(compute()), finish }
}

export const layerNormForward: Prepare<'layerNormForward'> = ({ rows, cols }, data) => {
  const x = array(data.take(rows * cols), [rows, cols])
  const [weight, bias] = [array(data.take(cols), [cols]), array(data.take(cols), [cols])]
  const compute = jit(layerNorm)
  return jobOf(() => [compute(x.ref, weight.ref, bias.ref)])
}

/** Under `jit`, forward and backward are one function: the forward pass is timed with it. */
export const layerNormBackward: Prepare<'layerNormBackward'> = ({ rows, cols }, data) => {
  const x = array(data.take(rows * cols), [rows, cols])
  const [weight, bias] = [array(data.take(cols), [cols]), array(data.take(cols), [cols])]
  const dy = array(data.take(rows * cols), [rows, cols])
  const compute = jit((x: np.Array, weight: np.Array, bias: np.Array, dy: np.Array) => {
    const [y, backward] = vjp(layerNorm, [x, weight, bias])
    y.dispose()
    return backward(dy)
  })
  return jobOf(() => compute(x.ref, weight.ref, bias.ref, dy.ref))
}
