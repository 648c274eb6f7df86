import { noise } from './backends.js'
import { type Case, exact, out, positive } from './kernel_cases.js'

/** Calls of the kernels of losses other than cross entropy. */
export function lossCases(n: number): Case[] {
  return [...nllLossCases(n), ...binaryCrossEntropyCases(n)]
}

function nllLossCases(n: number): Case[] {
  const [outer, cols, inner] = [2, Math.max(n, 1), 3]
  const target = Int32Array.from({ length: outer * inner }, (_, row) => (row === 4 ? -100 : (row * 7) % cols))
  const walk = [outer, cols, inner, -100]
  const forward = (label: string, weight: Float32Array | undefined): Case => ({
    kernel: 'nllLossForward',
    label,
    arguments: [out(6), out(6), noise(6 * cols), target, weight, ...walk],
    ...exact,
  })
  const backward = (label: string, scale: Float32Array): Case => ({
    kernel: 'nllLossBackward',
    label,
    arguments: [out(6 * cols), scale, target, positive(6, 2), ...walk],
    ...exact,
  })
  return [
    forward('plain', undefined),
    forward('weighted', positive(cols, 3)),
    backward('one scale', noise(1)),
    backward('a scale for each target', noise(6)),
  ]
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
