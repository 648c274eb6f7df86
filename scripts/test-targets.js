// npm run test:targets [-- x64 | arm64]: the tests of the kernels, as they are in the prebuilt binaries, with every
// instruction set and with each of OpenBLAS's kernels; on this machine's processor and, emulated, on Arm, unless one is
// named. Each test holds results to the bounds that it states.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { obstacleToRoots, tryInRoot } from './debian/root.js'
import { targets } from './prebuild/recipe.js'
import {
  buildHighway,
  buildKernelTests,
  buildOpenBlas,
  fetchDoctest,
  fetchSources,
  makeSystem,
} from './prebuild/steps.js'
import { logTail, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { installPackages } from './setup/npm.js'
import { makeSystem as makeBareSystem } from './test-package/systems.js'
import { summaryLine } from './test-results.js'

/** @import { Machine } from './setup/machine.js' */
/** @import { Target } from './prebuild/recipe.js' */
/** @import { System } from './test-package/systems.js' */

/** The flag in /proc/cpuinfo of a processor that can run OpenBLAS's kernels for a core; it would not ask. */
const flags = { SANDYBRIDGE: 'avx', HASWELL: 'avx2', ZEN: 'avx2', SKYLAKEX: 'avx512vl', COOPERLAKE: 'avx512_bf16' }

void main(async () => {
  const machine = thisMachine()
  const obstacle = obstacleToRoots(machine)
  if (obstacle !== undefined) {
    process.stdout.write(`test:targets is skipped: no root file system can be made here: ${obstacle}.\n`)
    return 0
  }
  await installPackages(machine)
  const archs = process.argv.length > 2 ? process.argv.slice(2) : [...new Set([process.arch, 'arm64'])]
  const result = { passed: 0, failed: 0, skipped: 0 }
  for (const target of archs.map((arch) => targets[arch])) {
    const program = await build(machine, target)
    const system = await makeBareSystem(machine, target.arch)
    for (const core of [undefined, ...target.cores]) {
      const { kind, text } = await run(machine, { system, program, target, core })
      result[kind] += 1
      process.stdout.write(`linux-${target.arch}, ${core || 'as it would choose'}: ${text}\n`)
    }
  }
  process.stdout.write(`\n${summaryLine(result)}\n`)
  return result.failed > 0 ? 1 : 0
})

/**
 * @param {Machine} machine
 * @param {Target} target
 * @returns {Promise<string>} the folder with the tests
 */
async function build(machine, target) {
  const system = await makeSystem(machine)
  const code = await fetchSources(machine, system)
  const openBlas = await buildOpenBlas(machine, { system, code, target })
  const highway = await buildHighway(machine, { system, code, target })
  const doctest = await fetchDoctest(machine, system)
  process.stdout.write(`compiling the tests for linux-${target.arch} ...\n`)
  return join(await buildKernelTests(machine, { system, openBlas, highway, doctest, target }), '..')
}

/**
 * All tests on the core that OpenBLAS chooses, and those of products on another one.
 *
 * @param {Machine} machine
 * @param {{ system: System, program: string, target: Target, core?: string }} what
 * @returns {Promise<{ kind: 'passed' | 'failed' | 'skipped', text: string }>}
 */
async function run(machine, { system, program, target, core }) {
  const flag = flags[/** @type {keyof typeof flags} */ (core)]
  if (flag && !readFileSync('/proc/cpuinfo', 'utf8').includes(` ${flag} `)) {
    return { kind: 'skipped', text: `left out: this processor has no ${flag}` }
  }
  const name = `test-targets-${system.arch}`
  const outcome = await tryInRoot(machine, system.root, {
    name,
    command: [...system.runner, '/home/tests/kernels_test', ...(core ? ['--test-case=*sgemm*,linear*'] : [])],
    env: core ? { OPENBLAS_CORETYPE: core } : {},
    mounts: { 'home/tests': program },
  })
  const runs = Array.from(outcome.output.matchAll(/^OpenBLAS \S+ \((\w+)\), (\w+)$/gm))
  const [[, chosen] = ['', 'none']] = runs
  const sets = runs.map(([, , set]) => set).join(' ')
  const isForced = core === undefined || nameOf(chosen, target) === core
  const cases = Array.from(outcome.output.matchAll(/^\[doctest\] test cases: +(\d+)/gm), ([, count]) => Number(count))
  if (outcome.ok && isForced && cases.length > 0 && cases.every((count) => count > 0)) {
    return { kind: 'passed', text: `${cases[0]} tests passed on ${sets}, with ${chosen}` }
  }
  return { kind: 'failed', text: `FAILED\n${logTail(name, outcome)}` }
}

/**
 * The core whose kernels are used. OpenBLAS calls those for every machine by the name of any core that has none.
 *
 * @param {string} chosen
 * @param {Target} target
 */
function nameOf(chosen, { cores }) {
  const [oldest, ...others] = cores
  return others.includes(chosen.toUpperCase()) ? chosen.toUpperCase() : oldest
}
