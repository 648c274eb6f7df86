import { expect } from 'chai'
import type { Kernels } from '../binding.js'
import { distance, Guarded, nativeKernels, needsAddon, noise, reference, SIZES } from './backends.js'
import {
  type Argument,
  type Case,
  elementwiseCases,
  embeddingCases,
  InPlace,
  out,
  outDoubles,
  Output,
  positive,
  withNaN,
} from './kernel_cases.js'
import { extremeCases, integerCases } from './kernel_integer_cases.js'
import { normCases } from './kernel_norm_cases.js'
import { productCases } from './kernel_product_cases.js'
import { lossCases } from './loss_cases.js'

type KernelOutput = Float32Array | Float64Array | Int32Array | Uint8Array

/** Calls one implementation; returns its outputs, among them the arrays of lists, which optimizers change in place. */
function run(kernels: Kernels, { kernel, arguments: given }: Case): KernelOutput[] {
  const guarded: Guarded[] = []
  const guard = (values: ArrayLike<number>) => {
    guarded.push(new Guarded(values))
    return guarded[guarded.length - 1].data
  }
  const outputs: KernelOutput[] = []
  const inputs: [Float32Array, Float32Array][] = []
  const prepared = given.map((argument) => {
    if (argument instanceof Output) {
      const output =
        kernel === 'argmax' || kernel === 'toInt32' || kernel === 'integerPow'
          ? new Int32Array(argument.elements).fill(7)
          : kernel === 'eq' || kernel === 'lt' || kernel === 'le' || kernel === 'toBool'
            ? new Uint8Array(argument.elements).fill(7)
            : argument.doubles
              ? new Float64Array(argument.elements).fill(NaN)
              : guard(new Float32Array(argument.elements).fill(NaN))
      outputs.push(output)
      return output
    }
    if (argument instanceof InPlace) {
      const { values } = argument
      const copy = values instanceof Int32Array ? values.slice() : guard(values)
      outputs.push(copy)
      return copy
    }
    if (Array.isArray(argument)) {
      const copies = argument.map((array: Float32Array) => guard(array))
      outputs.push(...copies)
      return copies
    }
    if (!(argument instanceof Float32Array)) return argument
    const input = guard(argument)
    inputs.push([input, argument])
    return input
  })
  ;(kernels[kernel] as (...all: unknown[]) => void)(...prepared)
  expect(
    guarded.every(({ intact }) => intact),
    'nothing outside the arrays is written',
  ).to.equal(true)
  for (const [input, before] of inputs) expect(input, 'inputs stay as they were').to.deep.equal(before)
  return outputs
}

function layerNormCases(cols: number): Case[] {
  const rows = 6
  const [x, dy, weight, bias] = [noise(rows * cols, 1), noise(rows * cols, 2), noise(cols, 3), noise(cols, 4)]
  const stats = [new Float64Array(rows), new Float64Array(rows)] as const
  reference.layerNormForward(new Float32Array(rows * cols), ...stats, x, undefined, undefined, rows, cols, 1e-5)
  const affine = [
    { label: 'affine', w: weight, b: bias },
    { label: 'weight only', w: weight, b: undefined },
    { label: 'plain', w: undefined, b: undefined },
  ]
  return affine.flatMap(({ label, w, b }): Case[] => [
    {
      kernel: 'layerNormForward',
      label,
      arguments: [out(rows * cols), outDoubles(rows), outDoubles(rows), x, w, b, rows, cols, 1e-5],
      // A row of one element is normalised by 1 / sqrt(eps), which magnifies the last digit of its mean.
      bound: 4,
      scale: cols === 1 ? 400 : 8,
    },
    {
      kernel: 'layerNormBackward',
      label,
      arguments: [out(rows * cols), out(cols), out(cols), dy, x, w, ...stats, rows, cols],
      bound: 8,
      scale: cols === 1 ? 1200 : 16,
    },
  ])
}

function reductionCases(n: number): Case[] {
  return [
    { kernel: 'sum', label: 'rows', arguments: [out(5), noise(5 * n), 5, n, 1], bound: 1, scale: Math.max(n, 4) },
    { kernel: 'sum', label: 'columns', arguments: [out(n), noise(5 * n), 1, 5, n], bound: 4, scale: 4 },
    { kernel: 'sum', label: 'middle', arguments: [out(6), noise(6 * n), 2, n, 3], bound: 1, scale: Math.max(n, 4) },
    ...[false, true].flatMap((root) => varCases(n, root)),
    { kernel: 'fill', label: '', arguments: [out(n), n, 0.1], bound: 0, scale: 1 },
    ...[2, 1, 3, -1, 0, Infinity, -Infinity].map((p) => normCase(n, p)),
    ...(n === 0 ? [] : extremeCases(n)),
    ...(n === 0 ? [] : [argmaxCase(n, 'ties', noise(5 * n).map(Math.round)), argmaxCase(n, 'NaN', withNaN(5 * n))]),
  ]
}

function varCases(n: number, root: boolean): Case[] {
  const [label, rest] = [root ? 'std' : 'var', [5, n, n - 0.5, root]] as const
  const [mean, std] = [noise(5, 3), positive(5, 4)].map((values) => Float64Array.from(values))
  // Rounded once.
  const once = { bound: 0.51, scale: 64 }
  return [
    { kernel: 'varForward', label, arguments: [out(5), outDoubles(5), outDoubles(5), noise(5 * n), ...rest], ...once },
    { kernel: 'varBackward', label, arguments: [out(5 * n), noise(5, 2), noise(5 * n), mean, std, ...rest], ...once },
  ]
}

function normCase(n: number, p: number): Case {
  const x = noise(n).map((value) => (p >= 0 && value > 1 ? 0 : value))
  // Of sums of squares and magnitudes, a few roundings of the norm of n numbers of 2 at most; one if p is another number.
  const bound = p === 0 || Math.abs(p) === Infinity ? 0 : p === 1 || p === 2 ? 2 : 1
  const scale = bound === 0 ? 1 : 2 * Math.max(n, 1) ** (1 / p)
  return { kernel: 'norm', label: `p = ${p}`, arguments: [out(1), x, n, p], bound, scale }
}

function argmaxCase(n: number, label: string, x: Float32Array): Case {
  return { kernel: 'argmax', label, arguments: [out(5), x, 5, n, 1], bound: 0, scale: 1 }
}

function softmaxCases(cols: number): Case[] {
  const rows = 6
  const logits = noise(rows * cols, 1).map((x) => 4 * x)
  const y = new Float32Array(rows * cols)
  reference.logSoftmaxForward(y, logits, rows, cols)
  // One row has no value left, one has a NaN beside those that are masked.
  const masked = logits.map((x, i) => (Math.floor(i / cols) === 3 || i % 3 === 0 ? -Infinity : x))
  if (cols > 1) masked[4 * cols + 1] = NaN
  const probabilities = y.map((value) => Math.exp(value))
  return [
    { kernel: 'softmaxForward', label: '', arguments: [out(rows * cols), logits, rows, cols], bound: 4, scale: 1 },
    { kernel: 'safeSoftmaxForward', label: '', arguments: [out(rows * cols), masked, rows, cols], bound: 4, scale: 1 },
    {
      kernel: 'softmaxBackward',
      label: '',
      arguments: [out(rows * cols), noise(rows * cols, 2), logits, rows, cols],
      bound: 1,
      scale: 2,
    },
    {
      kernel: 'safeSoftmaxBackward',
      label: '',
      arguments: [out(rows * cols), noise(rows * cols, 2), probabilities, rows, cols],
      bound: 4,
      scale: 2,
    },
    { kernel: 'logSoftmaxForward', label: '', arguments: [out(rows * cols), logits, rows, cols], bound: 2, scale: 16 },
    {
      kernel: 'logSoftmaxBackward',
      label: '',
      arguments: [out(rows * cols), noise(rows * cols, 2), logits, rows, cols],
      bound: 4,
      scale: 4,
    },
  ]
}

function adamCases(n: number): Case[] {
  const hyper = Float64Array.of(1e-3, 0.9, 0.999, 1e-8, 0.01)
  const lists = [noise(n, 1), noise(n, 2), noise(n, 3).map((m) => m / 4), positive(n, 4)].map((list) => [
    list,
    noise(3, 5).map(Math.abs),
  ])
  const steps = [Float32Array.of(0), Float32Array.of(6)]
  return [false, true].flatMap((amsgrad) =>
    [false, true].flatMap((maximize) =>
      [false, true].map((decoupled) => ({
        kernel: 'adam' as const,
        label: Object.entries({ amsgrad, maximize, decoupled })
          .flatMap(([name, on]) => (on ? [name] : []))
          .join(', '),
        arguments: [...lists, amsgrad ? [positive(n, 6), noise(3, 7)] : [], steps, hyper, amsgrad, maximize, decoupled],
        // Six roundings to float32 on the way, where the reference rounds once.
        bound: 3,
        scale: 4,
      })),
    ),
  )
}

function sgdCases(n: number): Case[] {
  const lists = [noise(n, 1), noise(n, 2), noise(n, 3)].map((list) => [list, noise(3, 4)])
  const [params, grads, momentumBuffers] = lists
  const steps = [Float32Array.of(0), Float32Array.of(6)]
  const one = (label: string, kept: readonly (readonly Float32Array[])[], hyper: number[], nesterov = false): Case => ({
    kernel: 'sgd',
    label,
    arguments: [params, grads, ...kept, Float64Array.from(hyper), nesterov, nesterov],
    // Five roundings to float32 on the way, where the reference rounds twice.
    bound: 2,
    scale: 4,
  })
  return [
    one('plain', [[], []], [0.1, 0, 0, 0]),
    one('weight decay, buffers left alone', [momentumBuffers, steps], [0.1, 0, 0.5, 0.01]),
    one('momentum', [momentumBuffers, steps], [0.1, 0.9, 0.3, 0]),
    one('nesterov, maximize', [momentumBuffers, steps], [0.1, 0.9, 0, 0.01], true),
  ]
}

function allCases(n: number): Case[] {
  const makers = [
    productCases,
    layerNormCases,
    normCases,
    elementwiseCases,
    reductionCases,
    softmaxCases,
    adamCases,
    sgdCases,
    embeddingCases,
    integerCases,
    lossCases,
  ]
  return makers.flatMap((make) => make(n))
}

/** The same argument with an element less, if it is an array whose length counts. */
function withoutLast(argument: Argument): Argument {
  if (argument instanceof Output) return new Output(argument.elements - 1, argument.doubles)
  if (argument instanceof InPlace) return new InPlace(argument.values.slice(0, -1))
  if (argument instanceof Float32Array || argument instanceof Float64Array) return argument.slice(0, -1)
  if (argument instanceof Int32Array) return argument.length > 0 ? argument.slice(0, -1) : undefined
  if (Array.isArray(argument) && argument.length > 0) return argument.map((array: Float32Array) => array.slice(0, -1))
  return undefined
}

describe('native kernels against the TypeScript ones', () => {
  needsAddon()

  for (const n of SIZES) {
    for (const one of allCases(n)) {
      it(`${one.kernel} at ${n}${one.label === '' ? '' : `, ${one.label}`}`, () => {
        const expected = run(reference, one)
        const actual = run(nativeKernels(), one)
        expected.forEach((array, i) => {
          expect(distance(actual[i], array, one.scale), `output ${i}`).to.be.at.most(one.bound)
        })
      })
    }
  }

  for (const one of allCases(8)) {
    one.arguments.forEach((argument, i) => {
      const shorter = withoutLast(argument)
      if (shorter === undefined) return
      it(`${one.kernel}${one.label && `, ${one.label},`} rejects argument ${i + 1} of one element less`, () => {
        const given = one.arguments.with(i, shorter)
        for (const kernels of [reference, nativeKernels()]) {
          expect(() => run(kernels, { ...one, arguments: given })).to.throw(RangeError)
        }
      })
    })
  }

  it('are the same set, all of which stand in this test', () => {
    const tested = new Set(allCases(1).map(({ kernel }) => kernel))
    expect(Object.keys(nativeKernels()).sort()).to.deep.equal(Object.keys(reference).sort())
    expect([...tested].sort()).to.deep.equal(Object.keys(reference).sort())
  })
})
