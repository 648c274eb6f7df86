// How each package manager installs a tarball, with install scripts disabled and without a network.

/** The oldest Node.js that runs evenkeel, and one that npm 12 runs on. */
const [oldNode, newNode] = ['20.19.6', '22.23.3']

/**
 * @typedef {object} Manager
 * @property {string} name
 * @property {string} npmName
 * @property {string} version
 * @property {string} node the version of Node.js that runs it and the tutorial
 * @property {string} script within its package
 * @property {(tarball: string) => string[]} install
 * @property {Record<string, string>} [files] what its project needs
 * @property {Record<string, string>} [env] what Node.js needs to find what it installed
 */

const npm = {
  npmName: 'npm',
  script: 'bin/npm-cli.js',
  install: (/** @type {string} */ tarball) => [
    'install',
    tarball,
    '--ignore-scripts',
    '--offline',
    '--no-audit',
    '--no-fund',
  ],
}

const pnpm = {
  npmName: 'pnpm',
  install: (/** @type {string} */ tarball) => [
    'add',
    tarball,
    '--ignore-scripts',
    '--offline',
    '--store-dir',
    '/home/store',
  ],
}

/** @param {'node-modules' | 'pnp'} linker */
const yarn4 = (linker) => ({
  npmName: '@yarnpkg/cli-dist',
  version: '4.18.1',
  node: oldNode,
  script: 'bin/yarn.js',
  install: (/** @type {string} */ tarball) => ['add', `evenkeel@file:${tarball}`],
  files: {
    '.yarnrc.yml': `nodeLinker: ${linker}\nenableScripts: false\nenableNetwork: false\nenableTelemetry: false\n`,
    'yarn.lock': '',
  },
})

/** @type {readonly Manager[]} */
export const managers = [
  { ...npm, name: 'npm 11', version: '11.19.1', node: oldNode },
  { ...npm, name: 'npm 12', version: '12.2.0', node: newNode },
  { ...pnpm, name: 'pnpm 10', version: '10.34.8', node: oldNode, script: 'bin/pnpm.cjs' },
  { ...pnpm, name: 'pnpm 11', version: '11.28.10', node: newNode, script: 'bin/pnpm.mjs' },
  {
    name: 'yarn 1',
    npmName: 'yarn',
    version: '1.22.22',
    node: oldNode,
    script: 'bin/yarn.js',
    install: (tarball) => ['add', `file:${tarball}`, '--ignore-scripts', '--offline'],
  },
  { ...yarn4('node-modules'), name: 'yarn 4' },
  {
    ...yarn4('pnp'),
    name: 'yarn 4 PnP',
    env: { NODE_OPTIONS: '--require ./.pnp.cjs --loader ./.pnp.loader.mjs', NODE_NO_WARNINGS: '1' },
  },
]
