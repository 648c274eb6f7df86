import type { Kernels, NativeAddon } from '../../binding.js'
import { memoryToKeep } from './memory.js'
import { loadAddon } from './native.js'
import { observable, run } from './observer.js'
import { type KernelCall, recorded, type Script } from './recorder.js'
import { NativeReplay, type Replay } from './replay.js'
import { reference } from './reference/index.js'
import { threadsWanted } from './threads.js'

/** What computes: the native addon or the TypeScript kernels. */
export interface BackendInfo {
  /** Which implementation of the kernels is in use for `float32`. */
  readonly name: 'native' | 'typescript'
  /** The BLAS library that multiplies matrices, with its version and the processor it is tuned for; or `none`. */
  readonly blas: string
  /** The instruction set that the vector kernels use, in Highway's names (`AVX3` is AVX-512); or `none`. */
  readonly simd: string
  /** How many threads may work on one operation. */
  readonly threads: number
}

interface Backend {
  readonly info: Omit<BackendInfo, 'threads'>
  readonly kernels: Kernels
  /** The kernels of `float64` tensors, in which integers and booleans are computed too. */
  readonly doubles: Kernels
  readonly threads: Pick<NativeAddon, 'getNumThreads' | 'setNumThreads'>
  readonly addon?: NativeAddon
}

const typescript: Backend = {
  info: { name: 'typescript', blas: 'none', simd: 'none' },
  kernels: reference,
  doubles: reference,
  threads: { getNumThreads: () => 1, setNumThreads: () => undefined },
}

/**
 * The kernels of the addon that take doubles: what integers and booleans are made of. Each gives what the TypeScript one
 * gives, to the bit.
 */
const OF_DOUBLES: ReadonlySet<string> = new Set<keyof Kernels>([
  'absForward',
  'add',
  'argmax',
  'copyBlocks',
  'copyStrided',
  'eq',
  'gatherForward',
  'integerPow',
  'le',
  'lt',
  'mul',
  'sub',
  'sum',
  'toBool',
  'toInt32',
])

let active: Backend | undefined

/**
 * Which backend computes, chosen at the first call: the native addon where it can be loaded; else, after one warning on
 * stderr, the TypeScript kernels. The environment variable `EVENKEEL_BACKEND` selects: with `typescript` the addon is
 * not looked for, with `native` its absence is an error.
 *
 * @throws Error if `EVENKEEL_BACKEND` is `native` and no addon can be loaded, or if it is neither of the two names
 */
export function backend(): BackendInfo {
  const { info, threads } = current()
  return { ...info, threads: threads.getNumThreads() }
}

/** @internal How many threads may work on one kernel, and the means to change it. */
export function threads(): Pick<NativeAddon, 'getNumThreads' | 'setNumThreads'> {
  return current().threads
}

/**
 * @internal The kernels that compute on arrays of this type. For `float64`, which integers and booleans are computed in,
 * the addon has only those that need no rounding: the others are the TypeScript ones.
 */
export function kernels(dtype: 'float32' | 'float64' | 'int32' | 'bool'): Kernels {
  const chosen = dtype === 'float32' ? current().kernels : current().doubles
  return calls === undefined ? observable(chosen) : recording(chosen)
}

/**
 * @internal Runs what an operation computes on elements without a kernel: with all that it uses as arguments, so that it
 * can be recorded as a kernel is.
 */
export function runScript<Args extends readonly unknown[]>(script: (...args: Args) => void, ...args: Args): void {
  run(script.name, script as unknown as Script, args)
  calls?.push({ name: script.name, script: script as unknown as Script, args })
}

/** What is being recorded, and the kernels that do it. */
let calls: KernelCall[] | undefined
const recorders = new Map<Kernels, Kernels>()

function recording(kernels: Kernels): Kernels {
  const known = recorders.get(kernels) ?? recorded(kernels, (call) => calls?.push(call))
  recorders.set(kernels, known)
  return known
}

/** @internal What makes calls of kernels again without JavaScript; `undefined` if some of them are not native. */
export function nativeReplay(calls: readonly KernelCall[]): Replay | undefined {
  const { addon } = current()
  if (addon === undefined) return undefined
  const native = Object.fromEntries<Script>(scriptsOf(addon.kernels))
  if (calls.some(({ name, script }) => script !== native[name])) return undefined
  return new NativeReplay(addon, calls)
}

function scriptsOf(kernels: Kernels): [string, Script][] {
  return Object.entries(kernels) as [string, Script][]
}

/** @internal Runs `fn` and returns the calls of kernels and scripts that it makes, in their order. */
export function recordKernels(fn: () => void): KernelCall[] {
  const outer = calls
  const own: KernelCall[] = []
  calls = own
  try {
    fn()
  } finally {
    calls = outer
  }
  return own
}

function current(): Backend {
  return (active ??= choose(process.env.EVENKEEL_BACKEND))
}

function choose(wish: string | undefined): Backend {
  switch (wish) {
    case 'typescript':
      return typescript
    case 'native':
      return native()
    case undefined:
    case '':
      return nativeOrTypescript()
    default:
      throw new Error(`EVENKEEL_BACKEND: expected native or typescript, got ${JSON.stringify(wish)}`)
  }
}

function native(): Backend {
  const addon = loadAddon()
  // Another thread of the process may have done it already.
  if (addon.getNumThreads() === 0) {
    addon.setNumThreads(threadsWanted(process.env.EVENKEEL_NUM_THREADS))
    const bytes = memoryToKeep(process.env)
    if (bytes !== undefined) addon.keepFreedMemory(bytes)
  }
  return {
    info: { name: 'native', ...addon.info() },
    // Operations pass arrays of their dtype only, and kernels(dtype) hands these out for it alone.
    kernels: addon.kernels,
    doubles: { ...reference, ...Object.fromEntries(scriptsOf(addon.kernels).filter(([name]) => OF_DOUBLES.has(name))) },
    threads: addon,
    addon,
  }
}

function nativeOrTypescript(): Backend {
  try {
    return native()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.warn(
      `evenkeel: using the TypeScript kernels, which are much slower, because ${reason}\n` +
        'Set EVENKEEL_BACKEND=typescript to choose them without this warning.',
    )
    return typescript
  }
}
