// npm run bench [-- options of bench/options.ts]: sets up what is missing, the bench's own packages too, and measures.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { exitCodeOf } from './setup/child.js'
import { setUp } from './setup/index.js'
import { root, SetUpError, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { installPackages } from './setup/npm.js'

void main(async () => {
  const machine = thisMachine()
  const { native } = await setUp('run', machine)
  if (!native) throw new SetUpError('the bench measures the native addon, which could not be set up.')
  await installPackages(machine, join(root, 'bench'))
  const command = ['--import', 'tsx', join('bench', 'run.ts'), ...process.argv.slice(2)]
  return exitCodeOf(spawn(process.execPath, command, { cwd: root, env: machine.env, stdio: 'inherit' }))
})
