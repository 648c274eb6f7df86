import { backend, setNumThreads } from '../../../dist/index.js'
import type { Library } from '../job.js'
import { layerNormBackward, layerNormForward } from './layer_norm.js'
import { predict } from './predict.js'
import { products, sgemmAlone } from './products.js'
import { train } from './train.js'

export function load(threads: number): Library {
  setNumThreads(threads)
  const { name, blas, simd } = backend()
  return {
    about: name === 'native' ? `native: ${blas}, ${simd}` : 'TypeScript kernels',
    prepare: { train, predict, layerNormForward, layerNormBackward, products, sgemm: sgemmAlone },
  }
}
