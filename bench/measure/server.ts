import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Served } from './results.js'

const program = fileURLToPath(new URL('../opponents/evenkeel/server.ts', import.meta.url))

/** How many clients ask at once, each the next question when it has the answer. */
const CLIENTS = 4

const modes = ['idle', 'captured', 'eager'] as const

/** Measures a server that predicts, while it trains and while it does not. */
export async function measureServer(seconds: number): Promise<Served[]> {
  const served: Served[] = []
  for (const mode of modes) served.push(await measureMode(mode, seconds))
  return served
}

async function measureMode(mode: (typeof modes)[number], seconds: number): Promise<Served> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, mode], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const port = Number((await lines.next()).value)
  // First without requests, so that these do not hold the loop up themselves.
  await wait(1000 * seconds)
  const answers = await askFor(port, seconds)
  child.stdin.end()
  const loop = JSON.parse(String((await lines.next()).value)) as Served['loop']
  await once(child, 'exit')
  answers.sort((a, b) => a - b)
  return {
    mode,
    loop,
    requestsPerSecond: answers.length / seconds,
    p50: answers[Math.floor(answers.length * 0.5)],
    p99: answers[Math.floor(answers.length * 0.99)],
  }
}

/** Asks for that long, and returns how long each answer took, in milliseconds. */
async function askFor(port: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const body = JSON.stringify(Array.from({ length: 128 }, (_, i) => i / 128))
  const end = performance.now() + 1000 * seconds
  const times: number[] = []
  const client = async () => {
    while (performance.now() < end) {
      const begin = performance.now()
      await post(port, agent, body)
      times.push(performance.now() - begin)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  return times
}

function post(port: number, agent: Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body) }
    const asked = request({ port, agent, method: 'POST', host: '127.0.0.1', headers }, (response) => {
      response.resume()
      response.on('end', resolve)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
