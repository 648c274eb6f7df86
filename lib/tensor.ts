import { capture, readInCapture } from './capture.js'
import { checkBoolean, checkCount, lostElements, rangeError, typeError } from './check.js'
import { type ArrayOf, type DType, DTYPES, dtypeOf, type FloatDType, isFloat } from './dtype.js'
import type { GraphNode } from './graph.js'
import { allocateFor } from './memory.js'
import { nest } from './nested.js'
import { borrowArray, returnArray } from './pool.js'
import { formatTensor } from './print.js'
import { checkShape, formatShape, sameShape, type Shape, sizeOf } from './shape.js'
import { uninitialized } from './slab.js'
import { Storage } from './storage.js'

/** A tensor that gradients can flow through. */
export type FloatTensor = Tensor<FloatDType>

/** Numbers nested as deep as the tensor has dimensions; a plain number for a tensor without any. */
export type NestedArray<T> = T | readonly NestedArray<T>[]

/**
 * A dense, row-major array of numbers of one type, which remembers how it was computed if gradients are wanted.
 *
 * Made by {@link tensor}, {@link zeros}, {@link randn} and the like, and by operations on other tensors. Its memory is
 * an ordinary `ArrayBuffer`: the garbage collector frees it, and knows how large it is. `structuredClone` and
 * `postMessage` do not copy tensors: give them `data` and `shape`, and make a tensor of these on the other side.
 *
 * @see https://docs.pytorch.org/docs/stable/tensors.html
 */
export class Tensor<D extends DType = DType> {
  /** @internal The operation that computed this tensor, if it is part of a graph. */
  node: GraphNode | null = null

  readonly #storage: Storage<D>
  readonly #shape: Shape
  readonly #size: number
  #grad: FloatTensor | null = null
  #requiresGrad = false

  /**
   * Wraps an array without copying it. {@link tensor} is the friendlier way.
   *
   * @param data the elements, row-major; its type decides the dtype
   * @param shape whose product is the length of `data`
   * @throws TypeError if `data` is not a `Float32Array`, `Float64Array`, `Int32Array` or `Uint8Array`
   * @throws RangeError if the shape does not fit, or an element of a `Uint8Array` (bool) is neither 0 nor 1
   */
  constructor(data: ArrayOf[D], shape: Shape)
  /** @internal Shares the elements of another tensor; the shape is one that has been checked. */
  constructor(storage: Storage<D>, shape: Shape)
  constructor(data: ArrayOf[D] | Storage<D>, shape: Shape) {
    if (data instanceof Storage) {
      this.#storage = data
      this.#shape = Object.freeze(shape)
    } else {
      checkCount('Tensor', arguments.length, 2)
      const dtype = dtypeOf(data)
      if (dtype === undefined) throw typeError('Tensor', 'data', `a typed array (${DTYPES.join(', ')})`, data)
      this.#storage = new Storage<D>(data, dtype as D)
      this.#shape = checkShape('Tensor', 'shape', shape)
    }
    const { array, dtype } = this.#storage
    this.#size = sizeOf(this.#shape)
    if (array.length !== this.#size) {
      throw rangeError('Tensor', 'data', `of ${this.#size} elements for shape ${formatShape(shape)}`, array)
    }
    if (dtype === 'bool' && !(data instanceof Storage)) checkBooleans(data)
  }

  /** @internal Whether the constructor made this: an object may have the prototype alone. */
  static isTensor(value: unknown): value is Tensor {
    return typeof value === 'object' && value !== null && #storage in value
  }

  /** @internal A tensor for a gradient, in memory that is used again: whatever it held, it must be overwritten. */
  static borrowed(shape: Shape, dtype: FloatDType): FloatTensor {
    if (dtype !== 'float32' || capture) return Tensor.empty(shape, dtype)
    const storage = new Storage<FloatDType>(borrowArray(sizeOf(shape)), dtype)
    storage.isBorrowed = true
    return new Tensor<FloatDType>(storage, shape)
  }

  /** @internal Gives borrowed memory back, unless it was kept; the tensor is of no use from then on. */
  giveBack(): void {
    if (!this.#storage.isBorrowed) return
    this.#storage.isBorrowed = false
    returnArray(this.#storage.array as Float32Array)
  }

  /** @internal Leaves the memory to the garbage collector: somebody else knows it. */
  keep(): void {
    this.#storage.isBorrowed = false
  }

  /** @internal Whether the buffer was transferred away, or resized: the array no longer has what the shape says. */
  get isLost(): boolean {
    return this.#storage.array.length !== this.#size
  }

  /**
   * A tensor of zeros that an operation is about to fill.
   *
   * @param where what an error names as the caller
   * @throws TypeError or RangeError if the shape is none
   * @throws RangeError if there is not enough memory
   */
  static empty<D extends DType>(shape: Shape, dtype: D, where = 'empty'): Tensor<D> {
    checkCount('empty', arguments.length, 3)
    const array = allocateFor(where, shape, dtype)
    capture?.temporaries.add(array.buffer)
    return new Tensor<D>(new Storage(array, dtype), checkShape(where, 'shape', shape))
  }

  /** @internal A tensor for the result of a kernel, which must overwrite all of it. */
  static uninitialized(shape: Shape, dtype: FloatDType): FloatTensor {
    if (dtype === 'float64' || capture) return Tensor.empty(shape, dtype)
    const array = allocateFor('empty', shape, dtype, uninitializedFloats)
    return new Tensor<FloatDType>(Storage.ofPart(array, dtype), shape)
  }

  /** The length of each dimension; `[]` for a single number. Frozen. */
  get shape(): Shape {
    return this.#shape
  }

  /** The type of the elements. */
  get dtype(): D {
    return this.#storage.dtype
  }

  /**
   * What `backward()` found for this tensor, added up over calls; `null` before the first. Kept for leaves only. May be
   * set to `null`, or to a tensor of the same shape and dtype.
   *
   * @throws TypeError if it is set to what is no tensor of the same dtype
   * @throws RangeError if it is set to a tensor of another shape, or one whose buffer was transferred away
   * @throws Error if it is set while a compiled function is at work on the tensor elsewhere
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.grad.html
   */
  get grad(): FloatTensor | null {
    this.#grad?.keep()
    return this.gradient
  }

  /** Replaces or forgets the gradient. */
  set grad(value: FloatTensor | null | undefined) {
    if (value !== null && value !== undefined) {
      if (!Tensor.isTensor(value) || value.dtype !== this.dtype)
        throw typeError('grad', 'the value', `a ${this.dtype} tensor`, value)
      if (!sameShape(value.shape, this.#shape))
        throw rangeError('grad', 'the value', `of shape ${formatShape(this.#shape)}`, value)
      if (value.isLost) throw lostElements('grad', 'the value')
    }
    // What a run leaves as the gradient would take its place.
    this.#storage.checkIdle()
    this.#grad?.giveBack()
    this.#grad = value ?? null
    capture?.gradients.set(this, this.#grad)
  }

  /** @internal The gradient, for those who do not keep it: looking at it here does not count. */
  get gradient(): FloatTensor | null {
    capture?.readGradient(this, this.#grad)
    return this.#grad
  }

  /**
   * The live elements, row-major. Writing to them changes the tensor, unseen by autograd.
   *
   * @throws Error in a function that `compile` captures, or if a compiled function is at work on the tensor elsewhere
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.numpy.html
   */
  get data(): ArrayOf[D] {
    if (capture) throw readInCapture('data')
    this.#storage.own()
    return this.elements
  }

  /** @internal The elements, for kernels. */
  get elements(): ArrayOf[D] {
    const storage = this.#storage
    storage.checkIdle()
    capture?.use(storage)
    return storage.array
  }

  /** @internal Where the elements are. */
  get storage(): Storage<D> {
    return this.#storage
  }

  /** How many elements there are, by the shape: the same after the buffer was transferred away. */
  get size(): number {
    return this.#size
  }

  /**
   * Whether gradients are computed for this tensor. Settable on leaves of a float dtype.
   *
   * @throws TypeError if it is set to anything but a boolean, or to true on integers or booleans
   * @throws Error if it is switched off on the result of an operation
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad.html
   */
  get requiresGrad(): boolean {
    return this.#requiresGrad
  }

  /** Switches gradients on or off for a leaf. */
  set requiresGrad(value: boolean) {
    checkBoolean('requiresGrad', 'the value', value)
    if (value && !isFloat(this.dtype)) throw typeError('requiresGrad', 'the tensor', 'of a float dtype', this)
    if (!value && this.node !== null) {
      throw new Error('requiresGrad: expected a leaf to be switched off, got the result of an operation; use detach()')
    }
    this.#requiresGrad = value
  }

  /**
   * The value of a tensor of one element, as a number (a boolean comes as 0 or 1).
   *
   * @throws RangeError if there is not exactly one element, or the buffer was transferred away
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html
   */
  item(): number {
    checkCount('item', arguments.length, 0)
    const values = this.#read('item')
    if (this.size !== 1) throw rangeError('item', 'the tensor', 'of exactly one element', this)
    return values[0]
  }

  /**
   * The elements as nested plain arrays; booleans for `bool`; a plain value for a tensor of no dimensions.
   *
   * @throws RangeError if the buffer was transferred away
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.tolist.html
   */
  toArray(): NestedArray<number> | NestedArray<boolean> {
    checkCount('toArray', arguments.length, 0)
    const read = this.#read('toArray')
    const values: (number | boolean)[] = this.dtype === 'bool' ? Array.from(read, Boolean) : Array.from(read)
    return nest(values, this.shape) as NestedArray<number> | NestedArray<boolean>
  }

  /**
   * The same elements, shared, outside of any graph: no gradient flows through the result.
   *
   * @throws RangeError if the buffer was transferred away
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html
   */
  detach(): Tensor<D> {
    checkCount('detach', arguments.length, 0)
    this.#checkKept('detach')
    return this.withShape(this.shape)
  }

  /** @internal The same elements, shared, under another shape, outside of any graph. */
  withShape(shape: Shape): Tensor<D> {
    return new Tensor<D>(this.#storage, shape)
  }

  /** The elements as nested plain arrays, for `JSON.stringify`. */
  toJSON(): unknown {
    return this.toArray()
  }

  /**
   * The values as PyTorch prints them.
   *
   * @throws RangeError if the buffer was transferred away
   */
  toString(): string {
    this.#read('toString')
    return formatTensor(this)
  }

  /** What `console.log` shows: the same as {@link toString}. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  #read(where: string): ArrayOf[D] {
    this.#checkKept(where)
    if (capture) throw readInCapture(`${where}()`)
    return this.elements
  }

  #checkKept(where: string): void {
    if (this.isLost) throw lostElements(where, 'the tensor')
  }
}

function uninitializedFloats(size: number): Float32Array {
  return uninitialized(Float32Array, size)
}

function checkBooleans(data: ArrayOf[DType]): void {
  for (const value of data) if (value > 1) throw rangeError('Tensor', 'every element of data', '0 or 1', value)
}
