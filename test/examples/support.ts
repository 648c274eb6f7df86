import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sample } from '../../examples/server/checks.js'
import { PIXELS } from '../../examples/server/model.js'
import { openServer } from '../../examples/server/server.js'

/** An image that is easily told apart: three rows of white, where the label says. */
export function imageOf(label: number): number[] {
  return Array.from({ length: PIXELS }, (_, i) => (Math.floor(i / (3 * 28)) === label % 10 ? 1 : 0))
}

/** Samples of all digits, with a little noise. */
export function samplesOf(count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const label = (i + Math.floor(i / 10)) % 10
    const pixels = Float32Array.from(imageOf(label), (pixel, j) => Math.abs(pixel - ((i * 31 + j * 17) % 10) / 50))
    return { pixels, label }
  })
}

export async function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'evenkeel-server-'))
}

export interface Site {
  readonly url: string
  readonly folder: string
  close(): Promise<void>
}

/** A server in this process, on a port of its own. */
export async function openSite(samples: readonly Sample[], folder?: string): Promise<Site> {
  const own = folder ?? (await newFolder())
  const { server, close } = await openServer(own, samples)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const closeAll = async () => {
    await close()
    if (folder === undefined) await rm(own, { recursive: true })
  }
  return { url, folder: own, close: closeAll }
}

/** An answer of the server: its status and its JSON. */
export async function ask(url: string, method = 'GET', body?: unknown): Promise<{ status: number; json: Answer }> {
  const headers = body === undefined ? undefined : { 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) })
  return { status: response.status, json: (await response.json()) as Answer }
}

/** Every field that an answer may have. */
export interface Answer {
  readonly error?: string | null
  readonly samples: number
  readonly status: string
  readonly digit: number
  readonly probabilities: readonly number[]
  readonly losses: readonly number[]
  readonly epochs: readonly { epoch: number; loss: number; metrics: { accuracy: number } }[]
}

/** Asks for the status until it is as wanted. */
export async function statusWhen(url: string, isWanted: (status: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const { json } = await ask(`${url}/status`)
    if (isWanted(json)) return json
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
