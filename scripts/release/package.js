import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from '../debian/root.js'
import { root, SetUpError } from '../setup/machine.js'
import { npmCommand } from '../setup/npm.js'
import { pack } from '../test-package/project.js'
import { faultsOfLinks } from './links.js'
import { faultsOfPrebuilds } from './prebuilds.js'
import { writeBillOfMaterials } from './sbom.js'
import { faultsOfSourceMaps } from './source-maps.js'

/** @import { Machine } from '../setup/machine.js' */

/** The most bytes that a tarball may have. */
const mostBytes = 8e6

/** Pinned: later ones ask for a later Node.js. */
const typeChecker = '@arethetypeswrong/cli@0.18.5'

/**
 * Packs the package, checks it as others will get it, and prints what is in it.
 *
 * @param {Machine} machine
 */
export async function checkPackage(machine) {
  const tarball = await pack(machine)
  const folder = await unpack(machine, tarball)
  const npm = npmCommand(machine.env)
  await expect(machine, 'publint', [
    process.execPath,
    join('node_modules', 'publint', 'src', 'cli.js'),
    tarball,
    '--strict',
  ])
  await expect(machine, 'attw', [
    ...[...npm, 'exec', '--yes', `--package=${typeChecker}`, '--'],
    ...['attw', tarball, '--profile', 'esm-only'],
  ])
  const bill = await writeBillOfMaterials(machine, folder)

  const bytes = statSync(tarball).size
  const files = filesIn(folder)
  for (const file of files) process.stdout.write(`${String(file.bytes).padStart(9)} ${file.path}\n`)
  process.stdout.write(`\n${tarball}: ${bytes} bytes\n${bill}\n`)
  const faults = [
    ...(bytes > mostBytes ? [`the tarball has ${bytes} bytes, and may have ${mostBytes} at most`] : []),
    ...faultsOfDependencies(folder),
    ...faultsOfLinks(
      folder,
      files.map(({ path }) => path),
    ),
    ...faultsOfSourceMaps(folder),
    ...(await faultsOfPrebuilds(machine, folder)),
  ]
  if (faults.length > 0) throw new SetUpError(faults.join('\n'))
}

/**
 * @param {Machine} machine
 * @param {string} tarball
 */
async function unpack(machine, tarball) {
  const folder = join(root, 'build', 'package', 'unpacked')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await expect(machine, 'unpack', ['tar', '-xzf', tarball, '--strip-components=1', '-C', folder])
  return folder
}

/** @param {string} folder */
function filesIn(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  return files
    .map((file) => join(file.parentPath, file.name))
    .map((path) => ({ path: relative(folder, path), bytes: statSync(path).size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Whoever installs the package gets it alone, and nothing of it runs then. What is optional, they ask for by name.
 *
 * @param {string} folder
 */
function faultsOfDependencies(folder) {
  const {
    dependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
    scripts = {},
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)
  const names = [...Object.keys(dependencies), ...peers]
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts)
  return [
    ...names.map((name) => `the package depends on ${name}`),
    ...hooks.map((name) => `the package has a script '${name}', which package managers ask about or leave out`),
  ]
}
