import { noise } from './backends.js'
import { type Case, InPlace, out, outDoubles, positive } from './kernel_cases.js'

// In double precision on both sides and rounded once: half a step of numbers as large as `scale`.
const once = (scale: number) => ({ bound: 0.51, scale })

const affine = (channels: number) => [
  { label: 'affine', weight: noise(channels, 3), bias: noise(channels, 4) },
  { label: 'weight only', weight: noise(channels, 3), bias: undefined },
  { label: 'plain', weight: undefined, bias: undefined },
]

/** Calls of the kernels that normalise in double precision, over about `n` numbers each. */
export function normCases(n: number): Case[] {
  return [...rmsNormCases(n), ...batchNormCases(n, 1), ...batchNormCases(3, n), ...groupNormCases(n)]
}

function rmsNormCases(cols: number): Case[] {
  const rows = 6
  const [x, dy, weight] = [noise(rows * cols, 1), noise(rows * cols, 2), noise(cols, 3)]
  const rstd = Float64Array.from(positive(rows, 5))
  return [weight, undefined].flatMap((w): Case[] => [
    {
      kernel: 'rmsNormForward',
      label: w ? 'weight' : 'plain',
      arguments: [out(rows * cols), outDoubles(rows), x, w, rows, cols, 1e-5],
      ...once(16),
    },
    {
      kernel: 'rmsNormBackward',
      label: w ? 'weight' : 'plain',
      arguments: [out(rows * cols), out(cols), dy, x, w, rstd, rows, cols],
      ...once(64),
    },
  ])
}

function batchNormCases(channels: number, inner: number): Case[] {
  const outer = 5
  const size = outer * channels * inner
  const sizes = [outer, channels, inner] as const
  const statistics = [noise(channels, 5), positive(channels, 6)] as const
  const kept = statistics.map((values) => Float64Array.from(values))
  const momentum = Float64Array.of(0.25)
  return affine(channels).flatMap(({ label, weight, bias }) =>
    [true, false].flatMap((training): Case[] => {
      const full = `${label}${training ? ', training' : ''}, ${channels} channels`
      const running = statistics.map((values) => new InPlace(values))
      const stats = [outDoubles(channels), outDoubles(channels)]
      return [
        {
          kernel: 'batchNormForward',
          label: full,
          arguments: [out(size), ...stats, ...running, noise(size), weight, bias, momentum, ...sizes, 1e-5, training],
          ...once(32),
        },
        {
          kernel: 'batchNormBackward',
          label: full,
          arguments: [
            ...[out(size), out(channels), out(channels), noise(size, 1), noise(size, 2), weight, ...kept],
            ...[...sizes, training],
          ],
          ...once(128),
        },
      ]
    }),
  )
}

function groupNormCases(n: number): Case[] {
  const shapes = [
    { outer: 3, channels: 2 * n, inner: 1, groups: 2 },
    { outer: 2, channels: 6, inner: n, groups: 3 },
  ]
  return shapes.flatMap(({ outer, channels, inner, groups }) => {
    const size = outer * channels * inner
    const sizes = [outer, channels, inner, groups] as const
    const kept = [noise(outer * groups, 5), positive(outer * groups, 6)].map((values) => Float64Array.from(values))
    return affine(channels).flatMap(({ label, weight, bias }): Case[] => [
      {
        kernel: 'groupNormForward',
        label: `${label}, ${channels} channels`,
        arguments: [
          ...[out(size), outDoubles(outer * groups), outDoubles(outer * groups), noise(size), weight, bias],
          ...[...sizes, 1e-5],
        ],
        ...once(32),
      },
      {
        kernel: 'groupNormBackward',
        label: `${label}, ${channels} channels`,
        arguments: [
          ...[out(size), out(channels), out(channels), noise(size, 1), noise(size, 2), weight, ...kept, ...sizes],
        ],
        ...once(256),
      },
    ])
  })
}
