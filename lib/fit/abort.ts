import { betweenRuns } from '../compile/queue.js'

/** What `fit` rejects with when its signal has aborted: like the errors of Node's own functions. */
export class AbortError extends Error {
  override readonly name = 'AbortError'
  readonly code = 'ABORT_ERR'

  constructor({ reason }: AbortSignal) {
    super('The operation was aborted', { cause: reason })
  }
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortError(signal)
}

/** What `items` yields, until the signal aborts, also in the middle of waiting for an item. */
export async function* untilAborted<T>(
  items: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  try {
    for (;;) {
      // In an object, so that nobody waits for the item but for what its source does at once, such as drawing an order.
      const { next } = await betweenRuns(() => ({ next: items.next() }))
      const result = await orAborted(next, signal)
      // What is closed because of the signal may well say that it has come to its end.
      throwIfAborted(signal)
      if (result.done) return
      yield result.value
    }
  } finally {
    const closed = items.return()
    // A source that never gives its next item never closes either.
    if (signal?.aborted) closed.catch(() => undefined)
    else await closed
  }
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new AbortError(signal))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } catch (error) {
    throwIfAborted(signal)
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
