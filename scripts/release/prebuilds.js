import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '../debian/root.js'
import { targets } from '../prebuild/recipe.js'

/** @import { Machine } from '../setup/machine.js' */

/**
 * What is wrong with the binaries of a package: there must be one for each platform, whole, and compiled from the sources
 * of this commit.
 *
 * @param {Machine} machine
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function faultsOfPrebuilds(machine, folder) {
  const faults = []
  for (const arch of Object.keys(targets)) {
    const path = join(folder, 'prebuilds', `linux-${arch}`)
    if (!existsSync(join(path, 'manifest.json'))) {
      faults.push(`there is no binary for linux-${arch}`)
      continue
    }
    const { file, sha256, commit } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'))
    const actual = createHash('sha256')
      .update(readFileSync(join(path, file)))
      .digest('hex')
    if (actual !== sha256) faults.push(`the binary for linux-${arch} is not the one that its manifest tells of`)
    if (commit === 'unknown') faults.push(`the binary for linux-${arch} was compiled outside a checkout`)
    else if (commit.endsWith('+'))
      faults.push(`the binary for linux-${arch} was compiled from sources that were not committed`)
    else if (await isOutOfDate(machine, commit)) faults.push(`the binary for linux-${arch} is older than its sources`)
  }
  return faults
}

/**
 * @param {Machine} machine
 * @param {string} commit
 */
async function isOutOfDate(machine, commit) {
  const command = ['git', '-c', 'safe.directory=*', 'diff', '--name-only', commit, '--', 'native', 'CMakeLists.txt']
  return (await expect(machine, 'release-diff', command)) !== ''
}
