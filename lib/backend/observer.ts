import type { Kernels } from '../../binding.js'
import type { Script } from './recorder.js'

/** Something that was computed: a kernel, a script, or the kernels of a captured function in one go. */
export interface Observation {
  readonly name: string
  /** When it began and ended, in milliseconds, as `performance.now()` counts them. */
  readonly begin: number
  readonly end: number
  /** The bytes of the arrays that it was given. */
  readonly bytes: number
}

type Observer = (observation: Observation) => void

let observer: Observer | undefined

/** Runs `fn`, and tells `next`, and whoever observes already, of all that is computed meanwhile on this thread. */
export function observe<T>(next: Observer, fn: () => T): T {
  const outer = observer
  observer = (observation) => {
    next(observation)
    outer?.(observation)
  }
  try {
    return fn()
  } finally {
    observer = outer
  }
}

/** Runs a computation on these arguments, under the eyes of whoever wants to know. */
export function run(name: string, script: Script, args: readonly unknown[]): void {
  const given = args as readonly never[]
  if (observer === undefined) {
    script(...given)
    return
  }
  const begin = performance.now()
  script(...given)
  observer({ name, begin, end: performance.now(), bytes: bytesOf(args) })
}

/** The same kernels under the eyes of whoever wants to know; themselves, where nobody does. */
export function observable(kernels: Kernels): Kernels {
  if (observer === undefined) return kernels
  const known = wrapped.get(kernels) ?? wrap(kernels)
  wrapped.set(kernels, known)
  return known
}

const wrapped = new Map<Kernels, Kernels>()

function wrap(kernels: Kernels): Kernels {
  const entries = Object.entries(kernels) as [string, Script][]
  return Object.fromEntries(
    entries.map(([name, script]) => [
      name,
      (...args: readonly unknown[]) => {
        run(name, script, args)
      },
    ]),
  ) as unknown as Kernels
}

function bytesOf(args: readonly unknown[]): number {
  let bytes = 0
  for (const arg of args.flat()) if (ArrayBuffer.isView(arg)) bytes += arg.byteLength
  return bytes
}
