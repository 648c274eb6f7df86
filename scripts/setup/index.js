import { buildAddon, buildTypeScript, chooseBuildTool } from './build.js'
import { SetUpError } from './machine.js'
import { forget, isKnownToBeComplete, rememberComplete } from './memory.js'
import { installPackages } from './npm.js'
import { install, installInstructions } from './packages.js'
import { missingPrerequisites } from './prerequisites.js'
import { checkNode } from './versions.js'

/** @import { Machine } from './machine.js' */
/** @import { Prerequisite, Purpose } from './prerequisites.js' */

/**
 * @typedef {object} SetUp
 * @property {boolean} native whether the addon was built
 * @property {string[]} missing the names of the prerequisites that are still missing
 */

/**
 * Installs and builds what a purpose needs, and nothing that is there already. Where the native half cannot be had, it
 * warns and goes on with the TypeScript backend, unless the native half was asked for or this is CI. Afterwards,
 * `machine.env` is the environment in which to run what was set up.
 *
 * @param {Purpose} purpose
 * @param {Machine} machine
 * @returns {Promise<SetUp>}
 */
export async function setUp(purpose, machine) {
  const begin = Date.now()
  checkNode(process.versions.node)
  await installPackages(machine)
  const { native, missing } = await setUpNative(machine, purpose)
  await buildTypeScript(machine)
  if (!native) machine.env.EVENKEEL_BACKEND = 'typescript'
  machine.say(
    `ready after ${((Date.now() - begin) / 1000).toFixed(1)} s, with the ${native ? 'native' : 'TypeScript'} backend`,
  )
  return { native, missing: missing.map(({ name }) => name) }
}

/**
 * @param {Machine} machine
 * @param {Purpose} purpose
 */
async function setUpNative(machine, purpose) {
  if (machine.env.EVENKEEL_BACKEND === 'typescript') return { native: false, missing: [] }
  const missing = await installPrerequisites(machine, purpose)
  if (missing.length > 0) reportMissing(machine, missing)
  if (missing.some((each) => each.purpose === 'run')) return { native: false, missing }

  chooseBuildTool(machine)
  // As the C++ tests are compiled, which are built in the same folder and then need no kernels of their own.
  const failure = await buildAddon(machine, purpose === 'run' ? [] : ['WARNINGS_AS_ERRORS=ON'])
  if (failure === undefined) return { native: true, missing }
  forget()
  if (purpose !== 'run' || isNativeRequired(machine.env)) throw new SetUpError(failure)
  machine.say(`${failure}\nGoing on with the TypeScript backend, which is much slower.`)
  return { native: false, missing }
}

/**
 * @param {Machine} machine
 * @param {Purpose} purpose
 * @returns {Promise<Prerequisite[]>} what is missing all the same
 */
async function installPrerequisites(machine, purpose) {
  if (isKnownToBeComplete(machine, purpose)) return []
  machine.say('looking for a C++20 compiler, CMake, OpenBLAS and Highway ...')
  const missing = missingPrerequisites(machine, purpose)
  const isChanged = missing.length > 0 && (await install(machine, missing))
  const stillMissing = isChanged ? missingPrerequisites(machine, purpose) : missing
  if (stillMissing.length === 0) rememberComplete(machine, purpose)
  return stillMissing
}

/**
 * @param {Machine} machine
 * @param {readonly Prerequisite[]} missing
 */
function reportMissing(machine, missing) {
  const message =
    `these are missing, and could not be installed from here: ${missing.map(({ name }) => name).join(', ')}.\n` +
    installInstructions(machine, missing)
  if (isNativeRequired(machine.env)) throw new SetUpError(message)
  machine.say(message)
  if (missing.some((each) => each.purpose === 'run')) {
    machine.say('going on without the native addon: the TypeScript backend is much slower.')
  }
}

/**
 * Whether to fail rather than go on with the TypeScript backend.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function isNativeRequired(env) {
  return env.EVENKEEL_BACKEND === 'native' || !['', '0', 'false'].includes(env.CI || '')
}
