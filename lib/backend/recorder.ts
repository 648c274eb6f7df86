import type { Kernels } from '../../binding.js'
import { run } from './observer.js'

/** A computation on typed arrays and numbers: a kernel, or one that an operation has written in TypeScript. */
export type Script = (...args: readonly never[]) => void

/** One call of a kernel or script, with its arguments as they were. */
export interface KernelCall {
  readonly name: string
  readonly script: Script
  readonly args: readonly unknown[]
}

/** The same kernels, which tell `log` of every call that succeeds. */
export function recorded(kernels: Kernels, log: (call: KernelCall) => void): Kernels {
  const entries = Object.entries(kernels) as [keyof Kernels, Script][]
  return Object.fromEntries(
    entries.map(([name, script]) => [
      name,
      (...args: readonly never[]) => {
        run(name, script, args)
        log({ name, script, args: args.map((arg) => (Array.isArray(arg) ? [...(arg as unknown[])] : arg)) })
      },
    ]),
  ) as unknown as Kernels
}
