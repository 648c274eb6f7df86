import { readFileSync } from 'node:fs'
import { BLOCKS, CLASSES } from '../workloads/workload.js'

/** Reads the arrays of a data file one after the other. */
export class Reader {
  readonly #values: Float32Array
  #position = 0

  constructor(path: string) {
    const { buffer, byteOffset, byteLength } = readFileSync(path)
    this.#values = new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT)
  }

  take(length: number): Float32Array {
    const begin = this.#position
    this.#position += length
    return this.#values.slice(begin, this.#position)
  }
}

/** One block of the tutorial's model: LayerNorm, then Linear with a weight of shape (out, in). */
export interface BlockData {
  normWeight: Float32Array
  normBias: Float32Array
  weight: Float32Array
  bias: Float32Array
}

/** The tutorial's model with an input and targets. */
export interface ModelData {
  input: Float32Array
  blocks: BlockData[]
  lastWeight: Float32Array
  lastBias: Float32Array
  targets: Float32Array
}

export function readModel(data: Reader, batch: number, width: number): ModelData {
  return {
    input: data.take(batch * width),
    blocks: Array.from({ length: BLOCKS }, () => ({
      normWeight: data.take(width),
      normBias: data.take(width),
      weight: data.take(width * width),
      bias: data.take(width),
    })),
    lastWeight: data.take(CLASSES * width),
    lastBias: data.take(CLASSES),
    targets: data.take(batch),
  }
}

/** The weight of shape (rows, cols) as one of shape (cols, rows). */
export function transposed(weight: Float32Array, rows: number, cols: number): Float32Array {
  const result = new Float32Array(weight.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result[j * rows + i] = weight[i * cols + j]
  return result
}
