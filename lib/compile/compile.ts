import { capture } from '../capture.js'
import { checkCount, checkFunction, readOptions, typeError } from '../check.js'
import { checkTensor } from '../operand.js'
import { Tensor } from '../tensor.js'
import { CompiledFunction, type Outputs } from './compiled.js'
import type { ProgramInfo } from './program.js'
import { copies, epoch, trip } from './trip.js'

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
   * @throws Error if a run on another thread uses the same tensors
   */
  (...inputs: Inputs): Result
  /**
   * One step on another thread. The inputs are copied at once. Calls run in their order, of all compiled functions.
   *
   * @throws (as a rejection) what the step throws, or the reason of `signal` if it is aborted before the step begins
   */
  async(...inputs: readonly [...Inputs] | readonly [...Inputs, AsyncOptions]): Promise<Result>
  /**
   * A step for each of `batches`, on another thread, many in one trip; with the result of each.
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
 * `fn` must do the same at each call: JavaScript in it, such as a branch or a log, happens at the first call alone. What
 * the library knows of is looked after: learning rates and other options, running statistics, the masks of dropout,
 * and, by recording anew, `train()` and `eval()`, `requiresGrad`, `noGrad`, gradients that are there or not. A module
 * that is replaced in the model is not noticed. To read values (`item()`, `data`, `toArray()`) in `fn` is an error.
 *
 * What `fn` returns comes as new tensors, outside of any graph. Other tensors that it made have no values later, but for
 * the `grad` of leaves, whose memory is used again at each step. The captured tensors move into shared memory: an array
 * that was taken from `data` before the first call is left behind.
 *
 * @param fn takes tensors; returns a tensor, an array of tensors or nothing
 * @throws TypeError if `fn` is not a function
 * @see https://docs.pytorch.org/docs/stable/generated/torch.compile.html
 * @see https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs
 */
export function compile<Inputs extends readonly Tensor[], Result extends Outputs>(
  fn: (...inputs: Inputs) => Result,
): Compiled<Inputs, Result>
export function compile<Inputs extends readonly Tensor[]>(fn: (...inputs: Inputs) => void): Compiled<Inputs, void>
export function compile(fn: (...inputs: never[]) => unknown): unknown {
  checkCount('compile', arguments.length, 1)
  checkFunction('compile', 'fn', fn)
  const own = fn as (...inputs: Tensor[]) => Outputs
  const compiled = new CompiledFunction(own)

  const step = (...inputs: Tensor[]): Outputs => {
    // Within another function that is captured, it is part of that one.
    if (capture) return own(...inputs)
    checkInputs(inputs)
    const program = compiled.programFor(inputs)
    return program ? compiled.shaped(program.run(inputs)) : compiled.capture(inputs)
  }

  const methods = {
    async: async (...given: readonly (Tensor | AsyncOptions)[]) => {
      const { inputs, signal } = splitOptions(given)
      checkInputs(inputs)
      return (await trip(compiled, [copies(inputs)], signal))[0]
    },
    epoch: async (batches: Iterable<readonly Tensor[]> | AsyncIterable<readonly Tensor[]>, options?: AsyncOptions) => {
      const { signal } = readOptions('epoch', options, { signal: undefined as AbortSignal | undefined })
      checkSignal('epoch', signal)
      return epoch(compiled, batches, checkInputs, signal)
    },
    info: (): ProgramInfo => {
      if (compiled.latest === undefined) throw new Error('info: expected the function to have been called')
      return compiled.latest.info
    },
  }
  return Object.assign(step, methods)
}

function checkInputs(inputs: unknown): asserts inputs is readonly Tensor[] {
  if (!Array.isArray(inputs)) throw typeError('compile', 'inputs', 'an array of tensors', inputs)
  Array.from<unknown>(inputs).forEach((input, i) => {
    checkTensor('compile', `argument ${i + 1}`, input)
    if (input.requiresGrad) throw typeError('compile', `argument ${i + 1}`, 'a tensor without requiresGrad', input)
  })
}

function splitOptions(given: readonly (Tensor | AsyncOptions)[]): {
  inputs: readonly Tensor[]
  signal: AbortSignal | undefined
} {
  const last = given.at(-1)
  if (last === undefined || Tensor.isTensor(last)) return { inputs: given as readonly Tensor[], signal: undefined }
  const { signal } = readOptions('async', last, { signal: undefined as AbortSignal | undefined })
  checkSignal('async', signal)
  return { inputs: given.slice(0, -1) as readonly Tensor[], signal }
}

function checkSignal(where: string, signal: unknown): asserts signal is AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw typeError(where, 'signal', 'an AbortSignal', signal)
}
