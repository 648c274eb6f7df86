import { capture, checkNotCaptured, readInCapture } from './capture.js'
import { checkBoolean, checkCount, checkInteger, checkOneOf, rangeError, readOptions, typeError } from './check.js'
import { randomBytes } from 'node:crypto'
import type { FloatDType } from './dtype.js'
import { Generator, GENERATOR_STATE } from './generator/generator.js'
import { checkTensor } from './operand.js'
import { checkShape, type Shape } from './shape.js'
import { busyError } from './storage.js'
import { type FloatTensor, Tensor } from './tensor.js'

/** The generator that everything random draws from, seeded at random until {@link manualSeed} is called. */
const generator = new Generator(randomBytes(8).readBigUInt64LE())

/** The options of {@link rand} and {@link randn}. */
export interface RandomOptions<D extends FloatDType = FloatDType> {
  /** The type of the elements. Default: `float32`. */
  dtype?: D | undefined
  /** Whether gradients are computed for the tensor. Default: false. */
  requiresGrad?: boolean | undefined
}

/**
 * Restarts the random numbers. The same seed gives the same numbers, and the ones that PyTorch's CPU generator gives.
 *
 * @param seed an integer, as a number or a bigint, within [-2^63, 2^64). As in PyTorch, its low 32 bits count.
 * @throws TypeError if it is no number, RangeError if it is no integer or out of range
 * @throws Error in a function that `compile` captures, or if a compiled function draws on another thread
 * @see https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html
 */
export function manualSeed(seed: number | bigint): void {
  checkCount('manualSeed', arguments.length, 1)
  if (capture) throw readInCapture('manualSeed()')
  generator.manualSeed(toSeed('manualSeed', seed))
}

function toSeed(where: string, seed: unknown): bigint {
  if (typeof seed !== 'bigint' && typeof seed !== 'number') throw typeError(where, 'seed', 'an integer', seed)
  if (typeof seed === 'number') checkInteger(where, 'seed', seed)
  return BigInt(seed)
}

/**
 * @internal A generator of random numbers beside the one that everything else draws from: `torch.Generator()`.
 */
export function generatorFor(where: string, seed: unknown): Generator {
  const own = toSeed(where, seed)
  if (own < -(2n ** 63n) || own >= 2n ** 64n) throw rangeError(where, 'seed', 'within [-2^63, 2^64)', own)
  return new Generator(own)
}

/**
 * @internal The next 63 random bits, which PyTorch seeds other generators with.
 */
export function drawSeed(): bigint {
  return generator.random63()
}

/**
 * The state of the random numbers, to go on from later: {@link setRngState}. It can be saved in a file; PyTorch's has
 * another format.
 *
 * @returns an int32 tensor of one dimension
 * @throws Error in a function that `compile` captures, or if a compiled function draws on another thread
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_rng_state.html
 */
export function getRngState(): Tensor<'int32'> {
  checkCount('getRngState', arguments.length, 0)
  if (capture) throw readInCapture('getRngState()')
  return new Tensor<'int32'>(generator.getState(), [GENERATOR_STATE])
}

/**
 * Makes the random numbers go on from a state: the ones that follow are those which followed then.
 *
 * @param state as of {@link getRngState}
 * @throws TypeError if it is not an int32 tensor, RangeError if it is not such a state; nothing has changed then
 * @throws Error in a function that `compile` captures, or if a compiled function draws on another thread
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_rng_state.html
 */
export function setRngState(state: Tensor): void {
  checkCount('setRngState', arguments.length, 1)
  checkTensor('setRngState', 'state', state)
  if (state.dtype !== 'int32') throw typeError('setRngState', 'state', 'an int32 tensor', state)
  if (state.size !== GENERATOR_STATE) throw rangeError('setRngState', 'state', 'one that getRngState gave', state)
  generator.setState(state.data as Int32Array)
}

/**
 * Random numbers, evenly distributed over [0, 1), of the given shape.
 *
 * @throws TypeError or RangeError if the shape is none, or an option is wrong
 * @throws Error in a function that `compile` captures: it would draw at its first call alone
 * @see https://docs.pytorch.org/docs/stable/generated/torch.rand.html
 */
export function rand(shape: Shape, options?: RandomOptions<'float32'>): Tensor<'float32'>
export function rand<D extends FloatDType>(shape: Shape, options: RandomOptions<D> & { dtype: D }): Tensor<D>
export function rand(shape: Shape, options?: RandomOptions): FloatTensor {
  checkCount('rand', arguments.length, 2)
  checkNotCaptured('rand()')
  const result = prepared('rand', shape, options)
  generator.uniform(result.data)
  return result
}

/**
 * Random numbers of the normal distribution with mean 0 and variance 1, of the given shape.
 *
 * @throws TypeError or RangeError if the shape is none, or an option is wrong
 * @throws Error in a function that `compile` captures: it would draw at its first call alone
 * @see https://docs.pytorch.org/docs/stable/generated/torch.randn.html
 */
export function randn(shape: Shape, options?: RandomOptions<'float32'>): Tensor<'float32'>
export function randn<D extends FloatDType>(shape: Shape, options: RandomOptions<D> & { dtype: D }): Tensor<D>
export function randn(shape: Shape, options?: RandomOptions): FloatTensor {
  checkCount('randn', arguments.length, 2)
  checkNotCaptured('randn()')
  const result = prepared('randn', shape, options)
  generator.normal(result.data)
  return result
}

function prepared(where: string, shape: Shape, options: RandomOptions | undefined): FloatTensor {
  const checkedShape = checkShape(where, 'shape', shape)
  const defaults: Required<RandomOptions> = { dtype: 'float32', requiresGrad: false }
  const { dtype, requiresGrad } = readOptions(where, options, defaults)
  checkOneOf<FloatDType>(where, 'dtype', dtype, ['float32', 'float64'])
  checkBoolean(where, 'requiresGrad', requiresGrad)
  const result = Tensor.empty(checkedShape, dtype, where)
  if (requiresGrad) result.requiresGrad = true
  return result
}

/**
 * Random integers from `low` up to, not including, `high`, evenly distributed, of the given shape.
 *
 * @throws TypeError if an argument is of the wrong kind
 * @throws RangeError unless `low < high`, both within the range of an int32
 * @throws Error in a function that `compile` captures: it would draw at its first call alone
 * @see https://docs.pytorch.org/docs/stable/generated/torch.randint.html
 */
export function randint(low: number, high: number, shape: Shape): Tensor<'int32'> {
  checkCount('randint', arguments.length, 3)
  checkNotCaptured('randint()')
  checkInteger('randint', 'low', low, -(2 ** 31), 2 ** 31 - 1)
  checkInteger('randint', 'high', high, -(2 ** 31), 2 ** 31)
  if (low >= high) throw rangeError('randint', 'high', `greater than low (${low})`, high)
  const result = Tensor.empty(checkShape('randint', 'shape', shape), 'int32', 'randint')
  generator.randint(result.data, low, high)
  return result
}

/**
 * The integers from 0 up to, not including, `n`, in random order. Shape: [n].
 *
 * @throws TypeError if `n` is not a number
 * @throws RangeError if `n` is negative or no integer
 * @throws Error in a function that `compile` captures: it would draw at its first call alone
 * @see https://docs.pytorch.org/docs/stable/generated/torch.randperm.html
 */
export function randperm(n: number): Tensor<'int32'> {
  checkCount('randperm', arguments.length, 1)
  checkNotCaptured('randperm()')
  checkInteger('randperm', 'n', n, 0)
  const result = Tensor.empty(checkShape('randperm', 'n', [n]), 'int32', 'randperm')
  generator.randperm(result.data)
  return result
}

/**
 * @internal Overwrites a tensor with random numbers of [from, to), as `torch.nn.init.uniform_` does.
 */
export function fillUniform(x: FloatTensor, from: number, to: number): void {
  generator.uniform(x.data, from, to)
}

/**
 * @internal Overwrites a tensor with normally distributed random numbers, as `torch.nn.init.normal_` does.
 */
export function fillNormal(x: FloatTensor, mean: number, std: number): void {
  generator.normal(x.data, mean, std)
}

/**
 * @internal The state of the engine that everything random draws from, for a kernel to draw from.
 */
export function engineState(): Int32Array {
  const { storage } = generator
  if (storage.isBusy) throw busyError('the random numbers')
  capture?.use(storage)
  return storage.array
}
