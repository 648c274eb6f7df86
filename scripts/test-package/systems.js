import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { once } from '../debian/cache.js'
import { debootstrap, expect, install } from '../debian/root.js'

/** @import { Machine } from '../setup/machine.js' */

/**
 * A system of Debian 12 as small as it gets, which the package is tried in.
 *
 * @typedef {object} System
 * @property {string} arch
 * @property {string} root
 * @property {string[]} runner what runs its programs on this machine: none, or an emulator
 */

const suite = 'bookworm'
const emulator = '/usr/bin/qemu-aarch64-static'

/**
 * @param {Machine} machine
 * @param {string} arch
 * @returns {Promise<System>}
 */
export async function makeSystem(machine, arch) {
  const name = `bare-${arch}`
  if (arch === process.arch) {
    const { folder } = await once(name, [suite], (empty) => debootstrap(machine, empty, suite))
    return { arch, root: folder, runner: [] }
  }
  if (arch !== 'arm64') throw new Error(`no emulator is known for ${arch}`)
  await install(machine, 'qemu-aarch64-static', 'qemu-user-static')
  const { folder } = await once(name, [suite, emulator], async (empty) => {
    // Nothing is configured: no program of it can start another one here.
    await debootstrap(machine, empty, suite, { options: ['--arch=arm64', '--foreign'] })
    await unpackRest(machine, empty)
    copyFileSync(emulator, join(empty, emulator))
    chmodSync(join(empty, emulator), 0o755)
  })
  return { arch, root: folder, runner: [emulator] }
}

/**
 * Unpacks the packages that debootstrap has fetched, and would install from within.
 *
 * @param {Machine} machine
 * @param {string} root
 */
async function unpackRest(machine, root) {
  const archives = join(root, 'var', 'cache', 'apt', 'archives')
  mkdirSync(archives, { recursive: true })
  for (const file of readdirSync(archives).filter((each) => each.endsWith('.deb'))) {
    const unpack = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --skip-old-files -C "$2"'
    await expect(machine, 'test-package-unpack', ['sh', '-c', unpack, 'sh', join(archives, file), root])
  }
}
