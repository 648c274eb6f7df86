// npm test [-- arguments of mocha]: sets up what is missing, then runs the C++ tests and the TypeScript tests.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { addonFolder, removeStaleBuild } from './setup/build.js'
import { setUp } from './setup/index.js'
import { SetUpError, logTail, root, say, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { addResults, countCTest, countMocha, runTests, summaryLine } from './test-results.js'

/** @import { SetUp } from './setup/index.js' */
/** @import { Machine } from './setup/machine.js' */

void main(async () => {
  const machine = thisMachine()
  const results = []
  const processors = String(availableParallelism())
  const ready = await setUp('test', machine)
  for (const build of buildsToTest(ready)) {
    await buildTests(machine, build)
    title(`C++ tests, ${build.name}`)
    const ctest = [
      'ctest',
      '--test-dir',
      build.folder,
      '--parallel',
      processors,
      '--output-on-failure',
      '--no-tests=error',
    ]
    results.push(await runTests(ctest, machine.env, countCTest))
  }
  const color = process.stdout.isTTY ? ['--color'] : []
  const mocha = [process.execPath, join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...color]
  for (const backend of backendsToTest(ready, machine)) {
    title(`mocha, on the ${backend} kernels`)
    const env = { ...machine.env, EVENKEEL_BACKEND: backend }
    results.push(await runTests([...mocha, ...process.argv.slice(2)], env, countMocha))
  }

  const total = addResults(results)
  process.stdout.write(`\n${summaryLine(total)}\n`)
  return total.failed > 0 || total.passed === 0 ? 1 : 0
})

/**
 * A build of the C++ tests.
 *
 * @typedef {object} TestBuild
 * @property {string} name
 * @property {string} folder
 * @property {string[]} configure the arguments for CMake
 * @property {string[]} needs the prerequisites besides those of the addon
 */

/**
 * The builds of the C++ tests: none where what they need could not be installed. That for release links the very kernels
 * that the addon consists of.
 *
 * @param {SetUp} setUp
 * @returns {TestBuild[]}
 */
function buildsToTest({ native, missing }) {
  const builds = [
    {
      name: 'release',
      folder: addonFolder,
      configure: ['-S', root, '-B', addonFolder, '-DKERNEL_TESTS=ON', '-DWARNINGS_AS_ERRORS=ON'],
      needs: ['doctest'],
    },
    {
      name: 'sanitize',
      folder: join(root, 'build', 'sanitize'),
      configure: ['--preset', 'sanitize'],
      needs: ['doctest', 'sanitizers'],
    },
  ]
  return builds.filter(({ name, needs }) => {
    const isPossible = native && !needs.some((need) => missing.includes(need))
    if (!isPossible) say(`leaving out the C++ tests, ${name}`)
    return isPossible
  })
}

/**
 * The backends to run mocha on: both, unless one was asked for, or there is only one.
 *
 * @param {SetUp} setUp
 * @param {Machine} machine
 */
function backendsToTest({ native }, { env }) {
  if (env.EVENKEEL_BACKEND) return [env.EVENKEEL_BACKEND]
  return native ? ['native', 'typescript'] : ['typescript']
}

/**
 * @param {Machine} machine
 * @param {TestBuild} build
 */
async function buildTests(machine, { name, folder, configure }) {
  removeStaleBuild(folder)
  machine.say(`building the C++ tests, ${name} ...`)
  const steps = { configure: ['cmake', ...configure], build: ['cmake', '--build', folder] }
  for (const [step, command] of Object.entries(steps)) {
    const log = `${step}-${name}`
    const outcome = await machine.log(log, command)
    if (!outcome.ok) throw new SetUpError(`${logTail(log, outcome)}\n\n'${command.join(' ')}' failed.`)
  }
}

/** @param {string} text */
function title(text) {
  process.stdout.write(`\n==== ${text}\n\n`)
}
