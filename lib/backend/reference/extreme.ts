import type { Elements, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

export const gatherForward: Kernels['gatherForward'] = (y, x, indices, outer, n, inner) => {
  checkPlaces('gatherForward', 'x', x, 'y', y, indices, outer, n, inner)
  for (let i = 0; i < y.length; i++) y[i] = x[placeOf(i, indices[i], n, inner)]
}

export const gatherBackward: Kernels['gatherBackward'] = (dx, dy, indices, outer, n, inner) => {
  checkPlaces('gatherBackward', 'dx', dx, 'dy', dy, indices, outer, n, inner)
  dx.fill(0)
  for (let i = 0; i < dy.length; i++) dx[placeOf(i, indices[i], n, inner)] = dy[i]
}

export const extremeBackward: Kernels['extremeBackward'] = (dx, dy, x, y) => {
  checkLength('extremeBackward', 'dy', dy, 1)
  checkLength('extremeBackward', 'y', y, 1)
  checkLength('extremeBackward', 'x', x, dx.length)
  const [extreme] = y
  const isExtreme = (value: number) => value === extreme || (Number.isNaN(value) && Number.isNaN(extreme))
  let count = 0
  for (const value of x) if (isExtreme(value)) count++
  for (let i = 0; i < x.length; i++) dx[i] = isExtreme(x[i]) ? dy[0] / count : 0
}

/** Where result `i` stands in an array of (outer, n, inner). */
function placeOf(i: number, index: number, n: number, inner: number): number {
  const o = Math.floor(i / inner)
  return (o * n + index) * inner + (i - o * inner)
}

function checkPlaces(
  kernel: string,
  name: string,
  array: Elements,
  resultsName: string,
  results: Elements,
  indices: Int32Array,
  outer: number,
  n: number,
  inner: number,
): void {
  checkLength(kernel, name, array, outer * n * inner)
  checkLength(kernel, resultsName, results, outer * inner)
  checkLength(kernel, 'indices', indices, outer * inner)
  const bad = indices.find((index) => index < 0 || index >= n)
  if (bad !== undefined) throw new RangeError(`${kernel}: index ${bad} is outside [0, ${n})`)
}
