import { statSync } from 'node:fs'
import { isAtLeast, parseVersion } from '../setup/versions.js'
import { SetUpError } from '../setup/machine.js'
import { entryPoints, mostBytes, newestGlibc, systemLibraries } from './recipe.js'

/**
 * What a binary asks of a system.
 *
 * @typedef {object} Needs
 * @property {string} glibc the oldest one that it runs on
 * @property {string[]} libraries
 * @property {string[]} exports
 */

/**
 * Reads what `objdump -p -T` prints of a binary.
 *
 * @param {string} dump
 * @returns {Needs}
 */
export function readNeeds(dump) {
  const versions = Array.from(dump.matchAll(/\bGLIBC_(\d+(?:\.\d+)+)/g), ([, version]) => version)
  const newest = versions.reduce((a, b) => (isAtLeast(parseVersion(a) || [], parseVersion(b) || []) ? a : b), '2.0')
  const libraries = Array.from(dump.matchAll(/^ *NEEDED +(\S+)$/gm), ([, name]) => name)
  const symbols = dump.split('\n').filter((line) => /^[0-9a-f]{8,} [^l]/.test(line) && !line.includes('*UND*'))
  return { glibc: newest, libraries, exports: symbols.map((line) => line.slice(line.lastIndexOf(' ') + 1)) }
}

/**
 * What is wrong with a binary: it would not load everywhere it should, or disturb others.
 *
 * @param {Needs} needs
 * @param {number} bytes
 * @returns {string[]}
 */
export function faultsOf({ glibc, libraries, exports }, bytes) {
  const faults = []
  if (!isAtLeast(newestGlibc, parseVersion(glibc) || [])) {
    faults.push(`it needs glibc ${glibc}, and may need ${newestGlibc.join('.')} at most`)
  }
  const foreign = libraries.filter((name) => !systemLibraries.test(name))
  if (foreign.length > 0) faults.push(`it is linked with ${foreign.join(', ')}, which a bare system does not have`)
  if (exports.toSorted().join() !== entryPoints.toSorted().join()) {
    faults.push(`it exports ${exports.join(', ')}, expected ${entryPoints.join(', ')}`)
  }
  if (bytes > mostBytes) faults.push(`it has ${bytes} bytes, and may have ${mostBytes} at most`)
  return faults
}

/**
 * @param {string} path of the binary
 * @param {string} dump
 * @returns {Needs}
 */
export function expectGoodBinary(path, dump) {
  const needs = readNeeds(dump)
  const faults = faultsOf(needs, statSync(path).size)
  if (faults.length > 0)
    throw new SetUpError(`${path} cannot be shipped:\n${faults.map((each) => `  ${each}`).join('\n')}`)
  return needs
}
