import { noise } from './backends.js'
import { type Case, exact, int32, out, outDoubles } from './kernel_cases.js'

/** Integers of any size, as the doubles that they are computed in. */
function integers(length: number, seed: number, limit = 2 ** 30): Float64Array {
  return Float64Array.from(noise(length, seed), (value) => Math.trunc((value / 2) * limit))
}

/** Calls of the kernels that give the values of extremes, and their gradients. */
export function extremeCases(n: number): Case[] {
  const indices = Int32Array.from({ length: 10 }, (_, i) => (7 * i) % n)
  const x = noise(n).map(Math.round)
  return [
    { kernel: 'gatherForward', label: '', arguments: [out(10), noise(10 * n), indices, 2, n, 5], ...exact },
    { kernel: 'gatherBackward', label: '', arguments: [out(10 * n), noise(10, 2), indices, 2, n, 5], ...exact },
    { kernel: 'extremeBackward', label: '', arguments: [out(n), noise(1, 2), x, x.slice(0, 1)], ...exact },
  ]
}

/** Calls of the kernels of integers, and of those that take doubles for their sake. */
export function integerCases(n: number): Case[] {
  const [a, b] = [integers(n, 1), integers(3, 2)]
  const row = [int32(3, n), int32(0, 1), int32(1, 0)] as const
  const label = 'doubles'
  return [
    { kernel: 'toInt32', label: '', arguments: [out(n), a], ...exact },
    { kernel: 'toBool', label: '', arguments: [out(n), integers(n, 3, 2)], ...exact },
    { kernel: 'integerPow', label: '', arguments: [out(n), a, integers(n, 4, 50)], ...exact },
    ...(['add', 'sub', 'mul'] as const).map((kernel): Case => ({
      kernel,
      label,
      arguments: [outDoubles(3 * n), a, b, ...row],
      ...exact,
    })),
    ...(['eq', 'lt', 'le'] as const).map((kernel): Case => ({
      kernel,
      label,
      arguments: [out(3 * n), integers(n, 1, 3), b, ...row],
      ...exact,
    })),
    { kernel: 'absForward', label, arguments: [outDoubles(n), a], ...exact },
    { kernel: 'copyStrided', label, arguments: [outDoubles(3 * n), a, int32(3, n), int32(0, 1)], ...exact },
    { kernel: 'copyStrided', label: 'to floats', arguments: [out(n), a, int32(n), int32(1)], ...exact },
    { kernel: 'sum', label, arguments: [outDoubles(6), integers(6 * n, 5), 2, n, 3], ...exact },
    ...(n === 0
      ? []
      : [{ kernel: 'argmax', label, arguments: [out(6), integers(6 * n, 5, 4), 2, n, 3], ...exact } as const]),
  ]
}
