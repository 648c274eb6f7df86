import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '../debian/root.js'
import { sources } from '../prebuild/recipe.js'
import { root } from '../setup/machine.js'
import { npmCommand } from '../setup/npm.js'

/** @import { Machine } from '../setup/machine.js' */

/**
 * Writes the package's bill of materials, in the format of CycloneDX: npm's, and the libraries that are linked into the
 * binaries, which npm does not know of.
 *
 * @param {Machine} machine
 * @param {string} folder of the package
 * @returns {Promise<string>} the path of the file
 */
export async function writeBillOfMaterials(machine, folder) {
  const command = ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format=cyclonedx', '--silent']
  const bill = JSON.parse(await expect(machine, 'npm-sbom', [...npmCommand(machine.env), ...command]))
  const licences = { openblas: 'BSD-3-Clause', highway: 'Apache-2.0' }
  for (const [name, version] of Object.entries(sources)) {
    const license = { id: licences[/** @type {keyof typeof licences} */ (name)] }
    const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=source`
    bill.components.push({ type: 'library', 'bom-ref': purl, name, version, purl, licenses: [{ license }] })
  }
  const { compiler } = JSON.parse(readFileSync(join(folder, 'prebuilds', 'linux-x64', 'manifest.json'), 'utf8'))
  const license = { name: 'GPL-3.0-or-later WITH GCC-exception-3.1' }
  bill.components.push({ type: 'library', name: 'libstdc++', version: compiler, licenses: [{ license }] })
  const path = join(root, 'build', 'package', 'sbom.json')
  writeFileSync(path, `${JSON.stringify(bill, null, 2)}\n`)
  return path
}
