import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '../debian/root.js'
import { buildTypeScript } from '../setup/build.js'
import { root } from '../setup/machine.js'
import { installPackages, npmCommand } from '../setup/npm.js'

/** @import { Machine } from '../setup/machine.js' */

/**
 * Packs the package as it would be published.
 *
 * @param {Machine} machine
 * @returns {Promise<string>} the path of the tarball
 */
export async function pack(machine) {
  await installPackages(machine)
  await buildTypeScript(machine)
  const folder = join(root, 'build', 'package')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const command = [...npmCommand(machine.env), 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const [file] = (await expect(machine, 'npm-pack', command)).trim().split('\n').slice(-1)
  return join(folder, file)
}

/**
 * The tutorial as JavaScript.
 *
 * @param {Machine} machine
 * @returns {Promise<string>}
 */
export async function tutorial(machine) {
  await installPackages(machine)
  const { default: ts } = await import('typescript')
  const source = readFileSync(join(root, 'examples', 'layer-norm-tutorial.ts'), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(source, { compilerOptions }).outputText
}
