import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { SetUpError, logTail, root } from './machine.js'
import { npmCommand } from './npm.js'

/** @import { Machine } from './machine.js' */

/** The folder that `npm run build:native` builds in. */
export const addonFolder = join(root, 'build', 'addon')

/**
 * Has CMake use all cores, and Ninja where it is installed, in every build folder that is begun in this environment.
 *
 * @param {Machine} machine
 */
export function chooseBuildTool(machine) {
  const { env } = machine
  env.CMAKE_BUILD_PARALLEL_LEVEL = env.CMAKE_BUILD_PARALLEL_LEVEL || String(cpus().length)
  env.CMAKE_GENERATOR = env.CMAKE_GENERATOR || (machine.which('ninja') ? 'Ninja' : 'Unix Makefiles')
}

/**
 * Builds the addon, or what of it is out of date, and tries to load it.
 *
 * @param {Machine} machine
 * @param {readonly string[]} [definitions] of CMake's variables, for a folder that is not configured yet
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function buildAddon(machine, definitions = []) {
  removeStaleBuild(addonFolder)
  if (!existsSync(addonFolder)) machine.say('building the native addon: about a minute the first time ...')
  const failure = await buildAndLoad(machine, definitions)
  if (failure === undefined || !failure.isLoad) return failure?.message
  // A file that was cut short, by a full disk or a killed linker, passes for up to date.
  machine.say('the native addon does not load: building it anew ...')
  rmSync(addonFolder, { recursive: true, force: true })
  return (await buildAndLoad(machine, definitions))?.message
}

/**
 * @param {Machine} machine
 * @param {readonly string[]} definitions
 * @returns {Promise<{ isLoad: boolean, message: string } | undefined>} what went wrong, and whether it was in loading
 */
async function buildAndLoad(machine, definitions) {
  const options = definitions.map((definition) => `--CD${definition}`)
  const build = await machine.log('build-native', [...npmCommand(machine.env), 'run', 'build:native', '--', ...options])
  if (!build.ok) {
    return { isLoad: false, message: `${logTail('build-native', build)}\n\nThe native addon could not be built.` }
  }
  const addon = join(addonFolder, 'Release', 'evenkeel.node')
  const load = machine.capture([process.execPath, '-e', 'require(process.argv[1])', addon])
  if (load.ok) return undefined
  return { isLoad: true, message: `${load.output}\nThe native addon was built, but does not load: ${addon}` }
}

/**
 * Removes a CMake build folder that CMake would refuse, or fail in: one of a project that has moved or of tools that are
 * gone, or one whose configuration was broken off.
 *
 * @param {string} folder
 */
export function removeStaleBuild(folder) {
  const cachePath = join(folder, 'CMakeCache.txt')
  if (!existsSync(cachePath)) return
  const cache = readCMakeCache(readFileSync(cachePath, 'utf8'))
  const home = cache.CMAKE_HOME_DIRECTORY
  const tools = [cache.CMAKE_COMMAND, cache.CMAKE_MAKE_PROGRAM, cache.CMAKE_CXX_COMPILER]
  const isUsable =
    existsSync(home) &&
    realpathSync(home) === root &&
    tools.every((tool) => tool && existsSync(tool)) &&
    ['build.ninja', 'Makefile'].some((file) => existsSync(join(folder, file)))
  if (!isUsable) rmSync(folder, { recursive: true, force: true })
}

/**
 * The entries `NAME:TYPE=value` of a CMakeCache.txt.
 *
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function readCMakeCache(text) {
  return Object.fromEntries(Array.from(text.matchAll(/^([\w-]+):\w+=(.*)$/gm), ([, name, value]) => [name, value]))
}

/**
 * Compiles lib to dist.
 *
 * @param {Machine} machine
 */
export async function buildTypeScript(machine) {
  const outcome = await machine.log('build-ts', [...npmCommand(machine.env), 'run', 'build:ts'])
  if (!outcome.ok) throw new SetUpError(`${logTail('build-ts', outcome)}\n\nThe TypeScript could not be compiled.`)
}
