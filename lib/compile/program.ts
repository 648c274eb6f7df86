import type { Elements } from '../../binding.js'
import { nativeReplay } from '../backend/index.js'
import type { KernelCall } from '../backend/recorder.js'
import { type Feed, type Replay, TypescriptReplay } from '../backend/replay.js'
import type { Capture } from '../capture.js'
import type { DType } from '../dtype.js'
import type { Shape } from '../shape.js'
import { busyError, type Storage } from '../storage.js'
import { Tensor } from '../tensor.js'
import { fuse } from './fuse.js'
import type { Outputs, Returned } from './outputs.js'
import { type Layout, planArena, withArrays } from './plan.js'

/** What a captured function comes to. */
export interface ProgramInfo {
  /** How many kernels a step runs. */
  readonly kernels: number
  /** The bytes of all tensors on the way, inputs and outputs included; what outlives a step is not counted. */
  readonly bytes: number
  /** The bytes that they would take if none shared memory with another. */
  readonly bytesWithoutSharing: number
  /**
   * Whether asynchronous steps run on another thread. They do not if a kernel among them is written in TypeScript, as
   * most of `float64` and the products of matrices of integers are.
   */
  readonly offThread: boolean
}

/** What was learned of a function while it ran once. */
export interface Recording {
  readonly capture: Capture
  readonly calls: readonly KernelCall[]
  readonly inputs: readonly Tensor[]
  readonly returned: Returned
}

/** The kernels of a captured function, ready to run again on other inputs. */
export class Program {
  readonly info: ProgramInfo

  readonly #capture: Capture
  readonly #replay: Replay
  readonly #inputs: readonly Elements[]
  readonly #outputs: readonly { readonly slot: Elements; readonly shape: Shape }[]
  readonly #shaped: Returned['shaped']
  /** What others must leave alone during a run. */
  readonly #storages: readonly Storage[]
  /** Whether a run is under way on another thread: what is on the way is in use, also where nothing else is. */
  #isRunning = false

  constructor({ capture, calls: recorded, inputs, returned }: Recording) {
    for (const gradient of capture.gradients.values()) {
      if (gradient === null) continue
      gradient.keep()
      capture.keep(gradient.storage.array)
    }
    const { temporaries } = capture
    const outputs = returned.tensors
    const [first, last] = [inputs, outputs].map((ends) => ends.map(({ storage }) => storage.array.buffer))
    const calls = fuse(recorded, temporaries, last)
    const layout = planArena(calls, temporaries, first, last)
    const lasting = [...capture.storages].filter(([buffer]) => !temporaries.has(buffer))
    // Whoever runs it: what has moved once stays where it is, for all programs that use it.
    const place = placement(layout, shared(lasting))
    const placed = calls.map((call) => ({ ...call, args: withArrays(call.args, place) }))

    this.#capture = capture
    this.#inputs = inputs.map(({ storage }) => place(storage.array))
    this.#outputs = outputs.map((tensor) => ({ slot: place(tensor.storage.array), shape: tensor.shape }))
    this.#shaped = returned.shaped
    this.#storages = lasting.flatMap(([, storages]) => [...storages])
    this.#replay = nativeReplay(placed) ?? new TypescriptReplay(placed)
    const { bytes, bytesWithoutSharing } = layout
    this.info = { kernels: calls.length, bytes, bytesWithoutSharing, offThread: this.#replay.isOffThread }
    loseTemporaries(capture)
  }

  /** Whether all that decided about the kernels is as it was. */
  holds(): boolean {
    return this.#capture.conditions.every((condition) => condition())
  }

  /** One step, now. */
  run(inputs: readonly Tensor[]): Outputs {
    this.#checkIdle()
    const feeds = inputs.map((input, i) => ({ slot: this.#inputs[i], all: input.elements }))
    this.check(inputs)
    this.#prepare(1)
    const outputs = this.#outputFeeds(1)
    this.#replay.run(1, feeds, outputs)
    this.#leaveGradients()
    return this.#results(0, 1, outputs)
  }

  /** Some steps on another thread, whose inputs have been checked. */
  async runAsync(batches: readonly (readonly Tensor[])[]): Promise<Outputs[]> {
    this.#checkIdle()
    const steps = batches.length
    const feeds = this.#stage(batches)
    this.#prepare(steps)
    const outputs = this.#outputFeeds(steps)
    for (const storage of this.#storages) storage.beginRun()
    this.#isRunning = true
    try {
      await this.#replay.runAsync(steps, feeds, outputs)
    } finally {
      this.#isRunning = false
      for (const storage of this.#storages) storage.endRun()
    }
    this.#leaveGradients()
    return Array.from({ length: steps }, (_, step) => this.#results(step, steps, outputs))
  }

  /** Rejects inputs that the function itself would reject for their values. */
  check(inputs: readonly Tensor[]): void {
    for (const { input, check } of this.#capture.checks) check(inputs[input].elements as never)
  }

  #checkIdle(): void {
    if (this.#storages.some(({ isBusy }) => isBusy)) throw busyError()
    if (this.#isRunning) throw busyError('the memory of this one')
  }

  /** The inputs of several steps, one after the other. */
  #stage(batches: readonly (readonly Tensor[])[]): Feed[] {
    return this.#inputs.map((slot, i) => {
      const all = arrayLike(slot, batches.length * slot.length)
      batches.forEach((inputs, step) => all.set(inputs[i].elements, step * slot.length))
      return { slot, all }
    })
  }

  #prepare(steps: number): void {
    for (const prepare of this.#capture.preparations) prepare(steps)
  }

  #outputFeeds(steps: number): Feed[] {
    return this.#outputs.map(({ slot }) => ({ slot, all: arrayLike(slot, steps * slot.length) }))
  }

  #results(step: number, steps: number, outputs: readonly Feed[]): Outputs {
    const tensors = outputs.map(({ slot, all }, i) => {
      const own = steps === 1 ? all : all.slice(step * slot.length, (step + 1) * slot.length)
      return new Tensor<DType>(own, this.#outputs[i].shape)
    })
    return this.#shaped(tensors)
  }

  #leaveGradients(): void {
    for (const [leaf, gradient] of this.#capture.gradients) {
      if (leaf.gradient !== gradient) leaf.grad = gradient as Tensor<'float32'> | null
    }
  }
}

type Place = (array: Elements) => Elements

/** Where the arrays that kernels were given while they were recorded are from now on. */
function placement({ offsets, bytes }: Layout, moved: ReadonlyMap<ArrayBufferLike, ArrayBufferLike>): Place {
  const arena = new SharedArrayBuffer(bytes)
  return (array) => {
    const { buffer, byteOffset } = array
    const offset = offsets.get(buffer)
    if (offset !== undefined) return viewLike(array, arena, offset + byteOffset)
    const home = moved.get(buffer)
    return home === undefined ? array : viewLike(array, home, byteOffset)
  }
}

/**
 * Moves storages into memory that is shared between threads: nobody can transfer it away while another thread uses it,
 * as an `ArrayBuffer` can be. Arrays that were taken from `data` before are left behind.
 */
function shared(storages: readonly [ArrayBufferLike, ReadonlySet<Storage>][]): Map<ArrayBufferLike, ArrayBufferLike> {
  const moved = new Map<ArrayBufferLike, ArrayBufferLike>()
  for (const [buffer, users] of storages) {
    if (buffer instanceof SharedArrayBuffer) continue
    const home = new SharedArrayBuffer(buffer.byteLength)
    new Uint8Array(home).set(new Uint8Array(buffer))
    moved.set(buffer, home)
    for (const storage of users) storage.array = viewLike(storage.array, home, storage.array.byteOffset)
  }
  return moved
}

/** What a function leaves lying about has no values: those of the next step would be elsewhere. */
function loseTemporaries({ storages, temporaries }: Capture): void {
  for (const [buffer, users] of storages) {
    if (temporaries.has(buffer)) for (const storage of users) storage.array = arrayLike(storage.array, 0)
  }
}

type Constructor = new (buffer: ArrayBufferLike | number, byteOffset?: number, length?: number) => Elements

function viewLike(array: Elements, buffer: ArrayBufferLike, byteOffset: number): Elements {
  return new (array.constructor as Constructor)(buffer, byteOffset, array.length)
}

function arrayLike(array: Elements, length: number): Elements {
  return new (array.constructor as Constructor)(length)
}
