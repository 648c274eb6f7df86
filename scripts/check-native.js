// npm run check:native: the formatting of the C++ sources, and what clang-tidy finds in them.

import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {{ ok: boolean, output: string }} Outcome */

const root = fileURLToPath(new URL('..', import.meta.url))

/** Of the instruction sets that a kernel is compiled for, one will do: the sources are the same. */
const oneTarget = '--extra-arg=-DHWY_COMPILE_ONLY_STATIC'

/**
 * How many states the static analyzer explores in a function, instead of 225,000: of the loops of a few kernels, the
 * rest are repetitions that take ten times as long as all other checks. What these do at run time, AddressSanitizer and
 * UndefinedBehaviorSanitizer watch in the C++ tests.
 */
const states = ['-analyzer-config', 'max-nodes=20000'].flatMap((arg) => ['--extra-arg=-Xclang', `--extra-arg=${arg}`])

/** Three quarters of the time go into the paths through doctest's macros. */
const withoutAnalyzer = '--checks=-clang-analyzer-*'
const tests = join('native', 'test')

/** Of the sources for a BLAS library each, the one that is compiled where nobody asks for another. */
const blas = join('native', 'blas')
const otherBlas = (/** @type {string} */ file) => file.startsWith(blas) && file !== join(blas, 'openblas.cpp')

/** Names and folders of the sources, as git shows them. */
const files = ['binding', 'blas', 'kernels', 'replay', 'test']
  .map((folder) => join('native', folder))
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((file) => /\.(h|cpp)$/.test(file))

await expectSuccess('clang-format', ['--dry-run', '--Werror', ...files])
const database = join('build', 'check')
const headers = join(root, 'node_modules', 'node-api-headers', 'include')
const options = ['-DKERNEL_TESTS=ON', '-DNODE_ADDON=ON', `-DCMAKE_JS_INC=${headers}`]
await expectSuccess('cmake', ['-S', '.', '-B', database, ...options])
await tidyAll(files.filter((file) => file.endsWith('.cpp') && !otherBlas(file)))

/**
 * Runs clang-tidy over the files, as many at a time as there are processors. Headers are checked by way of the sources
 * that include them.
 *
 * @param {string[]} sources
 */
async function tidyAll(sources) {
  const waiting = [...sources]
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const checks = file.startsWith(tests) ? [withoutAnalyzer] : []
      await expectSuccess('clang-tidy', ['--quiet', '-p', database, oneTarget, ...states, ...checks, file])
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
}

/**
 * Runs a program of which only failures are of interest: shows what it printed, and lets this process fail in the end.
 *
 * @param {string} program
 * @param {string[]} args
 */
async function expectSuccess(program, args) {
  const { ok, output } = await run(program, args)
  if (ok) return
  process.exitCode = 1
  process.stdout.write(output)
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<Outcome>}
 */
function run(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: root, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const reason = error && error.code === 'ENOENT' ? `check-native: ${program} is not installed\n` : ''
      resolve({ ok: error === null, output: `${reason}${stdout}${stderr}` })
    })
  })
}
