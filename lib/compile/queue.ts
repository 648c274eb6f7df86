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

/** Calls `fn` while no run is under way on another thread: what runs may use, such as random numbers, it may use too. */
export function betweenRuns<T>(fn: () => T): Promise<T> {
  return inTurn(() => Promise.resolve(fn()), undefined)
}

function turn(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const abort = () => {
      waiting.splice(waiting.indexOf(begin), 1)
      reject(signal?.reason as Error)
    }
    waiting.push(begin)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
