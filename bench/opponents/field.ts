import { execFileSync } from 'node:child_process'
import { inJavaScript, inPython, type Opponent } from './index.js'

/** Left out of a quick run: slow to start or to compute. */
const notQuick = ['tfjs-cpu', 'tfjs-wasm', 'PyTorch compile']

const modules: Readonly<Record<string, readonly string[]>> = {
  'PyTorch eager': ['torch'],
  'PyTorch compile': ['torch'],
  'JAX jit': ['jax', 'optax'],
}

/** The opponents that are there, and what is to be said about those that are not. */
export function findOpponents(
  interpreter: string | undefined,
  quick: boolean,
): { opponents: Opponent[]; notes: string[] } {
  const python = interpreter ? inPython(interpreter) : []
  const installed = interpreter ? installedModules(interpreter) : []
  const isInstalled = ({ name }: Opponent) => (modules[name] ?? []).every((module) => installed.includes(module))
  const isWanted = ({ name }: Opponent) => !quick || !notQuick.includes(name)
  const missing = python.filter((opponent) => !isInstalled(opponent))
  const notes = [
    ...(interpreter ? [] : ['PyTorch and JAX are left out: EVENKEEL_BENCH_PYTHON names no Python interpreter.']),
    ...missing.map(({ name }) => `${name} is left out: ${interpreter} lacks ${modules[name].join(' or ')}.`),
    ...(quick
      ? [`A quick run: ${notQuick.join(', ')}, the largest sizes, growth and four processes at once are left out.`]
      : []),
  ]
  return { opponents: [...inJavaScript, ...python.filter(isInstalled)].filter(isWanted), notes }
}

function installedModules(interpreter: string): string[] {
  const names = [...new Set(Object.values(modules).flat())]
  const program = 'import importlib.util, sys; print(*[n for n in sys.argv[1:] if importlib.util.find_spec(n)])'
  return execFileSync(interpreter, ['-c', program, ...names], { encoding: 'utf8' })
    .trim()
    .split(' ')
}
