import { betweenRuns } from './queue.js'

/** How {@link untilAborted} goes about it. */
interface Reading {
  /**
   * Whether the first item or every one is asked for while no run is under way: its source may draw random numbers, which
   * runs draw too. An order is drawn with the first.
   */
  readonly betweenRuns: 'first' | 'every'
  /** What is thrown when the signal aborts. */
  error(signal: AbortSignal): unknown
}

/** What `items` yields, until the signal aborts, also in the middle of waiting for an item. */
export async function* untilAborted<T>(
  items: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
  reading: Reading,
): AsyncGenerator<T, void, undefined> {
  const throwIfAborted = () => {
    if (signal?.aborted) throw reading.error(signal)
  }
  try {
    for (let isFirst = true; ; isFirst = false) {
      throwIfAborted()
      // In an object, so that nobody waits for the item but for what its source does at once.
      const ask = () => ({ next: items.next() })
      const { next } = isFirst || reading.betweenRuns === 'every' ? await betweenRuns(ask) : ask()
      let result: IteratorResult<T, void>
      try {
        result = await orAborted(next, signal)
      } finally {
        // What is closed because of the signal may well fail, or say that it has come to its end.
        throwIfAborted()
      }
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
    stop = () => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
