import { checkNotCaptured } from '../capture.js'
import { checkCount, checkFunction } from '../check.js'

/** Those that wait for the job under way, in their order. */
const waiting: (() => void)[] = []
let isBusy = false

/**
 * Calls `job` when its turn has come: at once, if there is none before it; else as soon as the one before has ended, and
 * before anybody learns that it has.
 *
 * @throws (as a rejection) what the job throws, or the reason of `signal` if it is aborted before: the job is not called
 *   then
 */
export async function inTurn<T>(job: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted()
  if (isBusy) await turn(signal)
  isBusy = true
  try {
    // It may have been aborted since its turn came.
    signal?.throwIfAborted()
    return await job()
  } finally {
    const begin = waiting.shift()
    if (begin) begin()
    else isBusy = false
  }
}

/**
 * Calls `fn` while nothing runs on another thread, when its turn has come among the steps of `fit` and of compiled
 * functions: it finds nothing busy, neither the parameters of models that train nor the random numbers that their dropout
 * draws.
 *
 *     const other = await betweenRuns(() => new nn.Linear(128, 10))
 *
 * @param fn called without arguments; runs may go on where it waits for something
 * @returns what `fn` returns, or what that promises
 * @throws (as a rejection) what `fn` throws, or TypeError if it is not a function
 */
export async function betweenRuns<T>(fn: () => T): Promise<Awaited<T>> {
  checkCount('betweenRuns', arguments.length, 1)
  checkFunction('betweenRuns', 'fn', fn)
  checkNotCaptured('an asynchronous call')
  // In an object, so that the next run does not wait for what `fn` promises.
  const { value } = await inTurn(() => Promise.resolve({ value: fn() }), undefined)
  return await value
}

function turn(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      forget?.()
      resolve()
    }
    const abort = () => {
      waiting.splice(waiting.indexOf(begin), 1)
      reject(signal?.reason as Error)
    }
    waiting.push(begin)
    const forget = signal && onAbort(signal, abort)
  })
}

/** What to call when a signal aborts. */
const callbacks = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `callback` when the signal aborts. There is one listener for all that wait: of many, Node warns as of a leak.
 *
 * @returns what makes it forget the callback
 */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const known = callbacks.get(signal)
  const all = known ?? new Set()
  const abort = () => {
    for (const one of all) one()
  }
  if (known === undefined) {
    callbacks.set(signal, all)
    signal.addEventListener('abort', abort, { once: true })
  }
  all.add(callback)
  return () => void all.delete(callback)
}
