import { blockUntilReady, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { CLASSES } from '../../workloads/workload.js'
import { type Prepare, PROOF_STEPS } from '../job.js'
import { readModel } from '../reader.js'
import { array, forward, makeParams } from './model.js'

/** What Adam keeps: running averages and the number of steps. */
interface State {
  params: np.Array[]
  averages: np.Array[]
  squares: np.Array[]
  count: np.Array
}

function lossOf(params: np.Array[], x: np.Array, labels: np.Array): np.Array {
  const logProbabilities = nn.logSoftmax(forward(params, x))
  const { shape } = labels
  return np.sum(logProbabilities.mul(labels)).mul(-1 / shape[0])
}

/** One step, all of it under one `jit`: loss, gradients and Adam. */
const step = jit(
  (params: np.Array[], averages: np.Array[], squares: np.Array[], count: np.Array, x: np.Array, labels: np.Array) => {
    const kept = params.map((param) => param.ref)
    const [loss, gradients] = valueAndGrad(lossOf)(params, x, labels) as [np.Array, np.Array[]]
    const next = count.add(1)
    const rate = correction(next.ref, 0.9).mul(1e-3)
    const scale = np.sqrt(correction(next.ref, 0.999))
    const newAverages = averages.map((average, i) => average.mul(0.9).add(gradients[i].ref.mul(0.1)))
    const newSquares = squares.map((square, i) => square.mul(0.999).add(np.square(gradients[i]).mul(0.001)))
    const newParams = kept.map((param, i) => {
      const divisor = np.sqrt(newSquares[i].ref).mul(scale.ref).add(1e-8)
      return param.sub(newAverages[i].ref.mul(rate.ref).div(divisor))
    })
    rate.dispose()
    scale.dispose()
    return [newParams, newAverages, newSquares, next, loss] as const
  },
)

/** 1 / (1 - beta^t) */
function correction(count: np.Array, beta: number): np.Array {
  return np.reciprocal(
    np
      .exp(count.mul(Math.log(beta)))
      .mul(-1)
      .add(1),
  )
}

export const train: Prepare<'train'> = ({ batch, width }, data) => {
  const given = readModel(data, batch, width)
  const input = array(given.input, [batch, width])
  const labels = nn.oneHot(np.array(Int32Array.from(given.targets)), CLASSES)

  const start = (): State => {
    const params = makeParams(given)
    const zeros = () => params.map(({ shape }) => np.zeros(shape))
    return { params, averages: zeros(), squares: zeros(), count: np.array(0) }
  }
  let state = start()
  let loss = NaN

  const begin = () => {
    tree.dispose([...state.params, ...state.averages, ...state.squares, state.count])
    state = start()
  }
  // What nobody waits for is put off, and each step goes through all that waits: to read every loss is several times as
  // fast as to wait at the end of a turn.
  const once = () => {
    const { params, averages, squares, count } = state
    const result = step(params, averages, squares, count, input.ref, labels.ref)
    state = { params: result[0], averages: result[1], squares: result[2], count: result[3] }
    loss = result[4].dataSync()[0]
  }
  const finish = async () => {
    await blockUntilReady(state.params)
  }

  const proof = Array.from({ length: PROOF_STEPS }, () => {
    once()
    return loss
  })
  return { proof, begin, once, finish }
}
