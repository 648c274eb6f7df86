import { chmodSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { once } from '../debian/cache.js'
import { expect } from '../debian/root.js'
import { npmCommand } from '../setup/npm.js'

/** @import { Machine } from '../setup/machine.js' */

/**
 * Unpacks a package of npm, without what it depends on.
 *
 * @param {Machine} machine
 * @param {string} name
 * @param {string} version
 * @returns {Promise<string>} its folder
 */
export async function unpack(machine, name, version) {
  const label = `${name.replace(/^@.*\//, '')}-${version}`
  const { folder } = await once(`tool-${label}`, [name, version], async (empty) => {
    const pack = [...npmCommand(machine.env), 'pack', '--silent', '--pack-destination', empty, `${name}@${version}`]
    const [file] = (await expect(machine, 'test-package-tool', pack)).trim().split('\n').slice(-1)
    await expect(machine, 'test-package-tool', ['tar', '-xzf', join(empty, file), '-C', empty])
    renameSync(join(empty, 'package'), join(empty, label))
  })
  return join(folder, label)
}

/**
 * Node.js for a machine that may be of another kind.
 *
 * @param {Machine} machine
 * @param {string} arch
 * @param {string} version
 * @returns {Promise<string>} the program
 */
export async function unpackNode(machine, arch, version) {
  const program = join(await unpack(machine, `node-linux-${arch}`, version), 'bin', 'node')
  chmodSync(program, 0o755)
  return program
}
