// A server that answers predictions of the tutorial's model while another model trains: not at all, step by step on the
// same thread, or captured and on another thread. Told by its argument; it prints its port, and when its standard input
// ends, how long the event loop was held up.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { json } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import { compile, manualSeed, nn, noGrad, optim, randint, randn, tensor, type Tensor } from '../../../dist/index.js'
import { Model } from './model.js'

const [BATCH, WIDTH, PREDICTED_WIDTH] = [256, 512, 128]

/** Milliseconds: less than the shortest delay that matters. */
const RESOLUTION = 1

manualSeed(42)
const mode = process.argv[2]
const answering = new Model(PREDICTED_WIDTH).eval()
const predict = compile((x: Tensor) => noGrad(() => answering.forward(x)))

const server = createServer((request, response) => {
  void json(request).then((row) => {
    const output = predict(tensor(Float32Array.from(row as number[]), { shape: [1, PREDICTED_WIDTH] }))
    response.end(JSON.stringify(output))
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

let [isDone, steps] = [false, 0]
const training = train()
await turn()
const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
delays.enable()
const begin = performance.now()
console.log((server.address() as AddressInfo).port)

process.stdin.resume()
await once(process.stdin, 'end')
delays.disable()
const seconds = (performance.now() - begin) / 1000
isDone = true
await training
// The histogram counts from one timer to the next, in nanoseconds.
const milliseconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
const [p50, p99] = [50, 99].map((percentile) => milliseconds(delays.percentile(percentile)))
console.log(JSON.stringify({ p50, p99, max: milliseconds(delays.max), stepsPerSecond: steps / seconds }))
process.exit(0)

async function train(): Promise<void> {
  if (mode === 'idle') return
  const model = new Model(WIDTH)
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters())]
  const [input, target] = [randn([BATCH, WIDTH]), randint(0, 10, [BATCH])]
  const step = (x: Tensor, t: Tensor) => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), t)
    loss.backward()
    optimizer.step()
    return loss
  }
  const captured = compile(step)
  captured(input, target)
  for (; !isDone; steps++) {
    if (mode === 'captured') {
      await captured.async(input, target)
    } else {
      step(input, target)
      await turn()
    }
  }
}
