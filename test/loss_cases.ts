import { noise, reference } from './backends.js'
import { type Case, exact, out, outDoubles, positive } from './kernel_cases.js'

/** Calls of the kernels of losses. */
export function lossCases(n: number): Case[] {
  return [
    ...crossEntropyCases(n),
    ...softTargetCases(n),
    ...nllLossCases(n),
    ...reduceLossCases(n),
    ...binaryCrossEntropyCases(n),
  ]
}

const settings = (cols: number) => [
  { label: 'plain', weight: undefined, smoothing: 0 },
  { label: 'weighted and smoothed', weight: positive(cols, 3), smoothing: 0.1 },
]

const scales = (rows: number) => [
  { label: 'one scale', scale: Float64Array.from(noise(1)) },
  { label: 'a scale for each row', scale: Float64Array.from(noise(rows)) },
]

function crossEntropyCases(cols: number): Case[] {
  const rows = 6
  const logits = noise(rows * cols, 1).map((x) => 4 * x)
  const target = Int32Array.from({ length: rows }, (_, r) => (r === 2 || cols === 0 ? -100 : (r * 7) % cols))
  return settings(cols).flatMap(({ label, weight, smoothing }): Case[] => {
    const given = [target, weight, rows, cols, -100, smoothing] as const
    const exponentials = new Float64Array(rows)
    reference.softmaxCrossEntropyForward(undefined, new Float64Array(2), exponentials, logits, ...given)
    return [
      ...[out(rows), undefined].map((losses): Case => ({
        kernel: 'softmaxCrossEntropyForward',
        label: losses ? label : `${label}, totals only`,
        arguments: [losses, outDoubles(2), outDoubles(rows), logits, ...given],
        bound: 0.51,
        scale: 16,
      })),
      ...scales(rows).map(({ label: kind, scale }): Case => ({
        kernel: 'softmaxCrossEntropyBackward',
        label: `${label}, ${kind}`,
        arguments: [out(rows * cols), scale, logits, exponentials, ...given],
        bound: 0.51,
        scale: 4,
      })),
    ]
  })
}

function softTargetCases(cols: number): Case[] {
  const rows = 6
  const logits = noise(rows * cols, 1).map((x) => 4 * x)
  const target = positive(rows * cols, 2)
  return settings(cols).flatMap(({ label, weight, smoothing }): Case[] => {
    const given = [target, weight, rows, cols, smoothing] as const
    const exponentials = new Float64Array(rows)
    reference.softTargetCrossEntropyForward(undefined, new Float64Array(2), exponentials, logits, ...given)
    const all = [out(rows * cols), out(rows * cols), out(cols)]
    return [
      ...[out(rows), undefined].map((losses): Case => ({
        kernel: 'softTargetCrossEntropyForward',
        label: losses ? label : `${label}, totals only`,
        arguments: [losses, outDoubles(2), outDoubles(rows), logits, ...given],
        bound: 0.51,
        scale: 32 * Math.max(cols, 1),
      })),
      ...scales(rows).map(({ label: kind, scale }): Case => ({
        kernel: 'softTargetCrossEntropyBackward',
        label: `${label}, ${kind}`,
        arguments: [...all, scale, logits, exponentials, ...given],
        bound: 0.51,
        scale: 16 * Math.max(cols, 8),
      })),
      ...all.map((_, one): Case => ({
        kernel: 'softTargetCrossEntropyBackward',
        label: `${label}, gradient ${one + 1} alone`,
        arguments: [
          ...all.map((gradient, i) => (i === one ? gradient : undefined)),
          Float64Array.of(0.5),
          logits,
          exponentials,
          ...given,
        ],
        bound: 0.51,
        scale: 16 * Math.max(cols, 8),
      })),
    ]
  })
}

function nllLossCases(n: number): Case[] {
  const [outer, cols, inner] = [2, Math.max(n, 1), 3]
  const target = Int32Array.from({ length: outer * inner }, (_, row) => (row === 4 ? -100 : (row * 7) % cols))
  const walk = [outer, cols, inner, -100]
  const forward = (label: string, weight: Float32Array | undefined): Case => ({
    kernel: 'nllLossForward',
    label,
    arguments: [out(6), outDoubles(2), noise(6 * cols), target, weight, ...walk],
    ...exact,
  })
  const backward = (label: string, weight: Float32Array | undefined, scale: Float64Array): Case => ({
    kernel: 'nllLossBackward',
    label,
    arguments: [out(6 * cols), scale, target, weight, ...walk],
    ...exact,
  })
  const [one, each] = scales(6)
  return [
    forward('plain', undefined),
    forward('weighted', positive(cols, 3)),
    {
      kernel: 'nllLossForward',
      label: 'totals only',
      arguments: [undefined, outDoubles(2), noise(6 * cols), target, undefined, ...walk],
      ...exact,
    },
    backward('one scale', undefined, one.scale),
    backward('weighted, a scale for each target', positive(cols, 3), each.scale),
  ]
}

function reduceLossCases(n: number): Case[] {
  const totals = Float64Array.of(7.3, 3.7)
  return [false, true].flatMap((mean): Case[] => [
    { kernel: 'reduceLossForward', label: `mean: ${mean}`, arguments: [out(1), totals, mean], ...exact },
    {
      kernel: 'reduceLossBackward',
      label: `mean: ${mean}`,
      arguments: [outDoubles(n), noise(n), totals, mean],
      ...exact,
    },
  ])
}

function binaryCrossEntropyCases(n: number): Case[] {
  const [x, target, weight] = [noise(n, 1).map((v) => 8 * v), noise(n, 2).map((v) => (v + 2) / 4), positive(n, 3)]
  // Rounded once, as the reference is, from a double that is off by far less; of numbers up to 2 * 16.
  const once = { bound: 0.51, scale: 32 }
  return [undefined, weight].flatMap((posWeight): Case[] => [
    {
      kernel: 'binaryCrossEntropyForward',
      label: posWeight ? 'weighted' : '',
      arguments: [out(n), x, target, posWeight],
      ...once,
    },
    ...[noise(1), noise(n)].map((scale): Case => ({
      kernel: 'binaryCrossEntropyBackward',
      label: `${posWeight ? 'weighted, ' : ''}${scale.length === 1 ? 'one scale' : 'a scale for each'}`,
      arguments: [out(n), out(n), scale, x, target, posWeight],
      ...once,
    })),
  ])
}
