// npm start: sets up what is missing, then runs the tutorial and the digits, or the examples that are named.

import { spawn } from 'node:child_process'
import { exitCodeOf } from './setup/child.js'
import { setUp } from './setup/index.js'
import { root, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'

const named = process.argv.slice(2)
const examples = named.length > 0 ? named : ['examples/layer-norm-tutorial.ts', 'examples/digits.ts']

void main(async () => {
  const machine = thisMachine()
  await setUp('run', machine)
  for (const example of examples) {
    process.stdout.write(`\n> ${example}\n\n`)
    const command = ['--import', 'tsx', example]
    const child = spawn(process.execPath, command, { cwd: root, env: machine.env, stdio: 'inherit' })
    // Not once: npm passes on a signal that this process may have got already.
    const stop = () => child.kill('SIGTERM')
    process.on('SIGTERM', stop)
    const code = await exitCodeOf(child)
    process.off('SIGTERM', stop)
    if (code !== 0) return code
  }
  return 0
})
