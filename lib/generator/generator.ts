import { rangeError } from '../check.js'
import { busyError, Storage } from '../storage.js'
import { fusedMultiplyAdd } from './fma.js'
import { ENGINE_STATE, isEngineState, Mt19937 } from './mt19937.js'
import { BLOCK, type FloatArray, normalBlock, normalPair } from './normal.js'

/** From this range on, PyTorch takes 64 random bits for an integer, so that the remainder is not skewed much. */
const WIDE_RANGE = 2 ** 28

/** From this length on, PyTorch shuffles a permutation in another way, with 64 random bits a step. */
const LONG_PERMUTATION = Math.floor((2 ** 32 - 1) / 20)

/** How many 32-bit words {@link Generator.getState} gives: the engine's, the seed, whether a normal is spare, and it. */
export const GENERATOR_STATE = ENGINE_STATE + 5

/**
 * PyTorch's CPU random number generator: the same seed and the same calls give the same numbers, bit for bit.
 *
 * Each method fills an array with what the PyTorch function of that name would return at this point of the stream.
 * The oracle is PyTorch 2.13 on a processor with AVX2 or AVX-512. Only 64-bit floats that are normally distributed, or
 * uniform over other bounds than 0 and 1, may differ from it, in the last digit of a double.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Generator.html
 */
export class Generator {
  /** The state of the engine, which kernels of compiled functions draw from as well. */
  readonly storage = new Storage<'int32'>(new Int32Array(ENGINE_STATE), 'int32')

  #seed: bigint
  /** The second number of the last pair that `normal` drew for a short array, until it is used. */
  #spareNormal: number | undefined

  /** @see {@link Generator.manualSeed} */
  constructor(seed: bigint) {
    this.#seed = checkSeed(seed)
    this.#engine.seed(lowBits(this.#seed))
  }

  /**
   * The state of the engine, to be used here and now.
   *
   * @throws Error if a run on another thread draws from it
   */
  get #idle(): Int32Array {
    if (this.storage.isBusy) throw busyError('the random numbers')
    return this.storage.array
  }

  get #engine(): Mt19937 {
    return new Mt19937(this.#idle)
  }

  /** The seed that the stream began with, within [0, 2^64). */
  get seed(): bigint {
    return this.#seed
  }

  /**
   * Begins the stream anew.
   *
   * @param seed within [-2^63, 2^64); a negative one stands for `2^64 + seed`. Only its low 32 bits make a difference.
   */
  manualSeed(seed: bigint): void {
    const checked = checkSeed(seed)
    this.#engine.seed(lowBits(checked))
    this.#seed = checked
    this.#spareNormal = undefined
  }

  /** All that decides which numbers come next. */
  getState(): Int32Array {
    const rest = new DataView(new ArrayBuffer(20))
    rest.setBigUint64(0, this.#seed, true)
    rest.setInt32(8, this.#spareNormal === undefined ? 0 : 1, true)
    rest.setFloat64(12, this.#spareNormal ?? 0, true)
    const words = Array.from({ length: 5 }, (_, i) => rest.getInt32(4 * i, true))
    return Int32Array.of(...this.#idle, ...words)
  }

  /** Goes on from a state, as of {@link getState}. */
  setState(state: Int32Array): void {
    const rest = new DataView(new ArrayBuffer(20))
    state.subarray(ENGINE_STATE).forEach((word, i) => rest.setInt32(4 * i, word, true))
    const engine = state.subarray(0, ENGINE_STATE)
    if (!isEngineState(engine)) throw rangeError('setRngState', 'state', 'one that getRngState gave', state)
    this.#idle.set(engine)
    this.#seed = rest.getBigUint64(0, true)
    this.#spareNormal = rest.getInt32(8, true) === 0 ? undefined : rest.getFloat64(12, true)
  }

  /** Fills `out` with numbers evenly distributed over [from, to): `torch.rand` and `Tensor.uniform_`. */
  uniform(out: FloatArray, from = 0, to = 1): void {
    if (!(from <= to)) throw rangeError('uniform', 'from', `at most to (${to})`, from)
    if (out instanceof Float32Array) uniformFloat32(this.#engine, out, Math.fround(from), Math.fround(to))
    else uniformFloat64(this.#engine, out, from, to)
  }

  /** Fills `out` with normally distributed numbers: `torch.randn` and `Tensor.normal_`. */
  normal(out: FloatArray, mean = 0, std = 1): void {
    if (!(std >= 0)) throw rangeError('normal', 'std', 'at least 0', std)
    if (out.length < BLOCK) this.#normalByPairs(out, mean, std)
    else this.#normalByBlocks(out, mean, std)
  }

  /** Fills `out` with integers evenly distributed over [low, high): `torch.randint`. */
  randint(out: Int32Array, low: number, high: number): void {
    const range = high - low
    if (!(range > 0)) throw rangeError('randint', 'high', `greater than low (${low})`, high)
    const engine = this.#engine
    if (range >= WIDE_RANGE) for (let i = 0; i < out.length; i++) out[i] = engine.uint64Modulo(range) + low
    else for (let i = 0; i < out.length; i++) out[i] = (engine.uint32() % range) + low
  }

  /** An integer within [0, 2^63): what `Tensor.random_` puts into an int64. */
  random63(): bigint {
    const high = BigInt(this.#engine.uint32() & 0x7fffffff)
    return (high << 32n) | BigInt(this.#engine.uint32())
  }

  /** Fills `out` with the integers from 0 to its length in random order: `torch.randperm`. */
  randperm(out: Int32Array): void {
    if (out.length < LONG_PERMUTATION) shuffleForward(this.#engine, out)
    else shuffleInsideOut(this.#engine, out)
  }

  #normalByPairs(out: FloatArray, mean: number, std: number): void {
    for (let i = 0; i < out.length; i++) out[i] = this.#nextNormal() * std + mean
  }

  #nextNormal(): number {
    const spare = this.#spareNormal
    if (spare !== undefined) {
      this.#spareNormal = undefined
      return spare
    }
    const u1 = uniform53(this.#engine)
    const u2 = uniform53(this.#engine)
    const [first, second] = normalPair(u1, u2)
    this.#spareNormal = second
    return first
  }

  /** The last block of a length that is no multiple of 16 overlaps the one before, and is drawn afresh. */
  #normalByBlocks(out: FloatArray, mean: number, std: number): void {
    this.uniform(out)
    const last = out.length - BLOCK
    for (let start = 0; start <= last; start += BLOCK) normalBlock(out, start, mean, std)
    if (out.length % BLOCK === 0) return
    this.uniform(out.subarray(last))
    normalBlock(out, last, mean, std)
  }
}

function checkSeed(seed: bigint): bigint {
  if (seed < -(2n ** 63n) || seed >= 2n ** 64n) throw rangeError('manualSeed', 'seed', 'within [-2^63, 2^64)', seed)
  return BigInt.asUintN(64, seed)
}

function lowBits(seed: bigint): number {
  return Number(BigInt.asUintN(32, seed))
}

/** A multiple of 2^-24 within [0, 1). */
function uniform24(engine: Mt19937): number {
  return (engine.uint32() & 0xffffff) * 2 ** -24
}

/** A multiple of 2^-53 within [0, 1). */
function uniform53(engine: Mt19937): number {
  return engine.uint53() * 2 ** -53
}

/** A number that rounding has lifted to `to`, which is excluded, becomes `from`. */
function uniformFloat32(engine: Mt19937, out: Float32Array, from: number, to: number): void {
  const range = Math.fround(to - from)
  for (let i = 0; i < out.length; i++) {
    const value = fusedMultiplyAdd(uniform24(engine), range, from)
    out[i] = value === to ? from : value
  }
}

function uniformFloat64(engine: Mt19937, out: Float64Array, from: number, to: number): void {
  const range = to - from
  for (let i = 0; i < out.length; i++) {
    const value = uniform53(engine) * range + from
    out[i] = value === to ? from : value
  }
}

/** Gives each place in turn one of the numbers that are left, by swapping. */
function shuffleForward(engine: Mt19937, out: Int32Array): void {
  const n = out.length
  for (let i = 0; i < n; i++) out[i] = i
  for (let i = 0; i < n - 1; i++) {
    const j = i + (engine.uint32() % (n - i))
    const swapped = out[i]
    out[i] = out[j]
    out[j] = swapped
  }
}

/** Puts each number in turn in a random place among those before it, whose number moves to the end. */
function shuffleInsideOut(engine: Mt19937, out: Int32Array): void {
  for (let i = 0; i < out.length; i++) {
    const j = engine.uint64Modulo(i + 1)
    out[i] = out[j]
    out[j] = i
  }
}
