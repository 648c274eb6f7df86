import type { Elements, FloatArray, Kernels } from '../../../binding.js'
import { checkHolds, checkLength, checkStrides, product } from './lengths.js'
import { walk } from './walk.js'

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
  checkHolds('copyStrided', y, x)
  checkStrides('copyStrided', 'x', x, shape, strides)
  checkLength('copyStrided', 'y', y, product(shape))
  walk(shape, strides, strides, (start, length, at, step) => copyRun(y, start, x, at, step, length))
}

function copyRun(y: Elements, start: number, x: Elements, at: number, step: number, length: number): void {
  for (let i = 0; i < length; i++) y[start + i] = x[at + i * step]
}
