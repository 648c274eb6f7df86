import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

type AnyIterable = AsyncIterable<unknown> | Iterable<unknown>

/** What can be read, and closed meanwhile. */
interface Closable {
  readonly items: AnyIterable
  close(): unknown
}

/**
 * What `source` yields. It is closed as soon as the signal aborts, also where it has promised an item that never comes.
 */
export async function* closedOnAbort(
  source: AnyIterable,
  signal: AbortSignal,
): AsyncGenerator<unknown, void, undefined> {
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
function closable(source: AnyIterable): Closable {
  if (source instanceof Readable) return { items: source, close: () => source.destroy() }
  if (source instanceof ReadableStream) {
    const reader = (source as ReadableStream<unknown>).getReader()
    return { items: read(reader), close: () => reader.cancel() }
  }
  if (Symbol.asyncIterator in source) {
    const iterator = source[Symbol.asyncIterator]()
    return { items: { [Symbol.asyncIterator]: () => iterator }, close: () => iterator.return?.() }
  }
  const iterator = source[Symbol.iterator]()
  return { items: { [Symbol.iterator]: () => iterator }, close: () => iterator.return?.() }
}

async function* read(reader: ReadableStreamDefaultReader<unknown>): AsyncGenerator<unknown, void, undefined> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
    reader.releaseLock()
  }
}
