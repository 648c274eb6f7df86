import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

/** A tile of c: as many sums as stay in registers beside their products. */
const TILE_ROWS = 2
const TILE_COLS = 3

/** How much of the common dimension is summed up before a result is rounded to the type of c. */
const DEPTH = 4096
const MAX_PANELS = 16

// The rows of a and the columns of b that a tile takes are copied into arrays of one length each. They are constants to
// the compiler, for which one check of an index then holds for all. Nothing in them outlasts a call.
const a0 = new Float64Array(MAX_PANELS * DEPTH)
const a1 = new Float64Array(MAX_PANELS * DEPTH)
const b0 = new Float64Array(DEPTH)
const b1 = new Float64Array(DEPTH)
const b2 = new Float64Array(DEPTH)

/** Tile by tile of c, summed up in float64. */
export const sgemm: Kernels['sgemm'] = (c, a, b, transposeA, transposeB, m, n, k, alpha, beta) => {
  checkLength('sgemm', 'c', c, m * n)
  checkLength('sgemm', 'a', a, m * k)
  checkLength('sgemm', 'b', b, k * n)
  const [aRow, aStep] = transposeA ? [1, m] : [k, 1]
  const [bCol, bStep] = transposeB ? [k, 1] : [1, n]
  let start = 0
  do {
    const depth = Math.min(DEPTH, k - start)
    const height = TILE_ROWS * Math.floor(a0.length / Math.max(1, depth))
    for (let top = 0; top < m; top += height) {
      const bottom = Math.min(m, top + height)
      for (let i = top, at = 0; i < bottom; i += TILE_ROWS, at += depth) {
        pack([a0, a1], at, a, i * aRow + start * aStep, aRow, m - i, aStep, depth)
      }
      for (let j = 0; j < n; j += TILE_COLS) {
        pack([b0, b1, b2], 0, b, j * bCol + start * bStep, bCol, n - j, bStep, depth)
        for (let i = top, at = 0; i < bottom; i += TILE_ROWS, at += depth) {
          multiply(c, i * n + j, n, m - i, n - j, at, depth, alpha, start === 0 ? beta : 1)
        }
      }
    }
    start += DEPTH
  } while (start < k)
}

/** Copies a line of x into each lane, and zeros where there are no more lines. */
function pack(
  lanes: Float64Array[],
  at: number,
  x: FloatArray,
  start: number,
  lineStride: number,
  lines: number,
  stride: number,
  length: number,
) {
  for (let line = 0; line < lanes.length; line++) {
    if (line < lines) copyLine(lanes[line], at, x, start + line * lineStride, stride, length)
    else lanes[line].fill(0, at, at + length)
  }
}

function copyLine(lane: Float64Array, at: number, x: FloatArray, start: number, stride: number, length: number) {
  for (let p = 0, i = start; p < length; p++, i += stride) lane[at + p] = x[i]
}

/**
 * One tile, or what lies inside of c of it: no more than `rows` and `cols`. The sums are variables of their own, which
 * stay in registers only if the function is compiled by itself: it is longer than what V8 inlines (460 bytes).
 */
function multiply(
  c: FloatArray,
  at: number,
  n: number,
  rows: number,
  cols: number,
  panel: number,
  depth: number,
  alpha: number,
  beta: number,
) {
  let c00 = 0
  let c01 = 0
  let c02 = 0
  let c10 = 0
  let c11 = 0
  let c12 = 0
  for (let p = 0, i = panel; p < depth; p++, i++) {
    const bp0 = b0[p]
    const bp1 = b1[p]
    const bp2 = b2[p]
    const ap0 = a0[i]
    const ap1 = a1[i]
    c00 += ap0 * bp0
    c01 += ap0 * bp1
    c02 += ap0 * bp2
    c10 += ap1 * bp0
    c11 += ap1 * bp1
    c12 += ap1 * bp2
  }
  // BLAS does not read c when beta is 0, so that NaN in it does not spread.
  c[at] = beta === 0 ? alpha * c00 : alpha * c00 + beta * c[at]
  if (cols > 1) c[at + 1] = beta === 0 ? alpha * c01 : alpha * c01 + beta * c[at + 1]
  if (cols > 2) c[at + 2] = beta === 0 ? alpha * c02 : alpha * c02 + beta * c[at + 2]
  if (rows === 1) return
  const below = at + n
  c[below] = beta === 0 ? alpha * c10 : alpha * c10 + beta * c[below]
  if (cols > 1) c[below + 1] = beta === 0 ? alpha * c11 : alpha * c11 + beta * c[below + 1]
  if (cols > 2) c[below + 2] = beta === 0 ? alpha * c12 : alpha * c12 + beta * c[below + 2]
}
