import { typeError } from '../check.js'
import { betweenRuns } from '../compile/queue.js'
import { untilAborted } from '../compile/until_aborted.js'
import { load, save } from '../io/files.js'
import type { UnaryModule } from '../nn/sequential.js'
import { OneCycleLR } from '../optim/lr_scheduler/one_cycle_lr.js'
import { ReduceLROnPlateau } from '../optim/lr_scheduler/reduce_lr_on_plateau.js'
import { getRngState, setRngState } from '../random.js'
import { Tensor } from '../tensor.js'
import { AbortError, throwIfAborted } from './abort.js'
import { checkPlace, encodeCheckpoint, type Position, type RandomStates, restoreCheckpoint } from './checkpoint.js'
import { addBatch, type Averages, averagesOf, noTotals, type Totals } from './metrics.js'
import type { Batches, EpochSummary, Settings } from './options.js'
import type { Progress } from './progress.js'
import { makeEvaluation, makeStep, type Step } from './step.js'

/** A training that is under way: its position, and what a checkpoint must know of the random numbers. */
export class Training {
  readonly #model: UnaryModule
  readonly #settings: Settings
  readonly #step: Step
  readonly #evaluate: Step
  #position: Position
  /** The random numbers where the epoch under way began; none between epochs. */
  #start: RandomStates | undefined
  /** The random numbers after the last step, while others draw from them: known batches, validation. */
  #held: Int32Array | undefined

  constructor(model: UnaryModule, settings: Settings) {
    this.#model = model
    this.#settings = settings
    const { loss, optimizer, compile } = settings
    this.#step = makeStep(model, loss, optimizer, compile)
    this.#evaluate = makeEvaluation(model, loss, compile)
    this.#position = { epoch: 0, step: 0, steps: null, seconds: 0, totals: noTotals(settings.metrics), history: [] }
  }

  /** Rejects, before anything has changed, what would fail after an epoch. */
  async check(): Promise<void> {
    const { data, validation, checkpoint } = this.#settings
    if (data.knownLength === 0) throw noBatches('data')
    if (validation?.knownLength === 0) throw noBatches('validation')
    if (checkpoint !== undefined) await checkPlace(checkpoint.path)
  }

  /** Takes over the checkpoint, if there is one to go on from. */
  async resume(): Promise<void> {
    const { checkpoint, data } = this.#settings
    if (!checkpoint?.resume) return
    const dict = await load(checkpoint.path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    })
    if (dict === undefined) return
    const where = `fit: ${String(checkpoint.path)}`
    const { position, start, now } = restoreCheckpoint(where, this.#model, this.#settings, dict)
    const steps = data.knownLength ?? null
    if (position.step > 0 && position.steps !== steps) {
      throw new RangeError(`${where}: expected data of ${position.steps} batches, as when it was written, got ${steps}`)
    }
    this.#position = position
    this.#start = start
    this.#held = position.step > 0 ? now : undefined
  }

  /** Trains up to the last epoch. */
  async run(progress: Progress): Promise<EpochSummary[]> {
    try {
      while (this.#position.epoch < this.#settings.epochs) await this.#epoch(progress)
      // What comes after a checkpoint of all epochs draws the random numbers that came after them.
      const start = this.#start
      if (start !== undefined) await betweenRuns(() => this.#goOnFrom(start))
    } catch (error) {
      if (error instanceof AbortError) await this.#save()
      throw error
    }
    return this.#position.history
  }

  async #epoch(progress: Progress): Promise<void> {
    const { validation, onEpoch } = this.#settings
    await this.#train(progress)
    const position = this.#position
    const { totals, seconds } = position
    const trained = averages('data', totals)
    const validated = validation === undefined ? undefined : await this.#validate(validation)
    this.#schedule(validated)
    const summary: EpochSummary = {
      epoch: position.epoch + 1,
      ...trained,
      ...(validated === undefined ? {} : { validation: validated }),
      seconds,
      samplesPerSecond: totals.samples / seconds,
    }
    const history = [...position.history, summary]
    const fresh = { step: 0, steps: null, seconds: 0, totals: noTotals(this.#settings.metrics) }
    this.#position = { ...fresh, epoch: summary.epoch, history }
    this.#start = undefined
    progress.epoch(summary)
    if (onEpoch) await betweenRuns(() => onEpoch(summary))
    throwIfAborted(this.#settings.signal)
    await this.#save()
  }

  async #train(progress: Progress): Promise<void> {
    const { data, metrics, scheduler, signal, checkpoint, onStep } = this.#settings
    const position = this.#position
    const batches = await betweenRuns(() => this.#begin())
    position.steps = data.knownLength ?? null
    this.#model.train()
    let last = performance.now()
    for await (const batch of untilAborted(batches, signal, reading)) {
      const [input, target] = checkBatch('data', batch)
      const [value, output] = await this.#step(input, target)
      const loss = value.item()
      addBatch(position.totals, metrics, { loss, output, target, size: sizeOf(input) })
      position.step += 1
      position.seconds += (performance.now() - last) / 1000
      last = performance.now()
      if (scheduler instanceof OneCycleLR) scheduler.step()
      const summary = { epoch: position.epoch + 1, step: position.step, steps: position.steps ?? undefined, loss }
      progress.step(summary)
      if (onStep) await betweenRuns(() => onStep(summary))
      throwIfAborted(signal)
      if (checkpoint?.every !== undefined && position.step % checkpoint.every === 0) await this.#save()
    }
  }

  /** The batches of the epoch that have not been trained on; the random numbers are where they were then. */
  #begin(): ReturnType<Batches['batchesAfter']> {
    const { data, signal } = this.#settings
    if (this.#start === undefined) this.#start = this.#randomStates()
    else this.#goOnFrom(this.#start)
    return data.batchesAfter(this.#position.step, () => betweenRuns(() => this.#release()), signal)
  }

  #goOnFrom(states: RandomStates): void {
    const { data, validation } = this.#settings
    setRngState(new Tensor<'int32'>(states.all, [states.all.length]))
    if (states.data) data.setState(states.data)
    if (states.validation) validation?.setState(states.validation)
  }

  #randomStates(): RandomStates {
    const { data, validation } = this.#settings
    return { all: getRngState().data, data: data.getState(), validation: validation?.getState() }
  }

  /** Puts the random numbers back to where they were held. */
  #release(): void {
    if (this.#held) setRngState(new Tensor<'int32'>(this.#held, [this.#held.length]))
    this.#held = undefined
  }

  async #validate(validation: Batches): Promise<Averages> {
    const { metrics, signal } = this.#settings
    const totals = noTotals(metrics)
    const batches = await betweenRuns(() => {
      this.#held = getRngState().data
      return validation.batchesAfter(0, () => undefined, signal)
    })
    this.#model.eval()
    for await (const batch of untilAborted(batches, signal, reading)) {
      const [input, target] = checkBatch('validation', batch)
      const [value, output] = await this.#evaluate(input, target)
      addBatch(totals, metrics, { loss: value.item(), output, target, size: sizeOf(input) })
    }
    this.#held = undefined
    return averages('validation', totals)
  }

  #schedule(validated: Averages | undefined): void {
    const { scheduler } = this.#settings
    if (scheduler instanceof OneCycleLR) return
    if (!(scheduler instanceof ReduceLROnPlateau)) scheduler?.step()
    else if (validated !== undefined) scheduler.step(validated.loss)
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.#settings
    if (checkpoint === undefined) return
    const encoded = await betweenRuns(() => {
      const start = this.#start ?? this.#randomStates()
      const now = this.#held ?? getRngState().data
      return encodeCheckpoint(this.#model, this.#settings, { position: this.#position, start, now })
    })
    await save(checkpoint.path, encoded)
  }
}

const reading = { betweenRuns: 'every', error: (signal: AbortSignal) => new AbortError(signal) } as const

function checkBatch(from: string, batch: unknown): readonly [input: Tensor, target: Tensor] {
  if (Array.isArray(batch) && batch.length === 2 && batch.every((item) => Tensor.isTensor(item))) {
    return batch as [Tensor, Tensor]
  }
  throw typeError('fit', `every batch of ${from}`, 'an array [input, target] of two tensors', batch)
}

function averages(from: string, totals: Totals): Averages {
  if (totals.samples > 0) return averagesOf(totals)
  throw noBatches(from)
}

function noBatches(from: string): RangeError {
  return new RangeError(`fit: expected ${from} to give one batch at least, got none`)
}

/** How many samples a batch has. */
function sizeOf({ shape }: Tensor): number {
  return shape[0] ?? 1
}
