// The process of an opponent written in JavaScript: serve.ts LIBRARY THREADS. It speaks measure/protocol.ts.

import { createInterface } from 'node:readline'
import type { Failed, Prepared, Ready, Request, Turn } from '../measure/protocol.js'
import type { Job, Library, Prepare } from './job.js'
import { Reader } from './reader.js'
import type { Kind } from '../workloads/workload.js'

const [name, threads] = process.argv.slice(2)
const { load } = (await import(`./${name}/index.js`)) as { load: (threads: number) => Library | Promise<Library> }
const library = await load(Number(threads))

let job: Job | undefined

answer({ about: library.about })
for await (const line of createInterface({ input: process.stdin })) {
  try {
    answer(await handle(JSON.parse(line) as Request))
  } catch (error) {
    answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
process.exit()

function answer(message: Ready | Prepared | Turn | Failed): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

async function handle(request: Request): Promise<Prepared | Turn> {
  if (request.ask === 'prepare') {
    const { workload, data } = request
    const prepare = library.prepare[workload.kind] as Prepare<Kind> | undefined
    if (prepare === undefined) throw new Error(`${name} cannot do ${workload.kind}`)
    job = await prepare(workload, new Reader(data), Number(threads))
    return { proof: job.proof }
  }
  if (job === undefined) throw new Error('nothing was prepared')
  return takeTurn(job, request.iterations, request.each)
}

/** One turn: from the given data, an iteration or two to warm up, then the timed ones. */
async function takeTurn(job: Job, iterations: number, each: boolean): Promise<Turn> {
  job.begin?.()
  await doAll(job, Math.min(2, iterations))
  const begin = Date.now()
  if (each) {
    const latencies = await doEach(job, iterations)
    return { begin, elapsed: latencies.reduce((sum, latency) => sum + latency, 0), latencies }
  }
  return { begin, elapsed: await doAll(job, iterations), latencies: [] }
}

/** @returns the seconds that it took */
async function doAll({ once, finish }: Job, iterations: number): Promise<number> {
  const begin = performance.now()
  for (let i = 0; i < iterations; i++) once()
  if (finish !== undefined) await finish()
  return (performance.now() - begin) / 1000
}

/** @returns the seconds that each took */
async function doEach({ once, finish }: Job, iterations: number): Promise<number[]> {
  const latencies: number[] = []
  for (let i = 0; i < iterations; i++) {
    const begin = performance.now()
    once()
    if (finish !== undefined) await finish()
    latencies.push((performance.now() - begin) / 1000)
  }
  return latencies
}
