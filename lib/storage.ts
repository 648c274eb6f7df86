import type { ArrayOf, DType } from './dtype.js'

/** The memory of a tensor, and of those that share its elements. */
export class Storage<D extends DType = DType> {
  /** How many runs of compiled functions use it on another thread: nobody else may look then. */
  runs = 0

  /** Whether nobody but autograd knows it: that of a gradient on its way, or of one that was never looked at. */
  isBorrowed = false

  /** @param array the elements; replaced when they move into memory that other threads can see */
  constructor(public array: ArrayOf[D]) {}
}

/** What is thrown where memory is used that belongs to a run on another thread. */
export function busyError(what = 'this tensor'): Error {
  return new Error(`busy: a compiled function is at work on ${what} on another thread; await its result first`)
}
