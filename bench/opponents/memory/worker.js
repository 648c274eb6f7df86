// Copies an array of `workerData` numbers as often as it is told to.

import { parentPort, workerData } from 'node:worker_threads'

const from = new Float32Array(workerData).fill(1)
const to = new Float32Array(workerData).fill(2)

parentPort?.on('message', (/** @type {number} */ times) => {
  for (let i = 0; i < times; i++) to.set(from)
  parentPort?.postMessage('done')
})
