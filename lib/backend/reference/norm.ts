import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const norm: Kernels['norm'] = (y, x, n, p) => {
  checkLength('norm', 'y', y, 1)
  checkLength('norm', 'x', x, n)
  y[0] = n === 0 ? 0 : normOf(x, p)
}

function normOf(x: FloatArray, p: number): number {
  if (p === Infinity || p === -Infinity) return extremeOf(x, p === Infinity ? Math.max : Math.min)
  let total = 0
  for (const value of x) total += p === 2 ? value * value : powerOf(Math.abs(value), p)
  if (p === 0) return total
  return p === 2 ? Math.sqrt(total) : total ** (1 / p)
}

// Math.max and Math.min answer NaN if one of their arguments is.
function extremeOf(x: FloatArray, choose: (a: number, b: number) => number): number {
  let extreme = Math.abs(x[0])
  for (let i = 1; i < x.length; i++) extreme = choose(extreme, Math.abs(x[i]))
  return extreme
}

function powerOf(magnitude: number, p: number): number {
  return p === 0 && magnitude === 0 ? 0 : magnitude ** p
}
