import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tryInRoot } from '../debian/root.js'
import { logTail, root } from '../setup/machine.js'
import { unpack, unpackNode } from './tools.js'

/** @import { Machine } from '../setup/machine.js' */
/** @import { Manager } from './managers.js' */
/** @import { System } from './systems.js' */

/** PyTorch's loss of the tutorial. */
const expectedLoss = 2.318890333175659

/** What a bare system must not have, lest something be built or found there. */
const absent = 'c++ g++ gcc cc make cmake python3 git'

/** A program that prints which of these are there. */
const findTools = `
import { existsSync } from 'node:fs'
const found = '${absent}'.split(' ').filter((name) => existsSync('/usr/bin/' + name))
console.log('found: ' + found.join(' '))
`

/** A program that loads both entries as CommonJS does. */
const requireBoth = `
const { ones } = require('evenkeel')
console.log('required: ' + require('evenkeel/functional').relu(ones([3])).sum().item())
`

/**
 * Installs the tarball with a package manager, and trains the tutorial: on the native kernels, and on the TypeScript
 * kernels where there is no binary.
 *
 * @param {Machine} machine
 * @param {System} system
 * @param {Manager} manager
 * @param {{ tarball: string, program: string }} content
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function tryManager(machine, system, manager, { tarball, program }) {
  const label = `${system.arch}-${manager.name.replaceAll(' ', '-')}`
  const folder = join(root, 'build', 'package', label)
  const name = `test-package-${label}`
  const mounts = {
    'home/project': folder,
    'home/manager': await unpack(machine, manager.npmName, manager.version),
    'home/node': dirname(await unpackNode(machine, system.arch, manager.node)),
  }
  fill(folder, manager, { tarball, program })

  const node = (/** @type {string[]} */ args, env = {}) =>
    tryInRoot(machine, system.root, {
      name,
      command: [...system.runner, '/home/node/node', ...args],
      folder: '/home/project',
      env: { HOME: '/home/project', PATH: '/home/node:/usr/bin:/bin', ...env },
      mounts,
    })
  const installed = (/** @type {string[]} */ args, env = {}) => node(args, { ...manager.env, ...env })
  /** @type {[what: string, run: () => ReturnType<typeof node>, expected: (output: string, ok: boolean) => boolean][]} */
  const steps = [
    ['a bare system', () => node(['tools.js']), (output) => output === 'found: \n'],
    [
      'installing',
      () => node([join('/home/manager', manager.script), ...manager.install('./evenkeel.tgz')]),
      (_, ok) => ok,
    ],
    [
      'training natively',
      () => installed(['tutorial.js'], { EVENKEEL_BACKEND: 'native' }),
      (output, ok) => ok && isRight(output, 0),
    ],
    ['training by default', () => installed(['tutorial.js']), (output, ok) => ok && isRight(output, 0)],
    ['require()', () => installed(['require.cjs']), (output, ok) => ok && output === 'required: 3\n'],
    [
      'training without a binary',
      () => withoutBinary(folder, () => installed(['tutorial.js'])),
      (output, ok) => ok && isRight(output, 1),
    ],
    [
      'demanding a binary that is not there',
      () => withoutBinary(folder, () => installed(['tutorial.js'], { EVENKEEL_BACKEND: 'native' })),
      (output, ok) => !ok && output.includes('no native addon could be loaded on linux-'),
    ],
  ]
  for (const [what, run, isExpected] of steps) {
    const outcome = await run()
    if (!isExpected(outcome.output, outcome.ok)) return `${what}:\n${logTail(name, outcome)}`
  }
  return undefined
}

/**
 * @param {string} folder
 * @param {Manager} manager
 * @param {{ tarball: string, program: string }} content
 */
function fill(folder, manager, { tarball, program }) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  copyFileSync(tarball, join(folder, 'evenkeel.tgz'))
  const files = {
    ...{ 'package.json': JSON.stringify({ name: 'someone', version: '1.0.0', private: true, type: 'module' }) },
    ...{ 'tutorial.js': program, 'tools.js': findTools, 'require.cjs': requireBoth },
    ...manager.files,
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
}

/**
 * Whether the tutorial printed PyTorch's loss, and as many warnings as expected.
 *
 * @param {string} output
 * @param {number} warnings
 */
function isRight(output, warnings) {
  const [, loss] = /^Loss: (\S+)$/m.exec(output) || []
  const count = output.split('evenkeel: using the TypeScript kernels').length - 1
  return Math.abs(Number(loss) - expectedLoss) < 1e-6 && count === warnings
}

/**
 * Takes the binaries out of the installed package, as on a platform that there are none for.
 *
 * @template T
 * @param {string} folder
 * @param {() => T} run
 * @returns {T}
 */
function withoutBinary(folder, run) {
  rmSync(join(packageIn(folder), 'prebuilds'), { recursive: true, force: true })
  return run()
}

/**
 * Where a project has the installed package: yarn keeps what has binaries out of its archives.
 *
 * @param {string} folder
 */
function packageIn(folder) {
  const unplugged = join(folder, '.yarn', 'unplugged')
  const parents = existsSync(unplugged) ? readdirSync(unplugged).map((name) => join(unplugged, name)) : []
  return join([...parents, folder][0], 'node_modules', 'evenkeel')
}
