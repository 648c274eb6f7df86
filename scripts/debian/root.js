import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logTail, SetUpError } from '../setup/machine.js'
import { aptCommands } from '../setup/packages.js'

/** @import { Machine } from '../setup/machine.js' */

/** What a command in a root sees: neither this machine's variables nor its files. */
const environment = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C.UTF-8']

/**
 * Why no root file system can be made here; undefined where one can.
 *
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export function obstacleToRoots(machine) {
  if (process.platform !== 'linux') return 'it takes Linux'
  if (!machine.isRoot) return 'it takes root, for debootstrap and chroot'
  if (!machine.capture(['unshare', '--mount', '--net', 'true']).ok) return 'namespaces are not allowed here'
  if (machine.which('debootstrap') === undefined && machine.which('apt-get') === undefined) {
    return 'debootstrap is not installed'
  }
  return undefined
}

/**
 * Installs a system of Debian into an empty folder, from where this machine's own packages come, if it is a Debian.
 *
 * @param {Machine} machine
 * @param {string} folder
 * @param {string} suite
 * @param {{ packages?: readonly string[], options?: readonly string[] }} [what]
 */
export async function debootstrap(machine, folder, suite, { packages = [], options = [] } = {}) {
  await install(machine, 'debootstrap', 'debootstrap')
  const include = packages.length > 0 ? [`--include=${packages.join(',')}`] : []
  const command = ['debootstrap', '--variant=minbase', ...include, ...options, suite, folder, ...mirror()]
  await expect(machine, `debootstrap-${suite}`, command)
}

/**
 * Installs a package of Debian on this machine, unless its program is there.
 *
 * @param {Machine} machine
 * @param {string} program
 * @param {string} debianPackage
 */
export async function install(machine, program, debianPackage) {
  if (machine.which(program) !== undefined) return
  const { preparations, installation } = aptCommands([debianPackage])
  for (const { name, command } of preparations) await machine.log(name, command)
  await expect(machine, 'apt-install', installation)
}

/**
 * What to run in a root file system. Whatever is mounted for it is gone after.
 *
 * @typedef {object} Run
 * @property {string} name of the log
 * @property {readonly string[]} command
 * @property {string} [folder] where to run it
 * @property {Record<string, string>} [env] variables, beside which there are only the most common
 * @property {Record<string, string>} [mounts] folders of this machine, by where the root has them
 * @property {boolean} [network] whether it reaches the network
 */

/**
 * @param {Machine} machine
 * @param {string} root
 * @param {Run} run
 * @returns {Promise<string>} what it printed
 */
export function runInRoot(machine, root, run) {
  return expect(machine, run.name, commandInRoot(root, run))
}

/**
 * The same for a command that may fail.
 *
 * @param {Machine} machine
 * @param {string} root
 * @param {Run} run
 */
export function tryInRoot(machine, root, run) {
  return machine.log(run.name, commandInRoot(root, run))
}

/**
 * @param {string} root
 * @param {Run} run
 */
function commandInRoot(root, { command, folder = '/', env = {}, mounts = {}, network = false }) {
  for (const at of Object.keys(mounts)) mkdirSync(join(root, at), { recursive: true })
  const binds = Object.entries(mounts).map(([at, from]) => `mount --bind ${quote(from)} ${quote(join(root, at))}`)
  const script = [...binds, `mount -t proc proc ${quote(join(root, 'proc'))}`, 'exec "$@"'].join(' && ')
  const isolated = ['unshare', '--mount', ...(network ? [] : ['--net']), 'sh', '-c', script, 'sh']
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return [...isolated, ...environment, ...variables, 'unshare', `--root=${root}`, `--wd=${folder}`, ...command]
}

/**
 * Runs a command of which only a failure is shown.
 *
 * @param {Machine} machine
 * @param {string} name of the log
 * @param {readonly string[]} command
 * @returns {Promise<string>} what it printed
 */
export async function expect(machine, name, command) {
  const outcome = await machine.log(name, command)
  if (!outcome.ok) throw new SetUpError(`${logTail(name, outcome)}\n\n'${command.join(' ')}' failed.`)
  return outcome.output
}

/**
 * The archive that this machine's packages come from, where it is a Debian; else debootstrap knows one.
 *
 * @returns {string[]}
 */
function mirror() {
  const wish = process.env.EVENKEEL_DEBIAN_MIRROR
  if (wish) return [wish]
  for (const file of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    const [, url] = /^(?:URIs:|deb(?: \[[^\]]*\])?) *(\S+\/debian\/?)(?:\s|$)/m.exec(readIfThere(file)) || []
    if (url) return [url]
  }
  return []
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`
}
