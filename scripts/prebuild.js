// npm run prebuild [-- x64 | arm64]: makes the binaries that the package ships, for both unless one is named.

import { obstacleToRoots } from './debian/root.js'
import { targets } from './prebuild/recipe.js'
import { ship, sourceCommit } from './prebuild/ship.js'
import { buildAddon, buildHighway, buildOpenBlas, fetchSources, makeSystem } from './prebuild/steps.js'
import { SetUpError, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'
import { installPackages } from './setup/npm.js'

void main(async () => {
  const machine = thisMachine()
  const obstacle = obstacleToRoots(machine)
  if (obstacle !== undefined) throw new SetUpError(`prebuilt binaries cannot be made here: ${obstacle}.`)
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(targets)
  const unknown = names.find((name) => !(name in targets))
  if (unknown) throw new SetUpError(`unknown platform '${unknown}': expected ${Object.keys(targets).join(' or ')}`)

  await installPackages(machine)
  const system = await makeSystem(machine)
  const code = await fetchSources(machine, system)
  const commit = await sourceCommit(machine)
  for (const target of names.map((name) => targets[name])) {
    const openBlas = await buildOpenBlas(machine, { system, code, target })
    const highway = await buildHighway(machine, { system, code, target })
    process.stdout.write(`compiling the addon for linux-${target.arch} ...\n`)
    const addon = await buildAddon(machine, { system, openBlas, highway, target })
    const { bytes, glibc, sha256 } = await ship(machine, { system, code, target, addon, commit })
    process.stdout.write(`prebuilds/linux-${target.arch}: ${bytes} bytes, glibc ${glibc} or later, sha256 ${sha256}\n`)
  }
  return 0
})
