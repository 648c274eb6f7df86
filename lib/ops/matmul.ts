import { gradientsFor, record } from '../autograd.js'
import { kernels, runScript } from '../backend/index.js'
import { rangeError, typeError } from '../check.js'
import type { DType } from '../dtype.js'
import { checkNumbers, checkTensor, isFloatTensor } from '../operand.js'
import { broadcastShapes, broadcastStrides, checkShape, formatShape, type Shape, sizeOf } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { abs } from './abs.js'
import { toFloat, toInteger } from './promote.js'

/**
 * The product of two matrices. Integers give an int32.
 *
 * @param a of shape (m, k)
 * @param b of shape (k, n)
 * @returns a tensor of shape (m, n)
 * @throws TypeError if an argument is not a tensor of numbers, or their dtypes differ
 * @throws RangeError if they are not matrices, their shapes do not fit, or an integer result does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.mm.html
 */
export function mm<D extends DType>(a: Tensor<D>, b: Tensor): Tensor<D>
export function mm(a: Tensor, b: Tensor): Tensor {
  checkFactors('mm', a, b)
  for (const [argument, matrix] of Object.entries({ input: a, other: b })) {
    if (matrix.shape.length !== 2) throw rangeError('mm', argument, 'of two dimensions', matrix)
  }
  return product('mm', a, b)
}

/**
 * The matrix product of the last two dimensions; the dimensions before them broadcast. A vector counts as a row on the
 * left and as a column on the right, and its dimension is not part of the result.
 * Integers give an int32.
 *
 * @param a of shape (..., m, k) or (k)
 * @param b of shape (..., k, n) or (k)
 * @returns a tensor of shape (..., m, n), without m or n where that operand is a vector
 * @throws TypeError if an argument is not a tensor of numbers, or their dtypes differ
 * @throws RangeError if an operand has no dimensions, the shapes do not fit, or an integer result does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
 */
export function matmul<D extends DType>(a: Tensor<D>, b: Tensor): Tensor<D>
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkFactors('matmul', a, b)
  for (const [argument, operand] of Object.entries({ input: a, other: b })) {
    if (operand.shape.length === 0) throw rangeError('matmul', argument, 'of one dimension at least', operand)
  }
  return product('matmul', a, b)
}

function checkFactors(name: string, a: Tensor, b: Tensor): void {
  checkNumbers(name, 'input', a)
  checkTensor(name, 'other', b)
  if (a.dtype !== b.dtype) throw typeError(name, 'other', `of dtype ${a.dtype}, as input is`, b)
}

function product(name: string, a: Tensor, b: Tensor): Tensor {
  if (isFloatTensor(a) && isFloatTensor(b)) return multiply(name, a, b)
  const [left, right] = [toFloat(a, 'float64'), toFloat(b, 'float64')]
  // The sums are exact, in whichever order, as long as those of the magnitudes are.
  runScript(checkExact, multiply(name, abs(left), abs(right)).elements, name)
  return toInteger(name, multiply(name, left, right), 'int32')
}

function checkExact(magnitudes: FloatTensor['data'], name: string): void {
  const inexact = magnitudes.find((magnitude) => magnitude > Number.MAX_SAFE_INTEGER)
  if (inexact !== undefined) throw rangeError(name, 'every sum of magnitudes', 'below 2 ** 53', inexact)
}

/** One multiplication of matrices of a batch: where the matrices of the operands and of the result begin. */
interface Step {
  readonly a: number
  readonly b: number
  readonly y: number
}

interface Plan {
  readonly m: number
  readonly k: number
  readonly n: number
  readonly shape: Shape
  readonly steps: readonly Step[]
}

/**
 * `factor` times the product of (..., m, k) and (..., k, n), as {@link matmul}; with `transposed`, of (..., m, k) and the
 * transpose of (..., n, k), of at least two dimensions each. Neither is copied, and the factor is applied to whole sums.
 */
export function multiply(where: string, a: FloatTensor, b: FloatTensor, factor = 1, transposed = false): FloatTensor {
  const bShape = transposed ? [...b.shape.slice(0, -2), ...b.shape.slice(-2).reverse()] : b.shape
  const { m, k, n, shape, steps } = plan(where, a.shape, bShape)
  const compute = kernels(a.dtype)
  const y = Tensor.uninitialized(shape, a.dtype)
  const [inA, inB, inY] = [m * k, k * n, m * n].map(part)
  for (const at of steps) compute.sgemm(inY(y, at.y), inA(a, at.a), inB(b, at.b), false, transposed, m, n, k, factor, 0)

  return record({ name: where, gradFn: gradFnOf(a.shape.length, b.shape.length) }, y, [a, b], (dy) => {
    const [da, db] = gradientsFor(a, b)
    // A matrix that was broadcast gets what every use of it adds.
    if (da) compute.fill(da.elements, da.size, 0)
    if (db) compute.fill(db.elements, db.size, 0)
    for (const at of steps) {
      const [dyPart, aPart, bPart] = [inY(dy, at.y), inA(a, at.a), inB(b, at.b)]
      if (da) compute.sgemm(inA(da, at.a), dyPart, bPart, false, !transposed, m, k, n, factor, 1)
      if (db && transposed) compute.sgemm(inB(db, at.b), dyPart, aPart, true, false, n, k, m, factor, 1)
      else if (db) compute.sgemm(inB(db, at.b), aPart, dyPart, true, false, k, n, m, factor, 1)
    }
    return [da, db]
  })
}

/** Cuts a matrix of this size out of a tensor that holds several. */
function part(size: number): (tensor: FloatTensor, start: number) => FloatTensor['data'] {
  return ({ elements }, start) => (size === elements.length ? elements : elements.subarray(start, start + size))
}

function plan(where: string, a: Shape, b: Shape): Plan {
  const [left, right] = [a.length === 1 ? [1, ...a] : a, b.length === 1 ? [...b, 1] : b]
  const [m, k] = left.slice(-2)
  const [inner, n] = right.slice(-2)
  if (k !== inner) {
    throw new RangeError(
      `${where}: expected as many columns in input as there are rows in other, ` +
        `got shapes ${formatShape(a)} and ${formatShape(b)}`,
    )
  }
  const [aBatch, bBatch] = [left.slice(0, -2), right.slice(0, -2)]
  const batch = broadcastShapes(where, aBatch, bBatch)
  const lengths = [...batch, ...(a.length === 1 ? [] : [m]), ...(b.length === 1 ? [] : [n])]
  const shape = checkShape(where, 'the shape of the result', lengths)
  if (bBatch.length === 0) {
    // One matrix on the right: the batch on the left is a single tall matrix.
    return { m: sizeOf(batch) * m, k, n, shape, steps: [{ a: 0, b: 0, y: 0 }] }
  }
  const [aStarts, bStarts] = [startsOf(aBatch, batch), startsOf(bBatch, batch)]
  const steps = aStarts.map((start, i) => ({ a: start * m * k, b: bStarts[i] * k * n, y: i * m * n }))
  return { m, k, n, shape, steps }
}

/** For each matrix of the result, which one of an operand with a smaller batch it takes. */
function startsOf(from: Shape, to: Shape): number[] {
  const strides = broadcastStrides(from, to)
  let starts = [0]
  to.forEach((length, dim) => {
    starts = starts.flatMap((start) => Array.from({ length }, (_, i) => start + i * strides[dim]))
  })
  return starts
}

/** Of operands of so many dimensions: PyTorch makes batches into matrices and back. */
function gradFnOf(a: number, b: number): string {
  if (a > 2 || b > 2) return 'UnsafeViewBackward0'
  if (a === 2) return b === 2 ? 'MmBackward0' : 'MvBackward0'
  return b === 1 ? 'DotBackward0' : 'SqueezeBackward4'
}
