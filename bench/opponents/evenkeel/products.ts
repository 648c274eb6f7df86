import * as built from '../../../dist/backend/index.js'
import type * as source from '../../../lib/backend/index.js'
import { CLASSES } from '../../workloads/workload.js'
import { type Prepare, PROOF_ELEMENTS } from '../job.js'
import { readModel } from '../reader.js'

// The published types say nothing of kernels.
const compute = (built as typeof source).kernels('float32')

/** One Linear layer: its forward product, and those for the gradients of its weight and its input. */
function layerProducts(rows: number, inFeatures: number, outFeatures: number, x: Float32Array, weight: Float32Array) {
  const y = new Float32Array(rows * outFeatures)
  const dWeight = new Float32Array(weight.length)
  const dx = new Float32Array(x.length)
  return {
    forward: () => compute.sgemm(y, x, weight, false, true, rows, outFeatures, inFeatures, 1, 0),
    backward: () => {
      compute.sgemm(dx, y, weight, false, false, rows, inFeatures, outFeatures, 1, 0)
      compute.sgemm(dWeight, y, x, true, false, outFeatures, inFeatures, rows, 1, 0)
    },
  }
}

/** The kernels alone, on arrays of their own, in the order of a training step. */
export const products: Prepare<'products'> = ({ batch, width }, data) => {
  const { input, blocks, lastWeight } = readModel(data, batch, width)
  const layers = blocks.map(({ weight }) => layerProducts(batch, width, width, input.slice(), weight))
  layers.push(layerProducts(batch, width, CLASSES, input.slice(), lastWeight))
  const reversed = layers.toReversed()
  const once = () => {
    for (const { forward } of layers) forward()
    for (const { backward } of reversed) backward()
  }
  return { proof: [], once }
}

export const sgemmAlone: Prepare<'sgemm'> = ({ size }, data) => {
  const [a, b] = [data.take(size * size), data.take(size * size)]
  const c = new Float32Array(size * size)
  const once = () => compute.sgemm(c, a, b, false, false, size, size, size, 1, 0)
  once()
  return { proof: [...c.subarray(0, PROOF_ELEMENTS)], once }
}
