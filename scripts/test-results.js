import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { exitCodeOf } from './setup/child.js'
import { root } from './setup/machine.js'

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Runs a test runner, shows what it prints, and counts. A runner that fails without counting a failure counts as one.
 *
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @param {(output: string) => Result} count
 * @returns {Promise<Result>}
 */
export async function runTests([program, ...args], env, count) {
  const child = spawn(program, args, { cwd: root, env, stdio: ['inherit', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
    process.stdout.write(text)
  })
  const code = await exitCodeOf(child)
  const result = count(output)
  return code === 0 || result.failed > 0 ? result : { ...result, failed: 1 }
}

/**
 * @param {string} output of ctest
 * @returns {Result}
 */
export function countCTest(output) {
  const [, failed, total] = /(\d+) tests? failed out of (\d+)/.exec(output) || ['', '0', '0']
  return { passed: Number(total) - Number(failed), failed: Number(failed), skipped: 0 }
}

/**
 * @param {string} output of mocha, with the summary that its usual reporters end on
 * @returns {Result}
 */
export function countMocha(output) {
  const plain = stripVTControlCharacters(output)
  const count = (/** @type {string} */ word) =>
    Number((new RegExp(`^ *(\\d+) ${word}\\b`, 'm').exec(plain) || [])[1] || 0)
  return { passed: count('passing'), failed: count('failing'), skipped: count('pending') }
}

/**
 * @param {readonly Result[]} results
 * @returns {Result}
 */
export function addResults(results) {
  const sum = (/** @type {keyof Result} */ key) => results.reduce((total, result) => total + result[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/** @param {Result} result */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
