import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const toInt32: Kernels['toInt32'] = (y, x) => {
  checkLength('toInt32', 'x', x, y.length)
  checkIntegers('toInt32', 'x', x)
  y.set(x)
}

export const toBool: Kernels['toBool'] = (y, x) => {
  checkLength('toBool', 'x', x, y.length)
  for (let i = 0; i < y.length; i++) y[i] = x[i] === 0 ? 0 : 1
}

export const integerPow: Kernels['integerPow'] = (y, a, b) => {
  checkLength('integerPow', 'a', a, y.length)
  checkLength('integerPow', 'b', b, y.length)
  if (!a.every((value) => Number.isInteger(value))) throw new RangeError('integerPow: a holds what is no integer')
  checkIntegers('integerPow', 'b', b)
  for (let i = 0; i < y.length; i++) y[i] = power(a[i], b[i])
}

/** By repeated squaring, modulo 2^32. */
function power(base: number, exponent: number): number {
  if (exponent < 0) return Math.abs(base) === 1 ? base ** (exponent & 1) : 0
  let [result, square] = [1, base]
  for (let rest = exponent; rest > 0; rest >>= 1) {
    if ((rest & 1) === 1) result = Math.imul(result, square)
    square = Math.imul(square, square)
  }
  return result
}

function checkIntegers(kernel: string, argument: string, values: Float64Array): void {
  const bad = values.find((value) => (value | 0) !== value)
  if (bad !== undefined) throw new RangeError(`${kernel}: ${argument} holds ${bad}, which is no int32`)
}
