import { SetUpError } from './machine.js'

/** The oldest Node.js that runs evenkeel: the first whose `require()` loads ES modules. */
const oldestNode = [20, 19]

/**
 * The first version number in a text, e.g. `[3, 25, 1]` of `cmake version 3.25.1`.
 *
 * @param {string} text
 * @returns {number[] | undefined}
 */
export function parseVersion(text) {
  const match = /\d+(\.\d+)+/.exec(text)
  return match ? match[0].split('.').map(Number) : undefined
}

/**
 * Whether a version is the same as another or newer. A part that is missing counts as 0.
 *
 * @param {readonly number[]} version
 * @param {readonly number[]} oldest
 */
export function isAtLeast(version, oldest) {
  const differing = oldest.findIndex((part, index) => part !== (version[index] || 0))
  return differing === -1 || (version[differing] || 0) > oldest[differing]
}

/**
 * Refuses a Node.js that is too old.
 *
 * @param {string} version as in `process.versions.node`
 */
export function checkNode(version) {
  if (isAtLeast(parseVersion(version) || [], oldestNode)) return
  throw new SetUpError(
    `evenkeel needs Node.js ${oldestNode.join('.')} or newer, and this is ${version}. ` +
      "Install a current one (https://nodejs.org, or your system's packages) and run the command again.",
  )
}
