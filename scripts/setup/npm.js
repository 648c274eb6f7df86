import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SetUpError, logTail, root } from './machine.js'

/** @import { Machine } from './machine.js' */

/**
 * The command that runs npm: the npm that started this script, or else the one on the path.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export function npmCommand(env) {
  const script = env.npm_execpath || ''
  return basename(script) === 'npm-cli.js' ? [process.execPath, script] : ['npm']
}

/**
 * Installs the npm packages of a folder's package-lock.json, unless they are there.
 * Install scripts are left out: no dependency needs its own.
 *
 * @param {Machine} machine
 * @param {string} [folder] the project's, unless another one is named
 */
export async function installPackages(machine, folder = root) {
  if (packagesAreInstalled(folder)) return
  machine.say(`installing the npm packages${folder === root ? '' : ` of ${basename(folder)}`} ...`)
  const outcome = await machine.log('npm-ci', [
    ...npmCommand(machine.env),
    'ci',
    `--prefix=${folder}`,
    '--include=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ])
  if (outcome.ok) return
  rmSync(listOfInstalled(folder), { force: true })
  throw new SetUpError(`${logTail('npm-ci', outcome)}\n\nThe npm packages could not be installed.`)
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes its own list last, so that an installation that
 * was broken off has none; the folders are looked for as well, since two installations at once can spoil each other.
 *
 * @param {string} folder
 */
export function packagesAreInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'))
  const installed = readPackages(listOfInstalled(folder))
  if (!wanted || !installed || !existsSync(join(folder, 'node_modules', '.bin'))) return false
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '' || (optional && !(path in installed))) return true
    return path in installed && installed[path].version === version && existsSync(join(folder, path, 'package.json'))
  })
}

/** @param {string} folder */
function listOfInstalled(folder) {
  return join(folder, 'node_modules', '.package-lock.json')
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}
