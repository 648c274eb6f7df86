import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type DType, type FloatDType, type Tensor, tensor } from '../lib/index.js'

/** A tensor as the recording scripts write it: its shape, and its bytes in base64 under the name of their type. */
export interface Encoded {
  shape: number[]
  f32?: string
  f64?: string
  i32?: string
  bool?: string
  /** Of an input: whether it takes no gradient, though it is of floats. */
  constant?: true
}

/** A result of PyTorch's float64, with how far its float32 is from it at most; null if float32 has failed. */
interface Result extends Encoded {
  error?: number | null
}

/** Calls of one operation on the same inputs. */
export interface Group<Args> {
  name: string
  inputs: Record<string, Encoded>
  cases: { args: Args; results: Record<string, Result> }[]
}

export type Inputs = Record<string, Tensor>

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array }
const dtypes: Record<keyof typeof arrays, DType> = { f32: 'float32', f64: 'float64', i32: 'int32', bool: 'bool' }

const FOLDER = new URL('golden/', import.meta.url)

/** Reads golden/NAME.json. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))
}

/** Reads NAME.json.gz of a folder, by default golden/. */
export function readCompressed(name: string, folder = FOLDER): unknown {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${name}.json.gz`, folder))).toString())
}

/** A recorded tensor; floats, if a type is given, rounded to it. */
export function decode(encoded: Encoded, as?: FloatDType): Tensor {
  const type = (['f32', 'f64', 'i32', 'bool'] as const).find((name) => encoded[name] !== undefined)
  if (type === undefined) throw new Error('golden: a tensor is recorded without its elements')
  const { buffer } = Uint8Array.from(Buffer.from(encoded[type] ?? '', 'base64'))
  const isFloat = type === 'f32' || type === 'f64'
  return tensor(new arrays[type](buffer), { shape: encoded.shape, dtype: (isFloat ? as : undefined) ?? dtypes[type] })
}

/** The gradient that flows into a result: quarters from -1.25 to 1.25. golden/golden.py makes the same. */
export function upstream({ shape, size, dtype }: Tensor): Tensor {
  return tensor(
    Array.from({ length: size }, (_, i) => (((i * 7 + 3) % 11) - 5) / 4),
    { shape, dtype },
  )
}

/** The output of `run` and the gradients of its float inputs, all of one dtype; what has no gradient is left out. */
function compute<Args>(run: Run<Args>, group: Group<Args>, args: Args, dtype: FloatDType): Record<string, Tensor> {
  const inputs = Object.entries(group.inputs).map(([name, encoded]): [string, Tensor] => {
    const input = decode(encoded, dtype)
    if (input.dtype.startsWith('float') && !encoded.constant) input.requiresGrad = true
    return [name, input]
  })
  const output = run(Object.fromEntries(inputs), args)
  if (output.requiresGrad) output.backward(upstream(output))
  const gradients = inputs.flatMap(([name, { grad }]): [string, Tensor][] => (grad ? [[name, grad]] : []))
  return { output, ...Object.fromEntries(gradients) }
}

type Run<Args> = (inputs: Inputs, args: Args) => Tensor

/** Half the distance of neighbours in float32, relative to the number: what rounding the exact result costs at most. */
export const ROUNDING = 2 ** -24

/** How far float32 results may be from the exact ones. */
interface Limits {
  /** How many times as far as PyTorch's float32. Default: 1. */
  factor?: number
  /**
   * How many roundings of the largest element in any case: it takes about as many, in an order that is not PyTorch's,
   * whose own error on a few numbers may be next to nothing by luck. Default: 4.
   */
  roundings?: number
  /**
   * How many roundings of the largest input PyTorch's own float64 may be off by, where its terms cancel: that of gelu in
   * the tail is. Default: 0.
   */
  cancelled?: number
}

interface Options<Args> extends Limits {
  /** For which calls the output is the exact one, rounded once, with the sign of its zeros. */
  exact?: (args: Args) => boolean
}

/**
 * Defines a test for each recorded call. Float32 results, of the backend in use, are held to the error that PyTorch's
 * float32 has on the same inputs; float64 results to PyTorch's float64.
 */
export function testCases<Args>(file: string, run: Run<Args>, options?: Options<Args>): void {
  testGroups((readGolden(file) as { groups: Group<Args>[] }).groups, run, options)
}

/** Defines the tests of {@link testCases} for calls that were read from elsewhere. */
export function testGroups<Args>(
  groups: readonly Group<Args>[],
  run: Run<Args>,
  { exact = () => false, ...limits }: Options<Args> = {},
): void {
  for (const group of groups) {
    describe(group.name, () => {
      for (const { args, results } of group.cases) {
        for (const dtype of ['float32', 'float64'] as const) {
          it(`${dtype} ${JSON.stringify(args)}`, () => {
            const actual = compute(run, group, args, dtype)
            expect(Object.keys(actual), 'what has a value or a gradient').to.have.members(Object.keys(results))
            const scale = Math.max(...Object.values(group.inputs).map((input) => largestOf(decode(input))))
            for (const [name, tensor] of Object.entries(actual)) compare(name, tensor, results[name], limits, scale)
            if (exact(args)) expect(rounded(actual.output)).to.deep.equal(rounded(decode(results.output)))
          })
        }
      }
    })
  }
}

function compare(name: string, actual: Tensor, result: Result, limits: Limits, inputScale: number): void {
  const { factor = 1, roundings = 4, cancelled = 0 } = limits
  expect(actual.shape, `the shape of ${name}`).to.deep.equal(result.shape)
  const expected = decode(result)
  if (![actual, expected].every(({ dtype }) => dtype.startsWith('float'))) {
    expect(actual.dtype, `the dtype of ${name}`).to.equal(expected.dtype)
    return void expect(actual.data, name).to.deep.equal(expected.data)
  }
  const kinds = Array.from(decode(result, actual.dtype as FloatDType).data, kind)
  expect(Array.from(actual.data, kind), `what ${name} is not finite`).to.deep.equal(kinds)
  const error = result.error ?? 0
  const largest = largestOf(expected)
  const limit =
    actual.dtype === 'float64'
      ? Math.max(limitOf64(largest, error), cancelled * 2 ** -53 * inputScale)
      : Math.max(factor * error, roundings * ROUNDING * largest)
  const message = `the error of ${name} beside ${result.error} of PyTorch's float32`
  expect(distanceOf(actual, expected), message).to.be.at.most(limit)
}

function rounded({ data }: Tensor): Float32Array {
  return Float32Array.from(data)
}

function kind(value: number): string {
  return Number.isFinite(value) ? 'finite' : String(value)
}

/** The largest distance of elements that are finite in both. */
function distanceOf(actual: Tensor, expected: Tensor): number {
  const distances = Array.from(expected.data, (value, i) => Math.abs(actual.data[i] - value))
  return Math.max(0, ...distances.filter(Number.isFinite))
}

/** The largest magnitude of a finite element. */
function largestOf({ data }: Tensor): number {
  return Math.max(0, ...Array.from(data, Math.abs).filter(Number.isFinite))
}

/**
 * The expected value of a float64 is itself rounded: 1e-13 of the largest element. Where the inputs amplify errors, it is
 * off by about PyTorch's float32 error with the 29 further bits of float64, and so may ours be: a few times that.
 */
function limitOf64(largest: number, error: number): number {
  return Math.max(1e-13 * largest, 16 * 2 ** -29 * error)
}
