// npm run check: all checks of the sources, also where one fails. clang-tidy, which takes longest, runs beside the
// others.

import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

const beside = run('check:native')
const results = []
for (const name of ['types', 'lint', 'format', 'docs', 'package', 'cost']) results.push(await run(`check:${name}`))
results.push(await beside)

const failed = results.filter(({ ok }) => !ok).map(({ script }) => script)
console.log(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

/**
 * Runs a script of package.json, and shows its output when it is over.
 *
 * @param {string} script
 * @returns {Promise<{ script: string, ok: boolean }>}
 */
function run(script) {
  return new Promise((resolve) => {
    const begin = performance.now()
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    /** @type {Buffer[]} */
    const output = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (/** @type {Buffer} */ chunk) => output.push(chunk))
    }
    child.on('close', (code) => {
      const seconds = ((performance.now() - begin) / 1000).toFixed(0)
      process.stdout.write(`\n> ${script}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`)
      process.stdout.write(Buffer.concat(output))
      resolve({ script, ok: code === 0 })
    })
  })
}
