import { spawnSync } from 'node:child_process'
import { expect } from 'chai'

/** How long a program may take before it counts as hanging, in milliseconds. */
const PATIENCE = 60_000

/**
 * Runs a program, which has `step()` of fixtures/train.js, in a process of its own, and expects it to end by itself with
 * the given code.
 *
 * @returns what it printed
 */
export function expectEnd(program: string, code = 0): string {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `import { step } from './test/fixtures/train.js'\n${program}`],
    { encoding: 'utf8', timeout: PATIENCE, killSignal: 'SIGKILL' },
  )
  expect({ status, signal }, stderr).to.deep.equal({ status: code, signal: null })
  return stdout
}
