import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

type AnyIterable<T> = AsyncIterable<T> | Iterable<T>

/** What can be read, and closed meanwhile. */
interface Closable<T> {
  readonly items: AnyIterable<T>
  close(): unknown
}

/**
 * What `source` yields. It is closed as soon as the signal aborts, also where it has promised an item that never comes.
 */
export async function* closedOnAbort<T>(
  source: AnyIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const reading = closable(source)
  const close = async () => {
    await reading.close()
  }
  // Whoever aborts has no use for what goes wrong on the way out.
  const abort = () => void close().catch(() => undefined)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    for await (const item of reading.items) yield item
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** A stream that is waiting has to be told by itself: its iterators end after the item they wait for. */
function closable<T>(source: AnyIterable<T>): Closable<T> {
  if (source instanceof Readable) return { items: source, close: () => source.destroy() }
  if (source instanceof ReadableStream) {
    const reader = (source as ReadableStream<T>).getReader()
    return { items: read(reader), close: () => reader.cancel() }
  }
  if (Symbol.asyncIterator in source) {
    const iterator = source[Symbol.asyncIterator]()
    return { items: { [Symbol.asyncIterator]: () => iterator }, close: () => iterator.return?.() }
  }
  const iterator = source[Symbol.iterator]()
  return { items: { [Symbol.iterator]: () => iterator }, close: () => iterator.return?.() }
}

async function* read<T>(reader: ReadableStreamDefaultReader<T>): AsyncGenerator<T, void, undefined> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
    reader.releaseLock()
  }
}
