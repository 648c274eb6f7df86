import type { Elements, Kernels, NativeAddon, NativeProgram } from '../../binding.js'
import { run } from './observer.js'
import type { KernelCall } from './recorder.js'

/** What a run copies before or after each of its steps: as many elements of `all` at a time as `slot` has. */
export interface Feed {
  /** Where the kernels look for it, or leave it. */
  readonly slot: Elements
  /** What it is at each step, one after the other. */
  readonly all: Elements
}

/** Recorded calls of kernels that can be made again. */
export interface Replay {
  /** Whether `runAsync` leaves this thread alone. */
  readonly isOffThread: boolean
  /** Makes them `steps` times: copies the inputs in, runs the kernels, copies the outputs out. */
  run(steps: number, inputs: readonly Feed[], outputs: readonly Feed[]): void
  /** The same on another thread, where there can be one. Until then, nobody may use or transfer the arrays. */
  runAsync(steps: number, inputs: readonly Feed[], outputs: readonly Feed[]): Promise<void>
}

/** Makes the calls again from JavaScript: for kernels that are written in TypeScript. */
export class TypescriptReplay implements Replay {
  readonly isOffThread = false
  readonly #calls: readonly (() => void)[]

  constructor(calls: readonly KernelCall[]) {
    this.#calls = calls.map(
      ({ name, script, args }) =>
        () =>
          run(name, script, args),
    )
  }

  run(steps: number, inputs: readonly Feed[], outputs: readonly Feed[]): void {
    for (let i = 0; i < steps; i++) {
      for (const { slot, all } of inputs) slot.set(part(all, slot, i))
      for (const call of this.#calls) call()
      for (const { slot, all } of outputs) part(all, slot, i).set(slot)
    }
  }

  async runAsync(steps: number, inputs: readonly Feed[], outputs: readonly Feed[]): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.run(steps, inputs, outputs)
  }
}

/** Makes the calls again in one go, from C++. */
export class NativeReplay implements Replay {
  readonly isOffThread = true
  readonly #addon: NativeAddon
  readonly #program: NativeProgram

  constructor(addon: NativeAddon, calls: readonly KernelCall[]) {
    this.#addon = addon
    // The program holds pointers alone: its object, which every run holds, keeps the arrays themselves.
    this.#program = Object.assign(addon.createProgram(), { memory: calls.map(({ args }) => args) })
    for (const { name, args } of calls) addon.recorders[name as keyof Kernels](this.#program, ...args)
  }

  run(steps: number, inputs: readonly Feed[], outputs: readonly Feed[]): void {
    run('captured function', this.#addon.runProgram, [this.#program, steps, flat(inputs), flat(outputs)])
  }

  runAsync(steps: number, inputs: readonly Feed[], outputs: readonly Feed[]): Promise<void> {
    return this.#addon.runProgramAsync(this.#program, steps, flat(inputs), flat(outputs))
  }
}

function part(all: Elements, { length }: Elements, i: number): Elements {
  return all.subarray(i * length, (i + 1) * length)
}

function flat(feeds: readonly Feed[]): Elements[] {
  return feeds.flatMap(({ slot, all }) => [slot, all])
}
