import { noise } from './backends.js'
import { type Case, out } from './kernel_cases.js'

/** Products of matrices, alone and in linear maps. */
export function productCases(n: number): Case[] {
  return [...sgemmCases(n), ...linearCases(n)]
}

function sgemmCases(n: number): Case[] {
  const [m, k] = [5, n === 0 ? 3 : n]
  return [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      kernel: 'sgemm' as const,
      label: `${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'}, alpha 0.5, beta 0`,
      arguments: [out(m * n), noise(m * k, 1), noise(k * n, 2), transposeA, transposeB, m, n, k, 0.5, 0],
      // The expected error of a sum of k products of about 1, each added with one rounding (Higham, Mary, 2019).
      bound: Math.sqrt(k),
      scale: Math.max(k, 4),
    })),
  )
}

function linearCases(n: number): Case[] {
  const [rows, inFeatures] = [5, 9]
  const [x, weight, bias] = [noise(rows * inFeatures, 1), noise(n * inFeatures, 2), noise(n, 3)]
  const [dy, z] = [noise(rows * n, 4), noise(rows * n, 5)]
  const sizes = [rows, n, inFeatures] as const
  const gradients = () => [out(rows * inFeatures), out(n * inFeatures), out(n)] as const
  const error = { bound: 4, scale: Math.max(n, 9) }
  return [
    ...[bias, undefined].flatMap((b) =>
      [false, true].map((relu) => ({
        kernel: 'linearForward' as const,
        label: `${b ? 'bias' : 'no bias'}${relu ? ', relu' : ''}`,
        arguments: [out(rows * n), x, weight, b, ...sizes, relu],
        ...error,
      })),
    ),
    {
      kernel: 'linearBackward',
      label: '',
      arguments: [...gradients(), undefined, dy, undefined, x, weight, ...sizes],
      ...error,
    },
    {
      kernel: 'linearBackward',
      label: 'after relu',
      arguments: [...gradients(), out(rows * n), dy, z, x, weight, ...sizes],
      ...error,
    },
  ]
}
