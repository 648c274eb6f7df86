import type { ArrayOf, DType } from './dtype.js'

/** What runs of compiled functions use on other threads, by its buffer: other storages may be of the same memory. */
const inUse = new Map<ArrayBufferLike, Set<Storage>>()

/** The memory of a tensor, and of those that share its elements. */
export class Storage<D extends DType = DType> {
  /** How many runs of compiled functions use it on another thread. */
  #runs = 0

  /** Whether nobody but autograd knows it: that of a gradient on its way, or of one that was never looked at. */
  isBorrowed = false

  /** Whether the array's buffer holds others too, which are none of the user's business. */
  #isPart = false

  /** @param array the elements; replaced when they move into memory that other threads can see */
  constructor(
    public array: ArrayOf[D],
    readonly dtype: D,
  ) {}

  /** The storage for an array that `uninitialized` made. */
  static ofPart<D extends DType>(array: ArrayOf[D], dtype: D): Storage<D> {
    const storage = new Storage(array, dtype)
    storage.#isPart = array.byteLength < array.buffer.byteLength
    return storage
  }

  /** Whether a run on another thread uses its memory: nobody else may look then. */
  get isBusy(): boolean {
    if (this.#runs > 0) return true
    if (inUse.size === 0) return false
    const others = inUse.get(this.array.buffer)
    return others !== undefined && [...others].some(({ array }) => overlap(array, this.array))
  }

  /** Rejects what is used on another thread, before anything is changed. */
  checkIdle(): void {
    if (this.isBusy) throw busyError()
  }

  /** Keeps others away, until `endRun` was called as often. */
  beginRun(): void {
    if (this.#runs++ > 0) return
    const others = inUse.get(this.array.buffer)
    if (others === undefined) inUse.set(this.array.buffer, new Set([this]))
    else others.add(this)
  }

  endRun(): void {
    if (--this.#runs > 0) return
    const all = inUse.get(this.array.buffer)
    all?.delete(this)
    if (all?.size === 0) inUse.delete(this.array.buffer)
  }

  /** Moves the elements into a buffer that holds nothing else: before anybody sees it. */
  own(): void {
    if (!this.#isPart) return
    this.array = this.array.slice() as ArrayOf[D]
    this.#isPart = false
  }
}

/** Whether two arrays over one buffer have memory in common. */
function overlap(a: ArrayOf[DType], b: ArrayOf[DType]): boolean {
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
}

/** What is thrown where memory is used that belongs to a run on another thread. */
export function busyError(what = 'this tensor'): Error {
  return new Error(`busy: a compiled function is at work on ${what} on another thread; await its result first`)
}
