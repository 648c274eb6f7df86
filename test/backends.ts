import type { Elements, Kernels, NativeAddon } from '../binding.js'
import { loadAddon } from '../lib/backend/native.js'
import { reference } from '../lib/backend/reference/index.js'

export { reference }

let addon: NativeAddon | undefined

/** The kernels of the addon, behind the interface of the TypeScript ones. */
export function nativeKernels(): Kernels {
  return (addon ??= loadAddon()).kernels
}

/** Skips the tests that need the addon in the run for `EVENKEEL_BACKEND=typescript`, which may be one without it. */
export function needsAddon(): void {
  before(function () {
    if (process.env.EVENKEEL_BACKEND === 'typescript') this.skip()
  })
}

/** Lengths around the widths of vector registers, and one beyond several of them. */
export const SIZES = [0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 130]

const GUARD = 8
const CANARY = 12345.678

/** An array that stands one element off the alignment of its buffer, between guards that nobody may write to. */
export class Guarded {
  readonly data: Float32Array
  readonly #whole: Float32Array

  constructor(values: ArrayLike<number>) {
    this.#whole = new Float32Array(values.length + 2 * GUARD + 1).fill(CANARY)
    this.data = this.#whole.subarray(GUARD + 1, GUARD + 1 + values.length)
    this.data.set(values)
  }

  /** Whether the guards are as they were. */
  get intact(): boolean {
    const canary = Math.fround(CANARY)
    const outside = [...this.#whole.subarray(0, GUARD + 1), ...this.#whole.subarray(GUARD + 1 + this.data.length)]
    return outside.every((value) => value === canary)
  }
}

/** Repeatable numbers, about evenly distributed over [-2, 2). */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed * 2654435761
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 30 - 2
  })
}

/** How far `actual` is from `expected` at most, counted in float32 steps at the size of `scale`. */
export function distance(actual: Elements, expected: Elements, scale: number): number {
  let most = 0
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i]) || actual[i] === expected[i]) continue
    if (Number.isNaN(actual[i]) !== Number.isNaN(expected[i])) return Infinity
    most = Math.max(most, Math.abs(actual[i] - expected[i]) / (scale * 2 ** -23))
  }
  return most
}
