// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html
import type { ServerResponse } from 'node:http'

/** How much may wait for a client that does not read, in bytes, before it is let go. */
const MOST_WAITING = 2 ** 20

/** How often a line keeps the connection alive, in milliseconds. */
const HEARTBEAT = 15_000

/** The clients of GET /events. */
export class EventStream {
  readonly #clients = new Set<ServerResponse>()
  readonly #heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT).unref()

  /** Begins a stream of events, the first of which is `first`. */
  add(response: ServerResponse, name: string, first: unknown): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(eventOf(name, first))
    this.#clients.add(response)
    response.on('close', () => this.#clients.delete(response))
  }

  /** Tells every client. */
  send(name: string, value: unknown): void {
    this.#write(eventOf(name, value))
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#heartbeat)
    for (const client of this.#clients) client.end()
  }

  #write(text: string): void {
    for (const client of this.#clients) {
      if (client.writableLength > MOST_WAITING) client.destroy()
      else client.write(text)
    }
  }
}

function eventOf(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`
}
