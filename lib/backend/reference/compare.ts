import type { Kernels } from '../../../binding.js'
import { checkLength, checkStrides, product } from './lengths.js'
import { walk } from './walk.js'

export const eq = comparison('eq', (a, b) => a === b)
export const lt = comparison('lt', (a, b) => a < b)
export const le = comparison('le', (a, b) => a <= b)

function comparison(kernel: string, holds: (a: number, b: number) => boolean): Kernels['eq'] {
  return (y, a, b, shape, aStrides, bStrides) => {
    checkStrides(kernel, 'a', a, shape, aStrides)
    checkStrides(kernel, 'b', b, shape, bStrides)
    checkLength(kernel, 'y', y, product(shape))
    walk(shape, aStrides, bStrides, (start, length, aAt, aStep, bAt, bStep) => {
      for (let i = 0; i < length; i++) y[start + i] = holds(a[aAt + i * aStep], b[bAt + i * bStep]) ? 1 : 0
    })
  }
}
