// npm test [-- arguments of mocha]: sets up what is missing, then runs the C++ tests and the TypeScript tests.

import { join } from 'node:path'
import { removeStaleBuild } from './setup/build.js'
import { setUp } from './setup/index.js'
import { SetUpError, logTail, root, say, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { addResults, countCTest, countMocha, runTests, summaryLine } from './test-results.js'

/** @import { SetUp } from './setup/index.js' */
/** @import { Machine } from './setup/machine.js' */

void main(async () => {
  const machine = thisMachine()
  const results = []
  const ready = await setUp('test', machine)
  for (const preset of presetsToTest(ready)) {
    await buildPreset(machine, preset)
    title(`C++ tests, ${preset}`)
    results.push(await runTests(['ctest', '--preset', preset, '--no-tests=error'], machine.env, countCTest))
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
 * The CMake presets to build the C++ tests with: none where what they need could not be installed.
 *
 * @param {SetUp} setUp
 */
function presetsToTest({ native, missing }) {
  const presets = [
    { name: 'release', needs: ['doctest'] },
    { name: 'sanitize', needs: ['doctest', 'sanitizers'] },
  ]
  return presets
    .filter(({ name, needs }) => {
      const isPossible = native && !needs.some((need) => missing.includes(need))
      if (!isPossible) say(`leaving out the C++ tests, ${name}`)
      return isPossible
    })
    .map(({ name }) => name)
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
 * @param {string} preset
 */
async function buildPreset(machine, preset) {
  removeStaleBuild(join(root, 'build', preset))
  machine.say(`building the C++ tests, ${preset} ...`)
  const steps = { configure: ['cmake', '--preset', preset], build: ['cmake', '--build', '--preset', preset] }
  for (const [step, command] of Object.entries(steps)) {
    const name = `${step}-${preset}`
    const outcome = await machine.log(name, command)
    if (!outcome.ok) throw new SetUpError(`${logTail(name, outcome)}\n\n'${command.join(' ')}' failed.`)
  }
}

/** @param {string} text */
function title(text) {
  process.stdout.write(`\n==== ${text}\n\n`)
}
