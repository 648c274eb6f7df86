import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { kernels } from '../lib/backend/index.js'
import { Generator } from '../lib/generator/generator.js'

type NumberArray = Float32Array | Float64Array | Int32Array
type Result = { base64: string } | { sha256: string }
type Call = [name: string, args: (number | string)[], result: Result | null]

/** Recorded from PyTorch by golden/record_random.py. */
const golden = JSON.parse(readFileSync(new URL('golden/random.json', import.meta.url), 'utf8')) as {
  sequences: Record<string, Call[]>
  close: Call[]
}

/** How each recorded call is made: the array to fill, and the method that fills it. */
const calls: Record<string, (generator: Generator, n: number, a?: number, b?: number) => NumberArray> = {
  uniform: (generator, n, low, high) => filled(new Float32Array(n), (out) => generator.uniform(out, low, high)),
  uniform64: (generator, n, low, high) => filled(new Float64Array(n), (out) => generator.uniform(out, low, high)),
  normal: (generator, n, mean, std) => filled(new Float32Array(n), (out) => generator.normal(out, mean, std)),
  normal64: (generator, n, mean, std) => filled(new Float64Array(n), (out) => generator.normal(out, mean, std)),
  bernoulli: ({ storage }, n, p = 0) =>
    filled(new Float32Array(n), (out) => kernels('float32').bernoulli(out, storage.array, n, p)),
  bernoulli64: ({ storage }, n, p = 0) =>
    filled(new Float64Array(n), (out) => kernels('float64').bernoulli(out, storage.array, n, p)),
  randint: (generator, n, low = 0, high = 0) => filled(new Int32Array(n), (out) => generator.randint(out, low, high)),
  randperm: (generator, n) => filled(new Int32Array(n), (out) => generator.randperm(out)),
}

function filled<T>(out: T, fill: (out: T) => void): T {
  fill(out)
  return out
}

/** Makes the recorded calls on one generator, and hands each result and what was recorded for it to `compare`. */
function replay(recorded: Call[], compare: (actual: NumberArray, expected: Result, call: string) => void): void {
  const generator = new Generator(0n)
  for (const [index, [name, args, expected]] of recorded.entries()) {
    if (expected === null) generator.manualSeed(BigInt(args[0]))
    else {
      const [n, a, b] = args.map(Number)
      compare(calls[name](generator, n, a, b), expected, `call ${index}, ${name}(${args.join(', ')})`)
    }
  }
}

/** The bytes of an array in the form that the golden file has them in. */
function encode({ buffer }: NumberArray, like: Result): Result {
  const bytes = Buffer.from(buffer)
  if ('base64' in like) return { base64: bytes.toString('base64') }
  return { sha256: createHash('sha256').update(bytes).digest('hex') }
}

function decodeFloat64(result: Result): Float64Array {
  if (!('base64' in result)) throw new Error('only a hash is recorded')
  return new Float64Array(Uint8Array.from(Buffer.from(result.base64, 'base64')).buffer)
}

describe('Generator', () => {
  describe('gives the bits that PyTorch gives:', () => {
    for (const [title, recorded] of Object.entries(golden.sequences)) {
      it(title, () => {
        replay(recorded, (actual, expected, call) => expect(encode(actual, expected), call).to.deep.equal(expected))
      })
    }
  })

  it('comes within the last digits of PyTorch in 64-bit floats', () => {
    replay(golden.close, (actual, expected, call) => {
      for (const [i, value] of decodeFloat64(expected).entries()) expect(actual[i], call).to.be.closeTo(value, 2e-15)
    })
  })

  it('remembers the seed, modulo 2^64', () => {
    const generator = new Generator(42n)
    expect(generator.seed).to.equal(42n)
    generator.manualSeed(-1n)
    expect(generator.seed).to.equal(2n ** 64n - 1n)
  })

  it('keeps streams apart', () => {
    const [one, other] = [new Generator(1n), new Generator(1n)]
    one.normal(new Float32Array(3))
    one.manualSeed(2n)
    const expected = filled(new Float32Array(3), (out) => new Generator(1n).normal(out))
    expect(filled(new Float32Array(3), (out) => other.normal(out))).to.deep.equal(expected)
  })

  it('fills the part of a buffer that it is given', () => {
    const whole = filled(new Float32Array(40), (out) => new Generator(3n).normal(out.subarray(5, 38)))
    const part = filled(new Float32Array(33), (out) => new Generator(3n).normal(out))
    expect([...whole]).to.deep.equal([0, 0, 0, 0, 0, ...part, 0, 0])
  })

  it('rejects a seed of more than 64 bits', () => {
    expect(() => new Generator(2n ** 64n)).to.throw(RangeError, 'seed to be within [-2^63, 2^64), got')
    expect(() => new Generator(0n).manualSeed(-(2n ** 63n) - 1n)).to.throw(RangeError, 'manualSeed')
  })

  it('rejects an empty range and a negative deviation', () => {
    const generator = new Generator(0n)
    expect(() => generator.uniform(new Float32Array(1), 1, 0)).to.throw(RangeError, 'uniform: expected from')
    expect(() => generator.uniform(new Float32Array(1), NaN, 0)).to.throw(RangeError, 'uniform: expected from')
    expect(() => generator.normal(new Float32Array(1), 0, -1)).to.throw(RangeError, 'normal: expected std')
    expect(() => generator.randint(new Int32Array(1), 3, 3)).to.throw(RangeError, 'randint: expected high')
  })
})
