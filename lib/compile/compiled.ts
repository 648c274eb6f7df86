import { isDetecting } from '../anomaly.js'
import { recordKernels } from '../backend/index.js'
import { Capture, during } from '../capture.js'
import type { DType } from '../dtype.js'
import { Tensor } from '../tensor.js'
import { type Outputs, readReturned } from './outputs.js'
import { Program } from './program.js'
import { kindOf, ProgramCache } from './program_cache.js'
import { unchanged } from './watch.js'

/** A function with the programs that it came to, for each kind of inputs. */
export class CompiledFunction {
  readonly #fn: (...inputs: Tensor[]) => Outputs
  readonly #programs: ProgramCache

  constructor(fn: (...inputs: Tensor[]) => Outputs, mostPrograms: number) {
    this.#fn = fn
    this.#programs = new ProgramCache(mostPrograms)
  }

  /** The program that ran last. */
  get latest(): Program | undefined {
    return this.#programs.latest
  }

  /** The program for inputs of this kind, if everything is as it was when it was recorded. */
  programFor(inputs: readonly Tensor[]): Program | undefined {
    return isDetecting() ? undefined : this.#programs.find(inputs)
  }

  /** Runs the function itself, and keeps what it did. */
  capture(inputs: readonly Tensor[]): Outputs {
    const own = copies(inputs)
    if (isDetecting()) {
      const { tensors, shaped } = readReturned(this.#fn(...own))
      return shaped(copies(tensors))
    }
    const record = new Capture(own.map(({ storage }) => storage))
    for (const { storage } of own) record.temporaries.add(storage.array.buffer)
    let value: unknown
    const calls = recordKernels(() => {
      value = during(record, () => this.#fn(...own))
    })
    const returned = readReturned(value)
    const results = copies(returned.tensors)
    for (const { storage } of returned.tensors) record.use(storage)
    record.conditions.push(unchanged(record.owners))

    this.#programs.add(kindOf(inputs), new Program({ capture: record, calls, inputs: own, returned }))
    return returned.shaped(results)
  }
}

/** Tensors of the same values, outside of any graph. */
export function copies(tensors: readonly Tensor[]): Tensor[] {
  return tensors.map((tensor) => new Tensor<DType>(tensor.elements.slice(), tensor.shape))
}
