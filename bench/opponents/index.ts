import { fileURLToPath } from 'node:url'
import type { Kind } from '../workloads/workload.js'

/** Somebody to measure: how its process is started, and what it can do. */
export interface Opponent {
  readonly name: string
  readonly command: (threads: number) => readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Whether it uses as many threads as it is told to; otherwise it decides for itself. */
  readonly takesThreads: boolean
  readonly kinds: readonly Kind[]
}

const timed: readonly Kind[] = ['train', 'predict', 'layerNormForward', 'layerNormBackward']
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const inNode = (name: string, library: string, kinds: readonly Kind[], env = {}, takesThreads = false): Opponent => ({
  name,
  command: (threads) => [process.execPath, '--import', 'tsx', path('serve.ts'), library, String(threads)],
  env,
  takesThreads,
  kinds,
})

const native = { EVENKEEL_BACKEND: 'native' }

/** The one that all others are compared with. */
export const evenkeel = inNode('evenkeel', 'evenkeel', [...timed, 'products', 'sgemm'], native, true)

/** Copies memory: the roofline of what only moves numbers. */
export const memory = inNode('memcpy', 'memory', ['copy'], {}, true)

export const inJavaScript: readonly Opponent[] = [
  inNode('evenkeel, compiled', 'evenkeel', ['train', 'predict'], { ...native, EVENKEEL_BENCH_COMPILED: '1' }, true),
  inNode('evenkeel, TypeScript', 'evenkeel', timed, { EVENKEEL_BACKEND: 'typescript' }),
  inNode('jax-js wasm', 'jax_js', timed),
  inNode('tfjs-wasm', 'tfjs', timed, { EVENKEEL_BENCH_TFJS: 'wasm' }),
  inNode('tfjs-cpu', 'tfjs', timed, { EVENKEEL_BENCH_TFJS: 'cpu' }),
]

/** The opponents of one Python interpreter. */
export function inPython(interpreter: string): readonly Opponent[] {
  const opponent = (name: string, library: string, kinds: readonly Kind[]): Opponent => ({
    name,
    command: (threads) => [interpreter, path('python/serve.py'), library, String(threads)],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    takesThreads: true,
    kinds,
  })
  return [
    opponent('PyTorch eager', 'pytorch_eager', [...timed, 'sgemm', 'copy']),
    opponent('PyTorch compile', 'pytorch_compile', ['train', 'predict']),
    opponent('JAX jit', 'jax_jit', timed),
  ]
}
