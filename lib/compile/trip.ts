import type { DType } from '../dtype.js'
import { Tensor } from '../tensor.js'
import { type CompiledFunction, kindOf, type Outputs } from './compiled.js'
import { inTurn } from './queue.js'

/** How long a trip to the other thread should take, in milliseconds: it can be aborted after each. */
const TRIP_TIME = 20

const LONGEST_TRIP = 1024

/** Runs some steps for inputs of one kind on another thread, when their turn has come. */
export function trip(
  compiled: CompiledFunction,
  steps: readonly (readonly Tensor[])[],
  signal: AbortSignal | undefined,
): Promise<Outputs[]> {
  return inTurn(async () => {
    const results: Outputs[] = []
    while (results.length < steps.length) {
      if (results.length > 0) signal?.throwIfAborted()
      const rest = steps.slice(results.length)
      const [next] = rest
      const program = compiled.programFor(next)
      if (program === undefined) {
        results.push(compiled.capture(next))
        continue
      }
      const outputs = await program.runAsync(rest.length, program.stage(rest))
      results.push(...outputs.map((output) => compiled.shaped(output)))
    }
    return results
  }, signal)
}

/** Runs a step for each batch, in trips. */
export async function epoch(
  compiled: CompiledFunction,
  batches: Iterable<readonly Tensor[]> | AsyncIterable<readonly Tensor[]>,
  check: (inputs: readonly Tensor[]) => void,
  signal: AbortSignal | undefined,
): Promise<Outputs[]> {
  const results: Outputs[] = []
  let waiting: Tensor[][] = []
  let together = 1
  const depart = async () => {
    const begin = performance.now()
    results.push(...(await trip(compiled, waiting, signal)))
    const each = (performance.now() - begin) / waiting.length
    together = Math.min(Math.max(Math.floor(TRIP_TIME / each), 1), LONGEST_TRIP)
    waiting = []
  }
  for await (const batch of batches) {
    signal?.throwIfAborted()
    check(batch)
    if (waiting.length > 0 && kindOf(batch) !== kindOf(waiting[0])) await depart()
    waiting.push(copies(batch))
    if (waiting.length >= together) await depart()
  }
  if (waiting.length > 0) await depart()
  return results
}

/** The inputs as they are now, whatever becomes of them until it is their turn. */
export function copies(inputs: readonly Tensor[]): Tensor[] {
  return inputs.map((input) => new Tensor<DType>(input.elements.slice(), input.shape))
}
