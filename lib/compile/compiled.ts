import { isDetecting } from '../anomaly.js'
import { isGradEnabled } from '../autograd.js'
import { recordKernels } from '../backend/index.js'
import { Capture, during } from '../capture.js'
import { typeError } from '../check.js'
import type { DType } from '../dtype.js'
import { Tensor } from '../tensor.js'
import { Program } from './program.js'

/** What a function that is compiled may return. */
export type Outputs = Tensor | readonly Tensor[] | undefined

/** How often a function may be captured for inputs of one kind: more, and something in it differs at every call. */
const MOST_VARIANTS = 16

/** A function with the programs that it came to, for each kind of inputs. */
export class CompiledFunction {
  readonly #fn: (...inputs: Tensor[]) => Outputs
  readonly #programs = new Map<string, Program[]>()
  /** Whether the function returns a tensor, several, or nothing. */
  #kind: 'one' | 'several' | 'none' = 'none'
  #latest: Program | undefined

  constructor(fn: (...inputs: Tensor[]) => Outputs) {
    this.#fn = fn
  }

  /** The program that ran last. */
  get latest(): Program | undefined {
    return this.#latest
  }

  /** The program for inputs of this kind, if everything is as it was when it was recorded. */
  programFor(inputs: readonly Tensor[]): Program | undefined {
    if (isDetecting()) return undefined
    const program = this.#programs.get(kindOf(inputs))?.find((candidate) => candidate.holds())
    if (program) this.#latest = program
    return program
  }

  /** Runs the function itself, and keeps what it did. */
  capture(inputs: readonly Tensor[]): Outputs {
    if (isDetecting()) return this.#fn(...inputs)
    const own = inputs.map((input) => new Tensor<DType>(input.elements.slice(), input.shape))
    const record = new Capture(own.map(({ storage }) => storage))
    for (const { storage } of own) record.temporaries.add(storage.array.buffer)
    let returned: unknown
    const calls = recordKernels(() => {
      returned = during(record, () => this.#fn(...own))
    })
    const outputs = this.#outputsOf(returned)
    const results = outputs.map((output) => new Tensor<DType>(output.elements.slice(), output.shape))
    for (const output of outputs) record.use(output.storage)

    this.#latest = new Program({ capture: record, calls, inputs: own, outputs })
    const kind = kindOf(inputs)
    this.#programs.set(kind, [this.#latest, ...(this.#programs.get(kind) ?? [])].slice(0, MOST_VARIANTS))
    return this.shaped(results)
  }

  /** Tensors in the way in which the function returned them. */
  shaped(results: readonly Tensor[]): Outputs {
    if (this.#kind === 'none') return undefined
    return this.#kind === 'one' ? results[0] : results
  }

  #outputsOf(returned: unknown): readonly Tensor[] {
    const outputs = returned === undefined ? [] : Array.isArray(returned) ? (returned as unknown[]) : [returned]
    this.#kind = returned === undefined ? 'none' : Array.isArray(returned) ? 'several' : 'one'
    return outputs.map((output) => {
      if (!Tensor.isTensor(output))
        throw typeError('compile', 'what fn returns', 'a tensor, tensors or nothing', output)
      return output
    })
  }
}

/** What decides about the kernels beside the state of the library's objects. */
export function kindOf(inputs: readonly Tensor[]): string {
  return `${isGradEnabled()}${inputs.map(({ dtype, shape }) => `;${dtype},${shape.join()}`).join('')}`
}
