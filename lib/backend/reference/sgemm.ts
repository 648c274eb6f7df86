import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'

/** Row by row: `acc = sum over p of a[i, p] * b[p, :]`, in float64, four `p` at a time to load and store `acc` less. */
export const sgemm: Kernels['sgemm'] = (c, a, b, transposeA, transposeB, m, n, k, alpha, beta) => {
  checkLength('sgemm', 'c', c, m * n)
  checkLength('sgemm', 'a', a, m * k)
  checkLength('sgemm', 'b', b, k * n)
  const rows = transposeB ? transposed(b, n, k) : b
  const [aRow, aCol] = transposeA ? [1, m] : [k, 1]
  const acc = new Float64Array(n)
  for (let i = 0; i < m; i++) {
    acc.fill(0)
    addProducts(acc, a, i * aRow, aCol, rows, k, n)
    store(c, i * n, acc, alpha, beta)
  }
}

function addProducts(
  acc: Float64Array,
  a: FloatArray,
  aStart: number,
  aCol: number,
  b: FloatArray,
  k: number,
  n: number,
): void {
  let p = 0
  for (; p + 4 <= k; p += 4) {
    const at = aStart + p * aCol
    const [a0, a1, a2, a3] = [a[at], a[at + aCol], a[at + 2 * aCol], a[at + 3 * aCol]]
    const [b0, b1, b2, b3] = [p * n, (p + 1) * n, (p + 2) * n, (p + 3) * n]
    for (let j = 0; j < n; j++) acc[j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j]
  }
  for (; p < k; p++) {
    const ap = a[aStart + p * aCol]
    for (let j = 0; j < n; j++) acc[j] += ap * b[p * n + j]
  }
}

// BLAS does not read c when beta is 0, so that NaN in it does not spread.
function store(c: FloatArray, start: number, acc: Float64Array, alpha: number, beta: number): void {
  for (let j = 0; j < acc.length; j++) {
    c[start + j] = beta === 0 ? alpha * acc[j] : alpha * acc[j] + beta * c[start + j]
  }
}

function transposed<F extends FloatArray>(x: F, rows: number, cols: number): F {
  const y = x.slice() as F
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) y[c * rows + r] = x[r * cols + c]
  return y
}
