// npm run release:check [-- STEP ...]: everything that has to hold before a release, or the steps that are named.

import { spawn } from 'node:child_process'
import { checkPackage } from './release/package.js'
import { exitCodeOf } from './setup/child.js'
import { root, SetUpError, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { npmCommand } from './setup/npm.js'

void main(async () => {
  const machine = thisMachine()
  const npm = npmCommand(machine.env)
  /** @type {Record<string, () => Promise<void>>} */
  const steps = {
    gate: () => expectSuccess(['bash', '.ci/run']),
    prebuild: () => expectSuccess([...npm, 'run', 'prebuild']),
    package: () => checkPackage(machine),
    targets: () => expectSuccess([...npm, 'run', 'test:targets']),
    bare: () => expectSuccess([...npm, 'run', 'test:package']),
  }
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps)
  const unknown = names.find((name) => !(name in steps))
  if (unknown) throw new SetUpError(`unknown step '${unknown}': expected ${Object.keys(steps).join(', ')}`)
  for (const name of names) {
    process.stdout.write(`\n==== release:check, ${name}\n\n`)
    await steps[name]()
  }
  process.stdout.write(`\nrelease:check: ${names.join(', ')} passed.\n`)
  return 0
})

/** @param {readonly string[]} command */
async function expectSuccess([program, ...args]) {
  const code = await exitCodeOf(spawn(program, args, { cwd: root, stdio: 'inherit' }))
  if (code !== 0) throw new SetUpError(`'${[program, ...args].join(' ')}' failed.`)
}
