import type { FloatArray, Kernels } from '../../../binding.js'
import { checkLength, checkStrides, product } from './lengths.js'

type Binary = Kernels['add']

/** Combines one stretch of elements. The loop stands in each of them, so that V8 compiles it for the one operation. */
type Combine = (
  y: FloatArray,
  start: number,
  length: number,
  a: FloatArray,
  aAt: number,
  aStep: number,
  b: FloatArray,
  bAt: number,
  bStep: number,
) => void

export const add = binary('add', (y, start, length, a, aAt, aStep, b, bAt, bStep) => {
  for (let i = 0; i < length; i++) y[start + i] = a[aAt + i * aStep] + b[bAt + i * bStep]
})

export const sub = binary('sub', (y, start, length, a, aAt, aStep, b, bAt, bStep) => {
  for (let i = 0; i < length; i++) y[start + i] = a[aAt + i * aStep] - b[bAt + i * bStep]
})

export const mul = binary('mul', (y, start, length, a, aAt, aStep, b, bAt, bStep) => {
  for (let i = 0; i < length; i++) y[start + i] = a[aAt + i * aStep] * b[bAt + i * bStep]
})

export const div = binary('div', (y, start, length, a, aAt, aStep, b, bAt, bStep) => {
  for (let i = 0; i < length; i++) y[start + i] = a[aAt + i * aStep] / b[bAt + i * bStep]
})

function binary(kernel: string, combine: Combine): Binary {
  return (y, a, b, shape, aStrides, bStrides) => {
    checkStrides(kernel, 'a', a, shape, aStrides)
    checkStrides(kernel, 'b', b, shape, bStrides)
    checkLength(kernel, 'y', y, product(shape))
    walk(shape, aStrides, bStrides, (start, length, aAt, aStep, bAt, bStep) => {
      combine(y, start, length, a, aAt, aStep, b, bAt, bStep)
    })
  }
}

export const copyStrided: Kernels['copyStrided'] = (y, x, shape, strides) => {
  checkStrides('copyStrided', 'x', x, shape, strides)
  checkLength('copyStrided', 'y', y, product(shape))
  walk(shape, strides, strides, (start, length, at, step) => copyRun(y, start, x, at, step, length))
}

function copyRun(y: FloatArray, start: number, x: FloatArray, at: number, step: number, length: number): void {
  for (let i = 0; i < length; i++) y[start + i] = x[at + i * step]
}

type Run = (start: number, length: number, aAt: number, aStep: number, bAt: number, bStep: number) => void

/** Calls `run` for every stretch along the last dimension, in the order of the dense output. */
function walk(shape: Int32Array, aStrides: Int32Array, bStrides: Int32Array, run: Run): void {
  const last = shape.length - 1
  if (last < 0) {
    run(0, 1, 0, 0, 0, 0)
    return
  }
  const visit = (dim: number, start: number, aAt: number, bAt: number): void => {
    if (dim === last) {
      run(start, shape[dim], aAt, aStrides[dim], bAt, bStrides[dim])
      return
    }
    const size = product(shape.subarray(dim + 1))
    for (let i = 0; i < shape[dim]; i++) {
      visit(dim + 1, start + i * size, aAt + i * aStrides[dim], bAt + i * bStrides[dim])
    }
  }
  visit(0, 0, 0, 0)
}
