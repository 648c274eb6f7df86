import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

const TILE = 4

/** Tile by tile of c, summed up in float64, of operands in the order in which tiles read them. */
export const sgemm: Kernels['sgemm'] = (c, a, b, transposeA, transposeB, m, n, k, alpha, beta) => {
  checkLength('sgemm', 'c', c, m * n)
  checkLength('sgemm', 'a', a, m * k)
  checkLength('sgemm', 'b', b, k * n)
  const rows = packed(a, m, k, transposeA ? 1 : k, transposeA ? m : 1)
  const cols = packed(b, n, k, transposeB ? k : 1, transposeB ? 1 : n)
  const tile = new Float64Array(TILE * TILE)
  for (let i = 0; i < m; i += TILE) {
    for (let j = 0; j < n; j += TILE) {
      multiply(tile, rows, i * k, cols, j * k, k)
      for (let r = 0; r < TILE && i + r < m; r++) {
        for (let s = 0; s < TILE && j + s < n; s++) {
          const at = (i + r) * n + j + s
          const product = alpha * tile[r * TILE + s]
          // BLAS does not read c when beta is 0, so that NaN in it does not spread.
          c[at] = beta === 0 ? product : product + beta * c[at]
        }
      }
    }
  }
}

/** Lines of `length` elements, `TILE` of them side by side, the last ones filled up with zeros. */
function packed(x: FloatArray, lines: number, length: number, lineStride: number, stride: number): Float64Array {
  const y = new Float64Array(Math.ceil(lines / TILE) * TILE * length)
  for (let line = 0; line < lines; line++) {
    const start = (line - (line % TILE)) * length + (line % TILE)
    for (let p = 0; p < length; p++) y[start + p * TILE] = x[line * lineStride + p * stride]
  }
  return y
}

/** The sums are variables of their own, which stay in registers; destructured operands would become arrays in the loop. */
function multiply(tile: Float64Array, a: Float64Array, aStart: number, b: Float64Array, bStart: number, k: number) {
  let [c00, c01, c02, c03] = [0, 0, 0, 0]
  let [c10, c11, c12, c13] = [0, 0, 0, 0]
  let [c20, c21, c22, c23] = [0, 0, 0, 0]
  let [c30, c31, c32, c33] = [0, 0, 0, 0]
  for (let p = 0, i = aStart, j = bStart; p < k; p++, i += TILE, j += TILE) {
    const b0 = b[j]
    const b1 = b[j + 1]
    const b2 = b[j + 2]
    const b3 = b[j + 3]
    let ai = a[i]
    c00 += ai * b0
    c01 += ai * b1
    c02 += ai * b2
    c03 += ai * b3
    ai = a[i + 1]
    c10 += ai * b0
    c11 += ai * b1
    c12 += ai * b2
    c13 += ai * b3
    ai = a[i + 2]
    c20 += ai * b0
    c21 += ai * b1
    c22 += ai * b2
    c23 += ai * b3
    ai = a[i + 3]
    c30 += ai * b0
    c31 += ai * b1
    c32 += ai * b2
    c33 += ai * b3
  }
  tile.set([c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33])
}
