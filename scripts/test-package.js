// npm run test:package [-- x64 | arm64]: installs the package in systems that have Node.js and nothing else, and trains
// the tutorial there; on this machine's platform and on arm64, unless one is named.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { obstacleToRoots } from './debian/root.js'
import { root, SetUpError, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { managers } from './test-package/managers.js'
import { pack, tutorial } from './test-package/project.js'
import { makeSystem } from './test-package/systems.js'
import { tryManager } from './test-package/try.js'
import { summaryLine } from './test-results.js'

void main(async () => {
  const machine = thisMachine()
  const obstacle = obstacleToRoots(machine)
  if (obstacle !== undefined) {
    process.stdout.write(`test:package is skipped: no root file system can be made here: ${obstacle}.\n`)
    return 0
  }
  const archs = process.argv.length > 2 ? process.argv.slice(2) : [...new Set([process.arch, 'arm64'])]
  for (const arch of archs) {
    if (existsSync(join(root, 'prebuilds', `linux-${arch}`))) continue
    throw new SetUpError(`there is no prebuilds/linux-${arch}: run \`npm run prebuild -- ${arch}\` first.`)
  }

  const content = { tarball: await pack(machine), program: await tutorial(machine) }
  const result = { passed: 0, failed: 0, skipped: 0 }
  for (const arch of archs) {
    const system = await makeSystem(machine, arch)
    for (const manager of managers) {
      const failure = await tryManager(machine, system, manager, content)
      result[failure === undefined ? 'passed' : 'failed'] += 1
      const outcome = failure === undefined ? 'installs, and trains with the right loss' : `FAILS: ${failure}`
      process.stdout.write(`linux-${arch}, ${manager.name} on Node.js ${manager.node}: ${outcome}\n`)
    }
  }
  process.stdout.write(`\n${summaryLine(result)}\n`)
  return result.failed > 0 ? 1 : 0
})
