import { capture } from './capture.js'
import {
  checkBoolean,
  checkCount,
  checkNumber,
  checkOneOf,
  describe,
  rangeError,
  readOptions,
  typeError,
} from './check.js'
import { allocate, type ArrayOf, type DType, DTYPES, dtypeOf } from './dtype.js'
import { checkShape, formatShape, MAX_RANK, MAX_SIZE, type Shape, sizeOf } from './shape.js'
import { type NestedArray, Tensor } from './tensor.js'

/** The options of functions that make tensors. */
export interface CreateOptions<D extends DType = DType> {
  /** The type of the elements. Default: `float32`. */
  dtype?: D | undefined
  /** Whether gradients are computed for the tensor. Default: false. */
  requiresGrad?: boolean | undefined
}

/** The options of {@link tensor}. */
export interface TensorOptions<D extends DType = DType> extends CreateOptions<D> {
  /** The shape of flat data. Default: one dimension for a typed array, the nesting for plain arrays. */
  shape?: Shape | undefined
}

/** What {@link tensor} takes: numbers or booleans, nested as deep as there are dimensions, or a typed array. */
export type TensorData = NestedArray<number> | NestedArray<boolean> | TypedArray

/** The typed arrays of numbers that {@link tensor} takes. */
export type TypedArray = Int8Array | Uint8ClampedArray | Int16Array | Uint16Array | Uint32Array | ArrayOf[DType]

/**
 * Makes a tensor of the given values.
 *
 * A typed array of the tensor's own dtype (`Float32Array`, `Int32Array`) is taken over as it is, not copied: the tensor
 * and the caller then share it. Everything else is copied. The dtype defaults to `int32` for an `Int32Array`, to `bool`
 * for booleans, and to `float32` for all the rest.
 *
 * @param data the values, row-major
 * @throws TypeError if a value is not a number or a boolean, or an option is of the wrong kind or misspelled
 * @throws RangeError if nested arrays are ragged, the shape does not fit, or a value does not fit an int32
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
 */
export function tensor(
  data: NestedArray<number> | Float32Array | Float64Array,
  options?: TensorOptions<'float32'>,
): Tensor<'float32'>
export function tensor(data: Int32Array, options?: { shape?: Shape }): Tensor<'int32'>
export function tensor<D extends DType>(data: TensorData, options: TensorOptions<D> & { dtype: D }): Tensor<D>
export function tensor(data: TensorData, options?: TensorOptions): Tensor
export function tensor(data: TensorData, options?: TensorOptions): Tensor {
  checkCount('tensor', arguments.length, 2)
  const defaults: TensorOptions = { dtype: undefined, requiresGrad: false, shape: undefined }
  const { dtype, requiresGrad, shape } = readOptions('tensor', options, defaults)
  const given = ArrayBuffer.isView(data) ? { values: checkTyped(data), shape: [data.length] } : flattened(data)
  const type = dtype ?? defaultDtype(given.values)
  checkOneOf('tensor', 'dtype', type, DTYPES)
  const finalShape =
    shape === undefined ? checkShape('tensor', 'shape', given.shape) : checkShape('tensor', 'shape', shape)
  if (sizeOf(finalShape) !== given.values.length) {
    throw rangeError('tensor', 'shape', `of the ${given.values.length} elements of data`, finalShape)
  }
  return finished('tensor', new Tensor(converted(given.values, type), finalShape), requiresGrad)
}

type Values = readonly (number | boolean)[] | TypedArray

function checkTyped(data: ArrayBufferView): TypedArray {
  if (data instanceof DataView || data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw typeError('tensor', 'data', 'numbers, nested arrays of numbers or a typed array of numbers', data)
  }
  if ((data as TypedArray).length > MAX_SIZE)
    throw rangeError('tensor', 'data', `of at most ${MAX_SIZE} elements`, data)
  return data as TypedArray
}

function defaultDtype(values: Values): DType {
  if (values instanceof Int32Array) return 'int32'
  return Array.isArray(values) && typeof values[0] === 'boolean' ? 'bool' : 'float32'
}

/** Nested arrays as a flat one with its shape; the first element of each level says how deep and long it all is. */
function flattened(data: unknown): { values: (number | boolean)[]; shape: number[] } {
  const shape: number[] = []
  for (let level = data; Array.isArray(level); level = (level as unknown[])[0]) {
    if (shape.length === MAX_RANK) throw rangeError('tensor', 'data', `nested at most ${MAX_RANK} deep`, data)
    shape.push(level.length)
  }
  const values: (number | boolean)[] = []
  const visit = (item: unknown, depth: number): void => {
    if (Array.isArray(item) && depth < shape.length && item.length === shape[depth]) {
      for (const inner of item) visit(inner, depth + 1)
      return
    }
    if (Array.isArray(item) || depth < shape.length) throw ragged(shape, item)
    values.push(checkValue(item, values[0]))
  }
  visit(data, 0)
  return { values, shape }
}

function ragged(shape: Shape, item: unknown): RangeError {
  const given = Array.isArray(item) ? `an array of ${item.length}` : describe(item)
  return new RangeError(`tensor: expected nested arrays of the even shape ${formatShape(shape)}, got ${given} in them`)
}

function checkValue(value: unknown, first: number | boolean | undefined): number | boolean {
  const type = typeof (first ?? value)
  if ((typeof value !== 'number' && typeof value !== 'boolean') || typeof value !== type) {
    throw typeError('tensor', 'every element', first === undefined ? 'a number' : `a ${type}`, value)
  }
  return value
}

function converted(values: Values, dtype: DType): ArrayOf[DType] {
  // The bytes of a Uint8Array may be any, those of a bool tensor are 0 and 1.
  if (dtypeOf(values) === dtype && dtype !== 'bool') return values as ArrayOf[DType]
  const array = allocate(dtype, values.length)
  for (let i = 0; i < values.length; i++) array[i] = element('tensor', Number(values[i]), dtype)
  return array
}

function element(where: string, value: number, dtype: DType): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1
  if (dtype === 'int32' && (value | 0) !== Math.trunc(value)) {
    throw rangeError(where, 'every element', 'within the range of an int32', value)
  }
  return value
}

/**
 * A tensor of zeros, of the given shape.
 *
 * @throws TypeError or RangeError if the shape is none, or an option is wrong
 * @see https://docs.pytorch.org/docs/stable/generated/torch.zeros.html
 */
export function zeros(shape: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>
export function zeros<D extends DType>(shape: Shape, options: CreateOptions<D> & { dtype: D }): Tensor<D>
export function zeros(shape: Shape, options?: CreateOptions): Tensor {
  checkCount('zeros', arguments.length, 2)
  return constant('zeros', shape, 0, options)
}

/**
 * A tensor of ones, of the given shape.
 *
 * @throws TypeError or RangeError if the shape is none, or an option is wrong
 * @see https://docs.pytorch.org/docs/stable/generated/torch.ones.html
 */
export function ones(shape: Shape, options?: CreateOptions<'float32'>): Tensor<'float32'>
export function ones<D extends DType>(shape: Shape, options: CreateOptions<D> & { dtype: D }): Tensor<D>
export function ones(shape: Shape, options?: CreateOptions): Tensor {
  checkCount('ones', arguments.length, 2)
  return constant('ones', shape, 1, options)
}

/**
 * A tensor of the given shape, filled with one value. The dtype defaults to `bool` for a boolean, and to `float32` for a
 * number.
 *
 * @throws TypeError or RangeError if the shape is none, an option is wrong, or the value does not fit the dtype
 * @see https://docs.pytorch.org/docs/stable/generated/torch.full.html
 */
export function full(shape: Shape, value: number, options?: CreateOptions<'float32'>): Tensor<'float32'>
export function full(shape: Shape, value: boolean, options?: CreateOptions<'bool'>): Tensor<'bool'>
export function full<D extends DType>(
  shape: Shape,
  value: number | boolean,
  options: CreateOptions<D> & { dtype: D },
): Tensor<D>
export function full(shape: Shape, value: number | boolean, options?: CreateOptions): Tensor {
  checkCount('full', arguments.length, 3)
  if (typeof value === 'boolean') return constant('full', shape, Number(value), options, 'bool')
  checkNumber('full', 'value', value)
  return constant('full', shape, value, options)
}

/**
 * The numbers from `start` up to, not including, `end`, `step` apart: `ceil((end - start) / step)` of them.
 *
 * `arange(end)` starts at 0. The step defaults to 1 and is an option. Shape: [ceil((end - start) / step)]. Of an int32
 * tensor, start and step are cut to integers once they are counted.
 *
 * @throws TypeError if an argument is not a number, or an option is of the wrong kind or misspelled
 * @throws RangeError if a number is not finite or does not fit the dtype, or the step is 0 or leads away from the end
 * @see https://docs.pytorch.org/docs/stable/generated/torch.arange.html
 */
export function arange(end: number, options?: ArangeOptions<'float32'>): Tensor<'float32'>
export function arange<D extends DType>(end: number, options: ArangeOptions<D> & { dtype: D }): Tensor<D>
export function arange(start: number, end: number, options?: ArangeOptions<'float32'>): Tensor<'float32'>
export function arange<D extends DType>(start: number, end: number, options: ArangeOptions<D> & { dtype: D }): Tensor<D>
export function arange(first: number, second?: number | ArangeOptions, third?: ArangeOptions): Tensor {
  checkCount('arange', arguments.length, typeof second === 'number' ? 3 : 2)
  const [start, end, options] = typeof second === 'number' ? [first, second, third] : [0, first, second]
  const defaults: Required<ArangeOptions> = { step: 1, dtype: 'float32', requiresGrad: false }
  const { step, ...rest } = readOptions('arange', options, defaults)
  for (const [name, value] of Object.entries({ start, end, step })) {
    checkNumber('arange', name, value)
    if (!Number.isFinite(value)) throw rangeError('arange', name, 'finite', value)
  }
  const distance = (end - start) / step
  if (step === 0 || distance < 0)
    throw rangeError('arange', 'step', `other than 0, leading from ${start} to ${end}`, step)
  // The sum turns -0 into 0.
  const result = constant('arange', [Math.ceil(distance) + 0], 0, rest)
  const [from, apart] = result.dtype === 'int32' ? [Math.trunc(start), Math.trunc(step)] : [start, step]
  const { array } = result.storage
  for (let i = 0; i < result.size; i++) array[i] = element('arange', from + i * apart, result.dtype)
  return result
}

/** The options of {@link arange}. */
export interface ArangeOptions<D extends DType = DType> extends CreateOptions<D> {
  /** The distance of neighbours; may be negative. Default: 1. */
  step?: number | undefined
}

function constant(
  where: string,
  shape: Shape,
  value: number,
  options: CreateOptions | undefined,
  defaultType: DType = 'float32',
): Tensor {
  const checkedShape = checkShape(where, 'shape', shape)
  const defaults: Required<CreateOptions> = { dtype: defaultType, requiresGrad: false }
  const { dtype, requiresGrad } = readOptions(where, options, defaults)
  checkOneOf(where, 'dtype', dtype, DTYPES)
  const result = Tensor.empty(checkedShape, dtype, where)
  const { array } = result.storage
  // Nothing computes it: each run of a function that is captured finds it as it is now.
  capture?.keep(array)
  if (value !== 0) array.fill(element(where, value, dtype))
  return finished(where, result, requiresGrad)
}

function finished<D extends DType>(where: string, result: Tensor<D>, requiresGrad: unknown): Tensor<D> {
  checkBoolean(where, 'requiresGrad', requiresGrad)
  if (requiresGrad) result.requiresGrad = true
  return result
}
