// Training in the background: started and stopped by requests, and taken up again after a restart.
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accuracy, DataLoader, type EpochSummary, fit, load, nn, optim, save, type StepSummary } from 'evenkeel'
import { checkTraining, type TrainingOptions } from './checks.js'
import type { EventStream } from './events.js'
import { HttpError } from './http.js'
import { DigitModel } from './model.js'
import type { Samples } from './samples.js'

/** A training that has begun: how, and on how many samples. A file keeps it until it is over. */
interface Run extends TrainingOptions {
  readonly samples: number
  /** The epochs that have been done. */
  readonly done: readonly EpochSummary[]
}

/** What there is to know of the training. */
export interface TrainingState {
  readonly status: 'idle' | 'training'
  readonly run: Run | null
  readonly epochs: readonly EpochSummary[]
  /** The losses of the last steps. */
  readonly losses: readonly number[]
  /** What went wrong, if something did. */
  readonly error: string | null
}

/** How many losses are kept to show. */
const LOSSES = 2000

/** After how many steps the model that predicts takes over what has been learned, and a checkpoint is written. */
const EVERY = 10
const CHECKPOINT_EVERY = 100

export class Trainer {
  /** The model that predicts: nobody else touches it, so that requests are answered while the other one trains. */
  readonly served = new DigitModel().eval()
  readonly #model = new DigitModel()
  readonly #folder: string
  readonly #samples: Samples
  readonly #events: EventStream
  #controller: AbortController | undefined
  #training: Promise<void> = Promise.resolve()
  #state: TrainingState = { status: 'idle', run: null, epochs: [], losses: [], error: null }

  private constructor(folder: string, samples: Samples, events: EventStream) {
    this.#folder = folder
    this.#samples = samples
    this.#events = events
  }

  /** The trainer whose files are in `folder`; a training that was under way when they were written goes on. */
  static async open(folder: string, samples: Samples, events: EventStream): Promise<Trainer> {
    const trainer = new Trainer(folder, samples, events)
    const weights = trainer.#path('model.safetensors')
    if (existsSync(weights)) trainer.#model.loadStateDict(await load(weights))
    trainer.#serve()
    const run = trainer.#path('run.json')
    if (existsSync(run)) trainer.#begin(await readRun(run))
    return trainer
  }

  get state(): TrainingState {
    return this.#state
  }

  /** Begins to train on the samples that there are. */
  async start(options: TrainingOptions): Promise<Run> {
    if (this.#controller !== undefined) throw new HttpError(409, 'expected no training to be under way')
    if (this.#samples.length === 0) throw new HttpError(409, 'expected samples to train on; POST /samples takes them')
    this.#controller = new AbortController()
    const run: Run = { ...options, samples: this.#samples.length, done: [] }
    try {
      await rm(this.#path('run.safetensors'), { force: true })
      await this.#keep(run)
    } catch (error) {
      this.#controller = undefined
      throw error
    }
    this.#begin(run, this.#controller)
    return run
  }

  /** Stops training; what was learned is kept. */
  async stop(): Promise<void> {
    if (this.#controller === undefined) throw new HttpError(409, 'expected a training to be under way')
    this.#controller.abort('stop')
    await this.#training
  }

  /** Stops training with a checkpoint, from which it goes on when the server is started again. */
  async shutDown(): Promise<void> {
    this.#controller?.abort('shut down')
    await this.#training
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }

  async #keep(run: Run): Promise<void> {
    await writeFile(this.#path('run.json.tmp'), JSON.stringify(run))
    await rename(this.#path('run.json.tmp'), this.#path('run.json'))
  }

  #update(change: Partial<TrainingState>): void {
    this.#state = { ...this.#state, ...change }
  }

  #serve(): void {
    this.served.loadStateDict(this.#model.stateDict())
  }

  #begin(run: Run, controller = new AbortController()): void {
    this.#controller = controller
    this.#update({ status: 'training', run, epochs: run.done, losses: [], error: null })
    this.#events.send('state', this.#state)
    this.#training = this.#trainToTheEnd(run, controller.signal).finally(() => {
      this.#controller = undefined
      this.#update({ status: 'idle' })
      this.#events.send('state', this.#state)
    })
  }

  /** Trains, and keeps what was learned; before a restart, fit's checkpoint is all that is needed. */
  async #trainToTheEnd(run: Run, signal: AbortSignal): Promise<void> {
    try {
      await this.#train(run, signal)
    } catch (error) {
      if (signal.reason === 'shut down') return
      if (!signal.aborted) this.#fail(error)
    }
    await this.#finish().catch((error: unknown) => this.#fail(error))
  }

  #fail(error: unknown): void {
    console.error(error)
    this.#update({ error: error instanceof Error ? error.message : String(error) })
  }

  async #train(run: Run, signal: AbortSignal): Promise<void> {
    const { training, validation } = this.#samples.split(run.samples)
    const optimizer = new optim.AdamW(this.#model.parameters(), { lr: run.learningRate })
    const { batchSize, epochs } = run
    await fit(this.#model, {
      data: new DataLoader(training, { batchSize, shuffle: true }),
      validation: validation && new DataLoader(validation, { batchSize: 500 }),
      loss: new nn.CrossEntropyLoss(),
      optimizer,
      scheduler: new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs),
      epochs,
      metrics: { accuracy },
      signal,
      checkpoint: { path: this.#path('run.safetensors'), every: CHECKPOINT_EVERY, resume: true },
      onStep: (step) => this.#onStep(step),
      onEpoch: (epoch) => this.#onEpoch(run, epoch),
    })
  }

  // fit calls these between two steps: the parameters are not in use.
  #onStep(step: StepSummary): void {
    if (this.#state.losses.length === 0 || step.step % EVERY === 0) this.#serve()
    this.#update({ losses: [...this.#state.losses, step.loss].slice(-LOSSES) })
    this.#events.send('step', step)
  }

  async #onEpoch(run: Run, epoch: EpochSummary): Promise<void> {
    this.#serve()
    // After a crash, an epoch may be done once more.
    const epochs = [...this.#state.epochs.filter((earlier) => earlier.epoch < epoch.epoch), epoch]
    this.#update({ epochs })
    this.#events.send('epoch', epoch)
    await this.#keep({ ...run, done: epochs })
  }

  /** Keeps what was learned, and forgets how. */
  async #finish(): Promise<void> {
    this.#serve()
    await save(this.#path('model.safetensors'), this.#model.stateDict())
    await rm(this.#path('run.json'), { force: true })
    await rm(this.#path('run.safetensors'), { force: true })
  }
}

/** The training that a file keeps. */
async function readRun(path: string): Promise<Run> {
  try {
    const { samples, done, ...options } = JSON.parse(await readFile(path, 'utf8')) as Run
    if (!Number.isInteger(samples) || !Array.isArray(done)) throw new Error('it has no samples, or no epochs')
    return { ...checkTraining(options), samples, done }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${path}: expected a training that can go on; without the file, none does: ${reason}`, {
      cause: error,
    })
  }
}
