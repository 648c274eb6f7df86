/** @import { ChildProcess } from 'node:child_process' */

/** How long a program may take to end after Ctrl-C, in milliseconds, until it is told once more. */
const PATIENCE = 2000

/**
 * The exit code of a program that was started; 127 if it could not be.
 *
 * Ctrl-C in a terminal goes to the program as well. What is left of it (npm goes on for a while) must not meet the next
 * run of the same command, so this waits for its end and only then ends this process.
 *
 * @param {ChildProcess} child
 * @returns {Promise<number>}
 */
export async function exitCodeOf(child) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const interrupt = () => {
    timer = setTimeout(() => child.kill('SIGTERM'), PATIENCE)
  }
  process.once('SIGINT', interrupt)
  /** @type {number} */
  const code = await new Promise((resolve) => {
    child.on('error', () => resolve(127))
    child.on('close', (exitCode) => resolve(exitCode === null ? 1 : exitCode))
  })
  process.off('SIGINT', interrupt)
  clearTimeout(timer)
  if (timer !== undefined) process.exit(130)
  return code
}
