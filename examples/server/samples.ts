// The samples to learn from: those that the server began with, and those that were sent to it, which a file keeps.
import { existsSync } from 'node:fs'
import { load, save, tensor, TensorDataset } from 'evenkeel'
import type { Sample } from './checks.js'
import { PIXELS } from './model.js'

/** Of how many samples one is held back, to validate with. */
const HELD_BACK = 10

export class Samples {
  #samples: readonly Sample[]
  readonly #given: number
  readonly #path: string
  #added: Promise<unknown> = Promise.resolve()

  private constructor(given: readonly Sample[], added: readonly Sample[], path: string) {
    this.#samples = [...given, ...added]
    this.#given = given.length
    this.#path = path
  }

  /** The samples given, and those that the file at `path` holds, if there is one. */
  static async open(given: readonly Sample[], path: string): Promise<Samples> {
    return new Samples(given, existsSync(path) ? await loadSamples(path) : [], path)
  }

  get length(): number {
    return this.#samples.length
  }

  /** Adds samples, one request after the other, and keeps none where the file cannot be written. */
  add(samples: readonly Sample[]): Promise<void> {
    const adding = this.#added.then(async () => {
      const all = [...this.#samples, ...samples]
      await saveSamples(this.#path, all.slice(this.#given))
      this.#samples = all
    })
    this.#added = adding.catch(() => undefined)
    return adding
  }

  /** The first `count` samples: one of ten to validate with, if there are as many, the others to train on. */
  split(count: number): { training: TensorDataset; validation: TensorDataset | undefined } {
    const isHeldBack = (_: unknown, i: number) => i % HELD_BACK === HELD_BACK - 1
    const samples = this.#samples.slice(0, count)
    const heldBack = samples.filter(isHeldBack)
    return {
      training: toDataset(samples.filter((sample, i) => !isHeldBack(sample, i))),
      validation: heldBack.length > 0 ? toDataset(heldBack) : undefined,
    }
  }
}

function toTensors(samples: readonly Sample[]) {
  const pixels = new Float32Array(samples.length * PIXELS)
  samples.forEach((sample, i) => pixels.set(sample.pixels, i * PIXELS))
  const labels = Int32Array.from(samples, ({ label }) => label)
  return { pixels: tensor(pixels, { shape: [samples.length, PIXELS] }), labels: tensor(labels) }
}

function toDataset(samples: readonly Sample[]): TensorDataset {
  const { pixels, labels } = toTensors(samples)
  return new TensorDataset(pixels, labels)
}

async function saveSamples(path: string, samples: readonly Sample[]): Promise<void> {
  await save(path, new Map(Object.entries(toTensors(samples))))
}

async function loadSamples(path: string): Promise<Sample[]> {
  const tensors = await load(path)
  const [pixels, labels] = [tensors.get('pixels')?.data, tensors.get('labels')?.data]
  if (!(pixels instanceof Float32Array && labels instanceof Int32Array && pixels.length === labels.length * PIXELS)) {
    throw new Error(`${path}: expected samples, got other tensors`)
  }
  return Array.from(labels, (label, i) => ({ pixels: pixels.slice(i * PIXELS, (i + 1) * PIXELS), label }))
}
