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
