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
  // npm takes the name of the folder for the package's.
  bill.metadata.component.name = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name
  const { libstdcxx } = JSON.parse(readFileSync(join(folder, 'prebuilds', 'linux-x64', 'manifest.json'), 'utf8'))
  const linked = [
    { ...debian('openblas'), license: { id: 'BSD-3-Clause' } },
    { ...debian('highway'), license: { id: 'Apache-2.0' } },
    {
      name: 'libstdc++',
      version: libstdcxx,
      purl: `pkg:generic/libstdc%2B%2B@${libstdcxx}`,
      license: { name: 'GPL-3.0-or-later WITH GCC-exception-3.1' },
    },
  ]
  for (const { license, ...library } of linked) {
    bill.components.push({ type: 'library', 'bom-ref': library.purl, ...library, licenses: [{ license }] })
    bill.dependencies[0].dependsOn.push(library.purl)
  }
  const path = join(root, 'build', 'package', 'sbom.json')
  writeFileSync(path, `${JSON.stringify(bill, null, 2)}\n`)
  return path
}

/** @param {keyof typeof sources} name of a package of Debian's sources */
function debian(name) {
  const version = sources[name]
  return { name, version, purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=source` }
}
