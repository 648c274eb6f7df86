import type { Kernels } from '../../../binding.js'
import { checkLength, checkOptionalLength, checkStrides, product } from './lengths.js'
import { walk } from './walk.js'

export const powForward: Kernels['powForward'] = (y, a, b, shape, aStrides, bStrides) => {
  checkStrides('powForward', 'a', a, shape, aStrides)
  checkStrides('powForward', 'b', b, shape, bStrides)
  checkLength('powForward', 'y', y, product(shape))
  walk(shape, aStrides, bStrides, (start, length, aAt, aStep, bAt, bStep) => {
    for (let i = 0; i < length; i++) y[start + i] = power(a[aAt + i * aStep], b[bAt + i * bStep])
  })
}

export const powBackward: Kernels['powBackward'] = (da, db, dy, a, b, y, shape, aStrides, bStrides) => {
  const size = product(shape)
  checkStrides('powBackward', 'a', a, shape, aStrides)
  checkStrides('powBackward', 'b', b, shape, bStrides)
  checkOptionalLength('powBackward', 'da', da, size)
  checkOptionalLength('powBackward', 'db', db, size)
  checkLength('powBackward', 'dy', dy, size)
  checkLength('powBackward', 'y', y, size)
  walk(shape, aStrides, bStrides, (start, length, aAt, aStep, bAt, bStep) => {
    for (let i = 0; i < length; i++) {
      const [at, base, exponent] = [start + i, a[aAt + i * aStep], b[bAt + i * bStep]]
      if (da) da[at] = exponent === 0 ? 0 : dy[at] * (exponent * power(base, exponent - 1))
      if (db) db[at] = base === 0 && exponent >= 0 ? 0 : dy[at] * (y[at] * Math.log(base))
    }
  })
}

/** As C and PyTorch define it: JavaScript's own power of 1 to NaN or an infinity, and of -1 to an infinity, is NaN. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}
