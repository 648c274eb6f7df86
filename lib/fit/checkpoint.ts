import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { tensor } from '../create.js'
import { Generator, GENERATOR_STATE } from '../generator/generator.js'
import { checkPath } from '../io/files.js'
import type { Module } from '../nn/module.js'
import { clone } from '../ops/clone.js'
import type { Tensor } from '../tensor.js'
import type { Totals } from './metrics.js'
import type { EpochSummary, Settings } from './options.js'

/** The states of the random numbers: of all, and of the generators that the loaders may have of their own. */
export interface RandomStates {
  readonly all: Int32Array
  readonly data: Int32Array | undefined
  readonly validation: Int32Array | undefined
}

/** How far training has come, as JSON can say it. */
export interface Position {
  /** How many epochs have been done. */
  epoch: number
  /** How many steps of the next one have been done. */
  step: number
  /** How many steps that epoch has; null if it is not known. */
  steps: number | null
  /** How long these steps took. */
  seconds: number
  /** What they add up to. */
  totals: Totals
  /** The epochs that have been done. */
  history: EpochSummary[]
}

/** Everything that decides how training goes on, beside the model, the optimizer and the scheduler. */
export interface TrainingState {
  readonly position: Position
  /** The random numbers where the epoch began, from which its order follows. */
  readonly start: RandomStates
  /** The random numbers after the last step. */
  readonly now: Int32Array
}

interface Parts {
  readonly model: ReadonlyMap<string, Tensor>
  readonly optimizer: ReadonlyMap<string, Tensor>
  readonly scheduler: object | undefined
}

/**
 * Rejects a path where no file can be written.
 *
 * @throws RangeError if it is no path of a file, Error as the file system reports it
 */
export async function checkPlace(path: string | URL): Promise<void> {
  const file = checkPath('fit', path)
  await access(dirname(file), constants.W_OK)
  const stats = await stat(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
  if (stats?.isDirectory()) throw new RangeError(`fit: ${file}: expected a file, got a folder`)
}

/** The tensors of a checkpoint; those of the model and the optimizer share their elements. */
export function encodeCheckpoint(model: Module, settings: Settings, state: TrainingState): Map<string, Tensor> {
  const { optimizer, scheduler } = settings
  const { all, data, validation } = state.start
  const dict = new Map<string, Tensor>()
  for (const [name, value] of model.stateDict()) dict.set(`model.${name}`, value)
  for (const [name, value] of optimizer.stateDict()) dict.set(`optimizer.${name}`, value)
  dict.set('random.now', tensor(state.now)).set('random.start', tensor(all))
  if (data !== undefined) dict.set('random.data', tensor(data))
  if (validation !== undefined) dict.set('random.validation', tensor(validation))
  return dict.set('progress', encodeJson({ position: state.position, scheduler: scheduler?.stateDict() }))
}

/**
 * Puts what a checkpoint holds into the model, the optimizer and the scheduler.
 *
 * @returns how training goes on
 * @throws Error or RangeError if it is no checkpoint of such training; nothing has changed then
 */
export function restoreCheckpoint(
  where: string,
  model: Module,
  settings: Settings,
  dict: ReadonlyMap<string, Tensor>,
): TrainingState {
  const { position, scheduler } = decodeProgress(where, dict)
  const random = (name: string) => randomState(where, dict, `random.${name}`)
  const [all, now, data, validation] = [random('start'), random('now'), random('data'), random('validation')]
  if (all === undefined || now === undefined) throw damaged(where, 'the random numbers')
  checkPresence(where, 'scheduler', settings.scheduler !== undefined, scheduler !== undefined)
  checkPresence(where, 'seed of data', settings.data.getState() !== undefined, data !== undefined)
  checkPresence(where, 'seed of validation', settings.validation?.getState() !== undefined, validation !== undefined)
  checkMetrics(where, Object.keys(settings.metrics), Object.keys(position.totals.metrics))

  const before = ownParts(model, settings)
  try {
    apply(model, settings, { model: within(dict, 'model.'), optimizer: within(dict, 'optimizer.'), scheduler })
  } catch (error) {
    apply(model, settings, before)
    throw new RangeError(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return { position, start: { all, data, validation }, now }
}

/** A copy of what {@link apply} overwrites. */
function ownParts(model: Module, { optimizer, scheduler }: Settings): Parts {
  const copied = (dict: ReadonlyMap<string, Tensor>) =>
    new Map([...dict].map(([name, value]): [string, Tensor] => [name, clone(value).detach()]))
  return {
    model: copied(model.stateDict()),
    optimizer: copied(optimizer.stateDict()),
    scheduler: scheduler?.stateDict(),
  }
}

function apply(model: Module, { optimizer, scheduler }: Settings, parts: Parts): void {
  model.loadStateDict(parts.model)
  optimizer.loadStateDict(parts.optimizer)
  if (parts.scheduler !== undefined) scheduler?.loadStateDict(parts.scheduler as never)
}

function within(dict: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  const entries = [...dict].filter(([name]) => name.startsWith(prefix))
  return new Map(entries.map(([name, value]) => [name.slice(prefix.length), value]))
}

function damaged(where: string, what: string): Error {
  return new Error(`${where}: expected a checkpoint of fit, got one without ${what}`)
}

function checkPresence(where: string, what: string, isGiven: boolean, wasGiven: boolean): void {
  if (isGiven === wasGiven) return
  throw new RangeError(`${where}: expected ${wasGiven ? 'a' : 'no'} ${what}, as when it was written`)
}

function checkMetrics(where: string, given: readonly string[], kept: readonly string[]): void {
  const [expected, actual] = [kept, given].map((names) => names.toSorted().join(', '))
  if (actual === expected) return
  throw new RangeError(`${where}: expected the metrics { ${expected} }, as when it was written, got { ${actual} }`)
}

function randomState(where: string, dict: ReadonlyMap<string, Tensor>, name: string): Int32Array | undefined {
  const state = dict.get(name)
  if (state === undefined) return undefined
  if (state.dtype !== 'int32' || state.size !== GENERATOR_STATE) throw damaged(where, `${name} as it should be`)
  // What it is set to is thrown away: this checks the state.
  new Generator(0n).setState(state.data as Int32Array)
  return state.data as Int32Array
}

/** The UTF-8 bytes of JSON, each an int32: a file holds nothing but tensors. NaN and the infinities become objects. */
function encodeJson(value: object): Tensor {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? { $number: String(item) } : item,
  )
  return tensor(Int32Array.from(Buffer.from(text)))
}

function decodeProgress(
  where: string,
  dict: ReadonlyMap<string, Tensor>,
): { position: Position; scheduler: object | undefined } {
  const bytes = dict.get('progress')
  if (bytes === undefined) throw damaged(where, 'the progress of training')
  try {
    const value = JSON.parse(Buffer.from(Uint8Array.from(bytes.data)).toString(), (_key, item: unknown) => {
      const { $number } = (item ?? {}) as { $number?: unknown }
      return typeof $number === 'string' ? Number($number) : item
    }) as { position: Position; scheduler?: object }
    const { position, scheduler } = value
    const { epoch, step, seconds, totals, history } = position
    const isWhole = [epoch, step].every((count) => Number.isInteger(count) && count >= 0)
    const isNumeric = [seconds, totals.samples, totals.loss, ...Object.values(totals.metrics)].every(isNumber)
    if (isWhole && isNumeric && Array.isArray(history) && history.length === epoch) return { position, scheduler }
  } catch {
    // What is no JSON, or lacks a part, is as wrong as what has other parts.
  }
  throw damaged(where, 'the progress of training as it should be')
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}
