import type { Averages } from './metrics.js'
import type { EpochSummary, StepSummary } from './options.js'

/** What shows how far training has come. */
export interface Progress {
  step(step: StepSummary): void
  epoch(epoch: EpochSummary): void
  stop(): void
}

/** Where progress is written: the standard error, or what stands in for it. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Shows nothing. */
export const noProgress: Progress = { step: () => undefined, epoch: () => undefined, stop: () => undefined }

/** A line for each epoch; on a terminal, a bar for the steps of the one that is under way as well. */
export async function createProgress(epochs: number, output: Output = process.stderr): Promise<Progress> {
  const bars = output.isTTY ? await loadBars() : undefined
  let bar: Bar | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    step({ epoch, step, steps, loss }) {
      bar ??= bars?.(`Epoch ${epoch}/${epochs}`, steps, output)
      bar?.update(step, { loss: loss.toFixed(4) })
    },
    epoch(epoch) {
      stop()
      output.write(`${lineOf(epoch, epochs)}\n`)
    },
    stop,
  }
}

/** `Epoch 2/6: loss 0.2713, accuracy 0.9172, validation loss 0.2001, accuracy 0.9391, 15320 samples/s` */
function lineOf({ epoch, validation, samplesPerSecond, ...training }: EpochSummary, epochs: number): string {
  const parts = [numbersOf(training), ...(validation ? [`validation ${numbersOf(validation)}`] : [])]
  return `Epoch ${epoch}/${epochs}: ${parts.join(', ')}, ${Math.round(samplesPerSecond)} samples/s`
}

function numbersOf({ loss, metrics }: Averages): string {
  return Object.entries({ loss, ...metrics })
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(', ')
}

interface Bar {
  update(value: number, payload: { loss: string }): void
  stop(): void
}

/** The package is for those who have it: programs that show no bar do without, and it is not loaded for a server. */
async function loadBars(): Promise<((title: string, total: number | undefined, output: Output) => Bar) | undefined> {
  // eslint-disable-next-line no-restricted-syntax -- an optional package, of which no room of lib is part
  const { SingleBar } = (await import('cli-progress').catch(() => undefined))?.default ?? {}
  if (SingleBar === undefined) return undefined
  return (title, total, output) => {
    const extent = total === undefined ? 'step {value}' : '[{bar}] {percentage}% | {value}/{total}'
    const format = `${title} ${extent} | loss {loss}`
    const bar = new SingleBar({ format, stream: output, clearOnComplete: true, hideCursor: true, barsize: 30 })
    bar.start(total ?? 0, 0, { loss: '-' })
    return bar
  }
}
