import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, install, runInRoot } from '../debian/root.js'
import { root as project } from '../setup/machine.js'
import { expectGoodBinary } from './inspect.js'
import { sources } from './recipe.js'

/** @import { Part } from '../debian/cache.js' */
/** @import { Machine } from '../setup/machine.js' */
/** @import { Target } from './recipe.js' */

/** The licences of what is linked in, by where the system that compiles has them. */
const licences = {
  OpenBLAS: 'sources/openblas/LICENSE',
  Highway: 'sources/highway/LICENSE',
  'The C++ runtime of GCC': 'usr/share/doc/gcc-10-base/copyright',
}

/**
 * Checks a binary and puts it into prebuilds/, with what it was made of and the licences that go with it.
 *
 * @param {Machine} machine
 * @param {{ system: Part, code: Part, target: Target, addon: string, commit: string }} from
 */
export async function ship(machine, { system, code, target, addon, commit }) {
  const { triplet, arch } = target
  const mounts = { sources: code.folder, out: join(addon, '..') }
  const print = (/** @type {string[]} */ ...command) =>
    runInRoot(machine, system.folder, { name: `prebuild-check-${arch}`, command, mounts })

  const needs = expectGoodBinary(addon, await print(`${triplet}-objdump`, '-p', '-T', '/out/evenkeel.node'))
  const folder = join(project, 'prebuilds', `linux-${arch}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  copyFileSync(addon, join(folder, 'evenkeel.glibc.node'))

  const texts = Object.entries(licences).map(([name, path]) => [name, path])
  const collected = []
  for (const [name, path] of texts) collected.push(`==== ${name}\n\n${await print('cat', `/${path}`)}`)
  writeFileSync(join(folder, 'LICENSES.txt'), collected.join('\n'))

  const [version] = (await print(target.compiler, '--version')).split('\n')
  const manifest = {
    file: 'evenkeel.glibc.node',
    platform: `linux-${arch}`,
    glibc: needs.glibc,
    commit,
    compiler: version,
    libstdcxx: (await print(`${triplet}-g++`, '-dumpfullversion')).trim(),
    openblas: { version: sources.openblas, cores: target.cores },
    highway: sources.highway,
    bytes: statSync(addon).size,
    sha256: createHash('sha256').update(readFileSync(addon)).digest('hex'),
  }
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

/**
 * The commit of the sources, with a + if they were changed since; `unknown` outside a checkout.
 *
 * @param {Machine} machine
 * @returns {Promise<string>}
 */
export async function sourceCommit(machine) {
  if (!existsSync(join(project, '.git'))) return 'unknown'
  await install(machine, 'git', 'git')
  // Whoever is root need not own the checkout.
  const git = (/** @type {string[]} */ ...args) =>
    expect(machine, 'prebuild-commit', ['git', '-c', 'safe.directory=*', ...args])
  const head = (await git('rev-parse', 'HEAD')).trim()
  const changes = await git('status', '--porcelain', 'native', 'CMakeLists.txt')
  return changes === '' ? head : `${head}+`
}
