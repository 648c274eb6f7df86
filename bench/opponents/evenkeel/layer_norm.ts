import { tensor } from '../../../dist/index.js'
import { layerNorm } from '../../../dist/nn/functional.js'
import { type Prepare, PROOF_ELEMENTS } from '../job.js'

export const layerNormForward: Prepare<'layerNormForward'> = ({ rows, cols }, data) => {
  const x = tensor(data.take(rows * cols), { shape: [rows, cols] })
  const [weight, bias] = [tensor(data.take(cols)), tensor(data.take(cols))]
  const once = () => layerNorm(x, cols, { weight, bias })
  return { proof: [...once().data.subarray(0, PROOF_ELEMENTS)], once }
}

/** The graph is kept, so that the backward pass runs again and again without a forward pass between. */
export const layerNormBackward: Prepare<'layerNormBackward'> = ({ rows, cols }, data) => {
  const x = tensor(data.take(rows * cols), { shape: [rows, cols], requiresGrad: true })
  const weight = tensor(data.take(cols), { requiresGrad: true })
  const bias = tensor(data.take(cols), { requiresGrad: true })
  const dy = tensor(data.take(rows * cols), { shape: [rows, cols] })
  const y = layerNorm(x, cols, { weight, bias })
  const once = () => {
    x.grad = weight.grad = bias.grad = null
    y.backward(dy, { retainGraph: true })
  }
  once()
  const proof = [x, weight, bias].flatMap(({ grad }) => [...(grad?.data.subarray(0, PROOF_ELEMENTS) ?? [])])
  return { proof, once }
}
