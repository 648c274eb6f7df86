/** The runs on other threads that were asked for, in their order: each begins when the one before has ended. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Calls `job` when its turn has come.
 *
 * @throws (as a rejection) the reason of `signal`, if it is aborted before: the job is not called then
 */
export async function inTurn<T>(job: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const turn = last
  let leave: () => void = () => undefined
  last = new Promise<void>((resolve) => (leave = resolve))
  try {
    await turnOrAbort(turn, signal)
    signal?.throwIfAborted()
    return await job()
  } finally {
    void turn.then(leave)
  }
}

async function turnOrAbort(turn: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return
  let stop: () => void = () => undefined
  const aborted = new Promise<void>((resolve) => (stop = resolve))
  signal?.addEventListener('abort', stop, { once: true })
  await Promise.race([turn, aborted])
  signal?.removeEventListener('abort', stop)
}
