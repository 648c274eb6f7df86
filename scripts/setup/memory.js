import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './machine.js'
import { purposes } from './prerequisites.js'

/** @import { Machine } from './machine.js' */
/** @import { Purpose } from './prerequisites.js' */

/** Remembers for which purpose all prerequisites were found, and on what state of the machine. */
const path = join(root, 'build', 'setup.json')

/** Files and folders that change whenever a package manager installs or removes something. */
const packageLists = [
  '/var/lib/dpkg/status',
  '/var/lib/rpm',
  '/usr/lib/sysimage/rpm',
  '/var/lib/pacman/local',
  '/lib/apk/db/installed',
  '/opt/homebrew/Cellar',
  '/usr/local/Cellar',
]

const programs = ['c++', 'g++', 'clang++', 'cmake', 'ninja', 'make', 'clang-format', 'clang-tidy']

/**
 * Whether an earlier set-up found all that a purpose needs, and nothing on the machine has changed since then.
 *
 * @param {Machine} machine
 * @param {Purpose} purpose
 */
export function isKnownToBeComplete(machine, purpose) {
  try {
    const memory = JSON.parse(readFileSync(path, 'utf8'))
    return memory.state === stateOf(machine) && purposes.indexOf(memory.purpose) >= purposes.indexOf(purpose)
  } catch {
    return false
  }
}

/**
 * @param {Machine} machine
 * @param {Purpose} purpose
 */
export function rememberComplete(machine, purpose) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify({ purpose, state: stateOf(machine) }))
}

/** Has the next set-up look again. */
export function forget() {
  rmSync(path, { force: true })
}

/** @param {Machine} machine */
function stateOf(machine) {
  const { CXX } = machine.env
  return JSON.stringify([CXX, programs.map(machine.which), packageLists.map(changeTime)])
}

/** @param {string} file */
function changeTime(file) {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat ? stat.mtimeMs : null
}
