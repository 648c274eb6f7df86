import type { ArrayOf, DType } from './dtype.js'
import { uninitialized } from './slab.js'
import type { Storage } from './storage.js'
import type { Tensor } from './tensor.js'

/**
 * What is learned of a function while it runs for the first time, for its kernels to be run again without it: see
 * `compile`. The parts of the library that keep state, or decide by it, tell the capture that is under way.
 */
export class Capture {
  /** The memory that was allocated so far, but for what is kept: a later run may use it for something else. */
  readonly temporaries = new Set<ArrayBufferLike>()
  /** The storages that kernels were given, by the memory that they are in. */
  readonly storages = new Map<ArrayBufferLike, Set<Storage>>()
  /** Everything that has to be as it was for the recorded kernels to be the right ones. */
  readonly conditions: (() => boolean)[] = []
  /** What happens before every run, given how many steps it has. */
  readonly preparations: ((steps: number) => void)[] = []
  /** The modules that computed something: what they do depends on their properties. */
  readonly owners = new Set<object>()
  /** The gradients that the function leaves behind. */
  readonly gradients = new Map<Tensor, Tensor | null>()
  /** What has to hold for the values of an input, before a step changes anything. */
  readonly checks: { readonly input: number; readonly check: (values: never) => void }[] = []

  /** @param inputs the storages of the inputs: their values are others at each step */
  constructor(readonly inputs: readonly Storage[]) {}

  readonly #decided = new Set<Tensor>()
  readonly #computed = new WeakSet<Tensor>()

  /** Memory that a kernel is about to use. */
  use(storage: Storage): void {
    storage.own()
    const { buffer } = storage.array
    const known = this.storages.get(buffer)
    if (known === undefined) this.storages.set(buffer, new Set([storage]))
    else known.add(storage)
  }

  /** Memory whose values are to stay: those of an optimizer, or a constant. */
  keep(array: ArrayBufferView): void {
    this.temporaries.delete(array.buffer)
  }

  /** A leaf has been asked whether it needs a gradient. */
  decideBy(leaf: Tensor): void {
    if (this.#decided.has(leaf)) return
    this.#decided.add(leaf)
    const { requiresGrad } = leaf
    this.conditions.push(() => leaf.requiresGrad === requiresGrad)
  }

  /** The result of an operation, through which `backward` may go. */
  computed(tensor: Tensor): void {
    this.#computed.add(tensor)
  }

  /** Whether a tensor with a node is the result of an operation that was captured. */
  hasComputed(tensor: Tensor): boolean {
    return this.#computed.has(tensor)
  }

  /**
   * The gradient of a leaf has been looked at: unless it was set before, what it was has to be the same again. Leaves
   * that the function makes are others each time.
   */
  readGradient(leaf: Tensor, gradient: Tensor | null): void {
    if (leaf.node !== null || this.gradients.has(leaf)) return
    if (this.temporaries.has(leaf.storage.array.buffer)) return
    const storage = gradient?.storage
    this.gradients.set(leaf, gradient)
    this.conditions.push(() => leaf.gradient?.storage === storage)
  }
}

/** The capture under way. */
export let capture: Capture | undefined

/** Runs `fn` as part of a capture. */
export function during<T>(next: Capture, fn: () => T): T {
  const outer = capture
  capture = next
  try {
    return fn()
  } finally {
    capture = outer
  }
}

/** Numbers that may be others at the next step, as a buffer for a kernel: a captured step reads them anew. */
export function stepValues(read: () => readonly number[]): Float64Array {
  const values = Float64Array.from(read())
  capture?.preparations.push(() => values.set(read()))
  return values
}

/** Counts steps in a tensor of one element: this one, and those of every later run. */
export function countSteps(count: Tensor): void {
  const { storage } = count
  count.elements[0]++
  capture?.preparations.push((steps) => (storage.array[0] += steps))
}

/** An array for what kernels leave for other kernels in double precision. */
export function temporaryDoubles(length: number): Float64Array {
  if (!capture) return uninitialized(Float64Array, length)
  const array = new Float64Array(length)
  capture.temporaries.add(array.buffer)
  return array
}

/** Checks the values of a tensor; those of an input of a captured function before each step. */
export function checkValues<D extends DType>(tensor: Tensor<D>, check: (values: ArrayOf[D]) => void): void {
  check(tensor.elements)
  const input = capture?.inputs.indexOf(tensor.storage) ?? -1
  if (input >= 0) capture?.checks.push({ input, check })
}

/** Rejects what would happen when a function is captured, and at none of its later calls. */
export function checkNotCaptured(what: string): void {
  if (!capture) return
  throw new Error(`compile: ${what} in a function that is captured would happen at its first call alone; do it outside`)
}

/** What is thrown where a captured function looks at the values of a tensor. */
export function readInCapture(what: string): Error {
  return new Error(
    `compile: ${what} reads or writes values while a function is captured; a later run would not do it again. ` +
      'Return the tensor, and look at it outside',
  )
}
