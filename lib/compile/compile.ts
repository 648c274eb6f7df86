import { capture, checkNotCaptured } from '../capture.js'
import { checkCount, checkFunction, checkInteger, readOptions, typeError } from '../check.js'
import { checkTensor } from '../operand.js'
import { Tensor } from '../tensor.js'
import { CompiledFunction, copies } from './compiled.js'
import type { Outputs } from './outputs.js'
import type { ProgramInfo } from './program.js'
import { epoch, trip } from './trip.js'

/** The options of {@link compile}. */
export interface CompileOptions {
  /**
   * How many recordings are kept, each with memory of its own: one for every set of shapes and dtypes, and for every
   * state of modes and modules. Beyond that, the one that was not used for longest is dropped. Default: 16.
   */
  maxPrograms?: number | undefined
}

/** The options of asynchronous calls of a {@link Compiled} function. */
export interface AsyncOptions {
  /** Aborts what has not begun. */
  signal?: AbortSignal | undefined
}

/** A function that runs from memory what it did the first time: see {@link compile}. */
export interface Compiled<Inputs extends readonly Tensor[], Result> {
  /**
   * One step, at once.
   *
   * @throws TypeError or RangeError if an input is none that the function takes; nothing has changed then
   * @throws RangeError if a parameter of a module was replaced by one of another shape
   * @throws Error if a run on another thread uses the same tensors, or is one of this function for inputs of this kind
   */
  (...inputs: Inputs): Result
  /**
   * One step on another thread. The inputs are copied at once. Calls run in their order, of all compiled functions.
   * On this thread runs what is recorded, the first time for inputs of some shapes, and what has kernels in TypeScript:
   * most operations on `float64`, and products of matrices of integers.
   *
   * @throws (as a rejection) what the step throws, or the reason of `signal` if it is aborted before the step begins
   */
  async(...inputs: readonly [...Inputs] | readonly [...Inputs, AsyncOptions | undefined]): Promise<Result>
  /**
   * A step for each of `batches`, on another thread, many in one trip; with the result of each. Batches are asked for
   * ahead of the steps, as many as go into a trip, which depends on how long steps take: what their source does beside,
   * such as drawing random numbers or stepping a schedule, comes before steps that it would come after in a loop. Where
   * that matters, call `async` for each.
   *
   * @throws (as a rejection) what a step throws, or the reason of `signal` if it is aborted: the steps before have been
   */
  epoch(
    batches: Iterable<Readonly<Inputs>> | AsyncIterable<Readonly<Inputs>>,
    options?: AsyncOptions,
  ): Promise<Result[]>
  /**
   * What the latest step came to.
   *
   * @throws Error before the first call
   */
  info(): ProgramInfo
}

/**
 * A function that does what `fn` does, without JavaScript from the second call on: the first call for inputs of some
 * shapes and dtypes runs `fn` and records the kernels that it calls, `backward()` and `step()` of optimizers included;
 * later calls copy their inputs and run the recorded kernels in one go. Results are the same, to the bit.
 *
 *     const step = compile((x, t) => {
 *       optimizer.zeroGrad()
 *       const loss = criterion.forward(model.forward(x), t)
 *       loss.backward()
 *       optimizer.step()
 *       return loss
 *     })
 *
 * `fn` must do the same at each call: JavaScript in it, such as a branch or a log, happens when it is recorded alone,
 * and a number that it has from a variable stays what it was. What the library knows of is looked after: learning rates
 * and other options, running statistics, the masks of dropout, and, by recording anew, `train()` and `eval()`,
 * `requiresGrad`, `noGrad`, gradients that are there or not, and the properties of the modules whose `forward` runs, of
 * a `ModuleList` that is gone through, and of those below them: parameters and layers that are replaced, or `p` of a
 * dropout; but not private fields, what is in plain arrays, objects or variables, nor a `forward` that is a property of
 * one object instead of a method of its class. A parameter that is replaced by one of another shape is an error.
 *
 * To read values (`item()`, `data`, `toArray()`) in `fn` is an error, and so is what would happen at some calls only:
 * steps of schedulers and asynchronous calls.
 *
 * What `fn` returns comes as new tensors, outside of any graph. Other tensors that it made have no values later, but for
 * the `grad` of leaves, whose memory is used again at each step. The captured tensors move into shared memory: an array
 * that was taken from `data` before the first call is left behind, and so is another tensor over the same array. The
 * memory of a `SharedArrayBuffer` stays where it is: a run on another thread keeps every tensor over it away, but not
 * arrays, nor other workers.
 *
 * @param fn takes tensors; returns a tensor, an array of tensors or nothing
 * @throws TypeError if `fn` is not a function, RangeError if `maxPrograms` is no integer of at least 1
 * @see https://docs.pytorch.org/docs/stable/generated/torch.compile.html
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
 */
export function compile<Inputs extends readonly Tensor[], Result extends Outputs>(
  fn: (...inputs: Inputs) => Result,
  options?: CompileOptions,
): Compiled<Inputs, Result>
export function compile<Inputs extends readonly Tensor[]>(
  fn: (...inputs: Inputs) => void,
  options?: CompileOptions,
): Compiled<Inputs, void>
export function compile(fn: (...inputs: never[]) => unknown, options?: CompileOptions): unknown {
  checkCount('compile', arguments.length, 2)
  checkFunction('compile', 'fn', fn)
  const { maxPrograms } = readOptions('compile', options, { maxPrograms: 16 })
  checkInteger('compile', 'maxPrograms', maxPrograms, 1)
  const own = fn as (...inputs: Tensor[]) => Outputs
  const compiled = new CompiledFunction(own, maxPrograms)
  const checkInputs: (inputs: unknown) => asserts inputs is readonly Tensor[] = (inputs) => {
    checkTensors(inputs, fn.length)
  }

  const step = (...inputs: Tensor[]): Outputs => {
    // Within another function that is captured, it is part of that one.
    if (capture) return own(...inputs)
    checkInputs(inputs)
    const program = compiled.programFor(inputs)
    return program ? program.run(inputs) : compiled.capture(inputs)
  }

  const methods = {
    async: async (...given: readonly (Tensor | AsyncOptions)[]) => {
      checkNotCaptured('an asynchronous call')
      const { inputs, signal } = splitOptions(given, fn.length)
      checkInputs(inputs)
      return (await trip(compiled, [copies(inputs)], signal))[0]
    },
    epoch: async (batches: Iterable<readonly Tensor[]> | AsyncIterable<readonly Tensor[]>, options?: AsyncOptions) => {
      checkNotCaptured('an asynchronous call')
      const { signal } = readOptions('epoch', options, { signal: undefined as AbortSignal | undefined })
      checkSignal('epoch', signal)
      checkBatches(batches)
      return epoch(compiled, batches, checkInputs, signal)
    },
    info: (): ProgramInfo => {
      if (compiled.latest === undefined) throw new Error('info: expected the function to have been called')
      return compiled.latest.info
    },
  }
  return Object.assign(step, methods)
}

function checkTensors(inputs: unknown, declared: number): asserts inputs is readonly Tensor[] {
  if (!Array.isArray(inputs)) throw typeError('compile', 'inputs', 'an array of tensors', inputs)
  const given = inputs as readonly unknown[]
  for (let i = 0; i < Math.max(given.length, declared); i++) {
    const [argument, input] = [`argument ${i + 1}`, given[i]]
    if (typeof input === 'number' || typeof input === 'boolean')
      throw typeError('compile', argument, `a tensor, as tensor(${input}), for its value to count at every call`, input)
    checkTensor('compile', argument, input)
    if (input.requiresGrad) throw typeError('compile', argument, 'a tensor without requiresGrad', input)
  }
}

/** Takes the options from the end of the arguments, if they are there. */
function splitOptions(
  given: readonly (Tensor | AsyncOptions | undefined)[],
  declared: number,
): { inputs: readonly unknown[]; signal: AbortSignal | undefined } {
  const last: unknown = given.at(-1)
  const isNone = typeof last !== 'object' || Tensor.isTensor(last) || Array.isArray(last) || ArrayBuffer.isView(last)
  const isOptions = last === undefined ? given.length > declared : !isNone
  if (!isOptions) return { inputs: given, signal: undefined }
  const { signal } = readOptions('async', last, { signal: undefined as AbortSignal | undefined })
  checkSignal('async', signal)
  return { inputs: given.slice(0, -1), signal }
}

function checkBatches(batches: unknown): void {
  const isIterable = typeof batches === 'object' && batches !== null
  if (isIterable && (Symbol.asyncIterator in batches || Symbol.iterator in batches)) return
  throw typeError('epoch', 'batches', 'an iterable or an async iterable of arrays of tensors', batches)
}

function checkSignal(where: string, signal: unknown): asserts signal is AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw typeError(where, 'signal', 'an AbortSignal', signal)
}
