// What every route needs: JSON in, JSON out, and errors that say what was wrong.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** An answer other than success: its status, and what was wrong. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message)
  }
}

/** The JSON that a request carries. A body of more than `limit` bytes is read to its end, but not kept. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers['content-type']?.split(';')[0].trim().toLowerCase()
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= limit) chunks.push(chunk)
    else chunks.length = 0
  }
  if (length > limit) throw new HttpError(413, `expected a body of at most ${limit} bytes, got ${length}`)
  if (length === 0) return {}
  if (type !== 'application/json')
    throw new HttpError(415, `expected application/json, got ${type ?? 'no content type'}`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch (error) {
    throw new HttpError(400, `expected JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(body)
}

/** Answers what is no HTTP, and ends the connection. */
export function refuse(error: Error, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy()
  const body = JSON.stringify({ error: `expected an HTTP request: ${error.message}` })
  const head = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`
  socket.end(`HTTP/1.1 400 Bad Request\r\n${head}\r\n\r\n${body}`)
}
