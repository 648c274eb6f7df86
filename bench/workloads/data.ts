import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BLOCKS, CLASSES, type Workload } from './workload.js'

/**
 * Files of the numbers that workloads start from, the same for every opponent; each is one run of little-endian float32:
 *
 *     train, products, predict   input, for each block: norm weight, norm bias, weight (out, in), bias;
 *                                last weight (classes, in), last bias, targets
 *     layerNorm..., copy         x, weight, bias, dy
 *     sgemm                      a, b
 */
export class DataFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'))
  readonly #paths = new Map<string, string>()
  readonly #onExit = () => this.removeAll()

  constructor() {
    process.once('exit', this.#onExit)
  }

  /** The path of the workload's file, which is written when it is asked for first. */
  of(workload: Workload): string {
    const key = JSON.stringify(workload)
    const path = this.#paths.get(key) ?? join(this.#folder, `${this.#paths.size}.f32`)
    if (this.#paths.has(key)) return path
    this.#paths.set(key, path)
    const random = uniform(42)
    for (const part of partsOf(workload, random)) writeFileSync(path, part, { flag: 'a' })
    return path
  }

  removeAll(): void {
    process.off('exit', this.#onExit)
    rmSync(this.#folder, { recursive: true })
  }
}

type Random = () => number

function* partsOf(workload: Workload, random: Random): Generator<Float32Array> {
  switch (workload.kind) {
    case 'train':
    case 'products':
      yield* partsOfModel(workload.batch, workload.width, random)
      return
    case 'predict':
      yield* partsOfModel(1, workload.width, random)
      return
    case 'layerNormForward':
    case 'layerNormBackward':
    case 'copy': {
      const { rows, cols } = workload
      yield within(rows * cols, 2, random)
      yield within(cols, 1, random)
      yield within(cols, 1, random)
      yield within(rows * cols, 1, random)
      return
    }
    case 'sgemm':
      yield within(workload.size ** 2, 1, random)
      yield within(workload.size ** 2, 1, random)
  }
}

/** Weights as PyTorch initialises them: uniform within 1 / sqrt(width). */
function* partsOfModel(batch: number, width: number, random: Random): Generator<Float32Array> {
  const bound = 1 / Math.sqrt(width)
  yield within(batch * width, 2, random)
  for (let block = 0; block < BLOCKS; block++) {
    yield new Float32Array(width).fill(1)
    yield new Float32Array(width)
    yield within(width * width, bound, random)
    yield within(width, bound, random)
  }
  yield within(CLASSES * width, bound, random)
  yield within(CLASSES, bound, random)
  yield Float32Array.from({ length: batch }, () => Math.floor(random() * CLASSES))
}

function within(length: number, bound: number, random: Random): Float32Array {
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++) values[i] = (2 * random() - 1) * bound
  return values
}

/**
 * Numbers from [0, 1), the same in every run.
 *
 * @see https://github.com/cprosche/mulberry32
 */
function uniform(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
