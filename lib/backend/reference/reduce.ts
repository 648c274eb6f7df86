import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const sum: Kernels['sum'] = (y, x, outer, n, inner) => {
  checkLength('sum', 'y', y, outer * inner)
  checkLength('sum', 'x', x, outer * n * inner)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let total = 0
      for (let j = 0; j < n; j++) total += x[(o * n + j) * inner + i]
      y[o * inner + i] = total
    }
  }
}

export const argmax: Kernels['argmax'] = (indices, x, outer, n, inner) => {
  checkLength('argmax', 'indices', indices, outer * inner)
  checkLength('argmax', 'x', x, outer * n * inner)
  if (n < 1) throw new RangeError('argmax: n is 0, expected at least 1')
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const at = (j: number) => x[(o * n + j) * inner + i]
      let best = 0
      for (let j = 1; j < n && !Number.isNaN(at(best)); j++) if (!(at(j) <= at(best))) best = j
      indices[o * inner + i] = best
    }
  }
}
