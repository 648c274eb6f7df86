import { isGradEnabled, noGrad } from '../autograd.js'
import { closedOnAbort } from '../closing.js'
import type { Tensor } from '../tensor.js'
import { type CompiledFunction, copies } from './compiled.js'
import type { Outputs } from './outputs.js'
import type { Program } from './program.js'
import { areOfKind, kindOf } from './program_cache.js'
import { inTurn } from './queue.js'
import { untilAborted } from './until_aborted.js'

/** How long a trip to the other thread should take, in milliseconds: it can be aborted after each. */
const TRIP_TIME = 20

const LONGEST_TRIP = 1024

/** Runs some steps for inputs of one kind on another thread, when their turn has come. */
export function trip(
  compiled: CompiledFunction,
  steps: readonly (readonly Tensor[])[],
  signal: AbortSignal | undefined,
  within = gradientsAsNow(),
): Promise<Outputs[]> {
  return inTurn(async () => {
    const results: Outputs[] = []
    while (results.length < steps.length) {
      if (results.length > 0) signal?.throwIfAborted()
      const next = steps[results.length]
      const program = within(() => compiled.programFor(next))
      if (program === undefined) results.push(within(() => compiled.capture(next)))
      else results.push(...(await program.runAsync(together(program, steps.slice(results.length)))))
    }
    return results
  }, signal)
}

/** The steps that can be done in one go: at least one, and none whose inputs are rejected. */
function together(program: Program, steps: readonly (readonly Tensor[])[]): readonly (readonly Tensor[])[] {
  program.check(steps[0])
  const bad = steps.findIndex((inputs) => !passes(program, inputs))
  return bad < 0 ? steps : steps.slice(0, bad)
}

function passes(program: Program, inputs: readonly Tensor[]): boolean {
  try {
    program.check(inputs)
    return true
  } catch {
    // It is thrown when it is the turn of that step.
    return false
  }
}

/** Runs functions with gradients on or off as they are now, whenever that is. */
function gradientsAsNow(): <T>(fn: () => T) => T {
  return isGradEnabled() ? (fn) => fn() : noGrad
}

const reading = { betweenRuns: 'first', error: ({ reason }: AbortSignal): unknown => reason } as const

/** What the batches are, closed when the signal aborts. */
async function* read(
  batches: Iterable<readonly Tensor[]> | AsyncIterable<readonly Tensor[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Tensor[], void, undefined> {
  yield* signal ? closedOnAbort(batches, signal) : batches
}

/** Runs a step for each batch, in trips. */
export async function epoch(
  compiled: CompiledFunction,
  batches: Iterable<readonly Tensor[]> | AsyncIterable<readonly Tensor[]>,
  check: (inputs: readonly Tensor[]) => void,
  signal: AbortSignal | undefined,
): Promise<Outputs[]> {
  const within = gradientsAsNow()
  const results: Outputs[] = []
  let waiting: Tensor[][] = []
  let most = 1
  const depart = async () => {
    const steps = waiting
    waiting = []
    if (steps.length === 0) return
    const begin = performance.now()
    results.push(...(await trip(compiled, steps, signal, within)))
    const each = (performance.now() - begin) / steps.length
    most = Math.min(Math.max(Math.floor(TRIP_TIME / each), 1), LONGEST_TRIP)
  }
  try {
    for await (const batch of untilAborted(read(batches, signal), signal, reading)) {
      check(batch)
      if (waiting.length > 0 && !areOfKind(batch, kindOf(waiting[0]))) await depart()
      waiting.push(copies(batch))
      if (waiting.length >= most) await depart()
    }
  } finally {
    // The steps before one that fails are done.
    await depart()
  }
  return results
}
