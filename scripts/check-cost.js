// npm run check:cost [-- --record]: what a training step of the tutorial's model asks for, in counts that do not depend
// on the clock: kernels, multiplications, and memory. Compares with scripts/cost.json, or writes it anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as built from '../dist/backend/index.js'
import { Capture, during } from '../dist/capture.js'
import { compile, nn, optim, randint, randn } from '../dist/index.js'

/** @import * as source from '../lib/backend/index.js' */
/** @typedef {Record<string, number>} Counts */

// The published types say nothing of recording.
const { recordKernels } = /** @type {typeof source} */ (/** @type {unknown} */ (built))

const path = fileURLToPath(new URL('cost.json', import.meta.url))
const sizes = [
  [1, 128],
  [32, 128],
  [256, 512],
]

const cost = Object.fromEntries(sizes.map(([batch, width]) => [`(${batch}, ${width})`, costOf(batch, width)]))

if (process.argv.includes('--record')) {
  writeFileSync(path, `${JSON.stringify(cost, undefined, 2)}\n`)
} else {
  const recorded = /** @type {Record<string, Counts>} */ (JSON.parse(readFileSync(path, 'utf8')))
  const differences = Object.entries(cost).flatMap(([size, counts]) =>
    differencesOf(size, counts, recorded[size] ?? {}),
  )
  for (const line of differences) console.log(line)
  if (differences.length > 0) {
    console.log('If that is meant: npm run check:cost -- --record, and say why in the commit.')
    process.exitCode = 1
  }
}

/**
 * The calls of each kernel in a step, the multiplications of matrices, the arrays that are made, and the memory of the
 * captured step.
 *
 * @param {number} batch
 * @param {number} width
 * @returns {Counts}
 */
function costOf(batch, width) {
  const blocks = [1, 2, 3].flatMap(() => [new nn.LayerNorm(width), new nn.Linear(width, width), new nn.ReLU()])
  const model = new nn.Sequential(...blocks, new nn.Linear(width, 10))
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters())]
  const [input, target] = [randn([batch, width]), randint(0, 10, [batch])]
  const step = () => {
    optimizer.zeroGrad()
    criterion.forward(model.forward(input), target).backward()
    optimizer.step()
  }
  step()

  const capture = new Capture([])
  const calls = recordKernels(() => during(capture, step))
  const captured = compile(step)
  captured()
  const { bytes, bytesWithoutSharing } = captured.info()
  /** @type {Counts} */
  const counts = {}
  for (const name of calls.map((call) => call.name).sort()) counts[name] = (counts[name] ?? 0) + 1
  return {
    kernels: calls.length,
    ...counts,
    multiplications: calls.reduce((sum, { name, args }) => sum + multiplicationsOf(name, args), 0),
    arrays: capture.temporaries.size,
    arrayBytes: [...capture.temporaries].reduce((sum, { byteLength }) => sum + byteLength, 0),
    capturedBytes: bytes,
    capturedBytesWithoutSharing: bytesWithoutSharing,
  }
}

/**
 * Those of the matrices in a call of a kernel.
 *
 * @param {string} name
 * @param {readonly unknown[]} args
 */
function multiplicationsOf(name, args) {
  const product = (/** @type {readonly unknown[]} */ lengths) =>
    lengths.reduce((/** @type {number} */ result, length) => result * Number(length), 1)
  if (name === 'linearForward') return product(args.slice(4, 7))
  if (name !== 'linearBackward') return 0
  const [dx, dWeight] = args
  return product(args.slice(8, 11)) * [dx, dWeight].filter((array) => array !== undefined).length
}

/**
 * @param {string} size
 * @param {Counts} counts
 * @param {Counts} recorded
 */
function differencesOf(size, counts, recorded) {
  const names = new Set([...Object.keys(counts), ...Object.keys(recorded)])
  return [...names].flatMap((name) => {
    const [now, before] = [counts[name] ?? 0, recorded[name] ?? 0]
    return now === before ? [] : [`${size}: ${name} ${before} -> ${now}`]
  })
}
