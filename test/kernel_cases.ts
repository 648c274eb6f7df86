import type { Kernels } from '../binding.js'
import { noise } from './backends.js'

/** Stands for an output in a list of arguments: an array of this many elements, full of garbage before the call. */
export class Output {
  constructor(
    readonly elements: number,
    readonly doubles = false,
  ) {}
}

/** Stands for an array that a kernel reads and writes. */
export class InPlace {
  constructor(readonly values: Float32Array | Int32Array) {}
}

export type Argument =
  Output | InPlace | Float32Array | readonly Float32Array[] | Int32Array | Float64Array | number | boolean | undefined

/** One call of a kernel, and how near its results must be. */
export interface Case {
  kernel: keyof Kernels
  label: string
  arguments: readonly Argument[]
  /** How many float32 steps, at the size of `scale`, the native result may be from the one summed in float64. */
  bound: number
  scale: number
}

export const out = (length: number) => new Output(length)
export const outDoubles = (length: number) => new Output(length, true)
export const positive = (length: number, seed: number) => noise(length, seed).map((x) => Math.abs(x) + 0.1)
export const exact = { bound: 0, scale: 1 }
export const int32 = (...values: number[]) => Int32Array.from(values)

export function withNaN(length: number): Float32Array {
  return noise(length).map((x, i) => (i % 5 === 2 ? NaN : x))
}

/** Calls of the kernels that work element by element. */
export function elementwiseCases(n: number): Case[] {
  const [a, b] = [noise(n, 1), positive(n, 2)]
  const roots = b.map((x) => Math.sqrt(x))
  const same = [int32(n), int32(1), int32(1)] as const
  return [
    { kernel: 'reluForward', label: '', arguments: [out(n), a], ...exact },
    { kernel: 'reluBackward', label: '', arguments: [out(n), b, a.map((x) => Math.max(x, 0))], ...exact },
    { kernel: 'sqrtForward', label: '', arguments: [out(n), b], ...exact },
    { kernel: 'sqrtBackward', label: '', arguments: [out(n), a, roots], bound: 1, scale: 4 },
    ...functionCases(n),
    ...powCases(n),
    ...bernoulliCases(n),
    ...compareCases(n),
    ...(['add', 'sub', 'mul', 'div'] as const).flatMap((kernel): Case[] => [
      { kernel, label: 'same shape', arguments: [out(n), a, b, ...same], ...exact },
      { kernel, label: 'first repeats', arguments: [out(n), noise(1, 3), b, int32(n), int32(0), int32(1)], ...exact },
      {
        kernel,
        label: 'second repeats',
        arguments: [out(n), a, positive(1, 3), int32(n), int32(1), int32(0)],
        ...exact,
      },
      {
        kernel,
        label: 'a column with a row',
        arguments: [out(3 * n), noise(3, 3), b, int32(3, n), int32(1, 0), int32(0, 1)],
        ...exact,
      },
      {
        kernel,
        label: 'a transpose',
        arguments: [out(3 * n), noise(3 * n, 3), positive(3 * n, 4), int32(n, 3), int32(1, n), int32(3, 1)],
        ...exact,
      },
      {
        kernel,
        label: 'no dimensions',
        arguments: [out(1), noise(1, 3), positive(1, 4), int32(), int32(), int32()],
        ...exact,
      },
    ]),
    {
      kernel: 'copyStrided',
      label: 'a transpose',
      arguments: [out(3 * n), noise(3 * n), int32(n, 3), int32(1, n)],
      ...exact,
    },
    {
      kernel: 'copyStrided',
      label: 'repeats',
      arguments: [out(6 * n), noise(n), int32(2, n, 3), int32(0, 1, 0)],
      ...exact,
    },
    {
      kernel: 'copyBlocks',
      label: 'into longer ones',
      arguments: [out(3 * n + 5), noise(3 * n + 3), 1, n + 2, 1, n + 1, 3, n],
      ...exact,
    },
  ]
}

function functionCases(n: number): Case[] {
  const [x, dy, unit] = [noise(n, 1).map((v) => 3 * v), noise(n, 2), noise(n, 3).map((v) => v / 2)]
  // Rounded once, as the reference is, from a double that is off by far less; of numbers up to e^6.
  const once = { bound: 0.51, scale: 512 }
  const forward = (kernel: keyof Kernels, ...rest: boolean[]): Case => ({
    kernel,
    label: rest.some(Boolean) ? 'approximate' : '',
    arguments: [out(n), x, ...rest],
    ...once,
  })
  const backward = (kernel: keyof Kernels, given: Float32Array, ...rest: boolean[]): Case => ({
    kernel,
    label: rest.some(Boolean) ? 'approximate' : '',
    arguments: [out(n), dy, given, ...rest],
    bound: 2,
    scale: 2,
  })
  return [
    forward('expForward'),
    { ...forward('logForward'), arguments: [out(n), positive(n, 2)], scale: 4 },
    { ...forward('absForward'), bound: 0 },
    { ...forward('sigmoidForward'), scale: 1 },
    { ...forward('tanhForward'), scale: 1 },
    { ...forward('siluForward'), scale: 8 },
    ...[false, true].map((approximate) => ({ ...forward('geluForward', approximate), scale: 8 })),
    { ...backward('absBackward', x), bound: 0 },
    backward('sigmoidBackward', unit),
    backward('tanhBackward', unit),
    backward('siluBackward', x),
    ...[false, true].map((approximate) => backward('geluBackward', x, approximate)),
  ]
}

function compareCases(n: number): Case[] {
  const [a, b] = [withNaN(n).map(Math.round), noise(3 * n, 2).map(Math.round)]
  return (['eq', 'lt', 'le'] as const).flatMap((kernel): Case[] => [
    { kernel, label: 'same shape', arguments: [out(n), a, b.slice(0, n), int32(n), int32(1), int32(1)], ...exact },
    {
      kernel,
      label: 'a row with a transpose',
      arguments: [out(3 * n), a, b, int32(3, n), int32(0, 1), int32(1, 3)],
      ...exact,
    },
  ])
}

/** In the middle of a state, and where it ends soon. */
function bernoulliCases(n: number): Case[] {
  return [0, 600, 623, 624].map((next) => {
    const state = Int32Array.from(noise(625), (word, i) => (i === 624 ? next : word * 2 ** 30))
    return { kernel: 'bernoulli', label: `from ${next}`, arguments: [out(n), new InPlace(state), n, 0.7], ...exact }
  })
}

function powCases(n: number): Case[] {
  const [a, b, dy, y] = [positive(n, 1), noise(n, 2), noise(3 * n, 3), positive(3 * n, 4)]
  const walks = { row: [int32(n), int32(1), int32(1)], 'a row with a column': [int32(3, n), int32(0, 1), int32(1, 0)] }
  return Object.entries(walks).flatMap(([label, walk]): Case[] => {
    const [exponents, size] = walk[0].length === 1 ? [b, n] : [noise(3, 5), 3 * n]
    return [
      // Of 0.1 to 2.1, to powers from -2 to 2.
      { kernel: 'powForward', label, arguments: [out(size), a, exponents, ...walk], bound: 1, scale: 128 },
      {
        kernel: 'powBackward',
        label,
        arguments: [out(size), out(size), dy.subarray(0, size), a, exponents, y.subarray(0, size), ...walk],
        bound: 8,
        scale: 4096,
      },
    ]
  })
}

/** Calls of the kernels that look up rows: most of them twice or more, two not at all. */
export function embeddingCases(n: number): Case[] {
  const rows = 7
  const indices = int32(3, 0, 3, 6, 6, 3, 1, 3, 4)
  const count = indices.length
  const backward = (label: string, paddingIdx: number): Case => ({
    kernel: 'embeddingBackward',
    label,
    arguments: [out(rows * n), noise(count * n), indices, rows, n, paddingIdx],
    // Three additions of numbers up to 2, where the reference rounds once.
    bound: 2,
    scale: 4,
  })
  return [
    { kernel: 'embeddingForward', label: '', arguments: [out(count * n), noise(rows * n), indices, rows, n], ...exact },
    backward('', -1),
    backward('padding', 3),
  ]
}
