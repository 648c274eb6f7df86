import { logTail } from './machine.js'

/** @import { Machine } from './machine.js' */
/** @import { ManagerName, Prerequisite } from './prerequisites.js' */

/**
 * The system's package managers: the program that tells which one it is, and how a person installs packages with it.
 *
 * @type {Record<ManagerName, { program: string, install: (sudo: string) => string }>}
 */
const managers = {
  apt: {
    program: 'apt-get',
    install: (sudo) => `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends`,
  },
  dnf: { program: 'dnf', install: (sudo) => `${sudo}dnf install` },
  pacman: { program: 'pacman', install: (sudo) => `${sudo}pacman -S --needed` },
  apk: { program: 'apk', install: (sudo) => `${sudo}apk add` },
  brew: { program: 'brew', install: () => 'brew install' },
}

const managerNames = /** @type {ManagerName[]} */ (Object.keys(managers))

/**
 * Installs what is missing, where the package manager is apt and there is a way to be root.
 *
 * @param {Machine} machine
 * @param {readonly Prerequisite[]} missing
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function install(machine, missing) {
  const privilege = rootPrivilege(machine)
  if (machine.which('apt-get') === undefined || privilege === undefined) return false
  const packages = packagesFor('apt', missing)
  machine.say(`installing ${packages.join(', ')} with apt${privilege.length > 0 ? ' and sudo' : ''} ...`)
  const { preparations, installation } = aptCommands(packages)
  const failures = []
  for (const { name, command } of preparations) {
    const outcome = await machine.log(name, [...privilege, ...command])
    if (!outcome.ok) failures.push(logTail(name, outcome))
  }
  const outcome = await machine.log('apt-install', [...privilege, ...installation])
  if (!outcome.ok)
    machine.say([...failures, logTail('apt-install', outcome), 'apt could not install them.'].join('\n\n'))
  return outcome.ok
}

/**
 * What has apt install packages without asking anything, and wait while another program installs some. The preparations
 * finish an installation that was broken off and fetch the lists of packages; it may go well without them.
 *
 * @param {readonly string[]} packages
 */
export function aptCommands(packages) {
  const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive']
  return {
    preparations: [
      { name: 'dpkg-configure', command: [...quietly, 'dpkg', '--configure', '-a'] },
      { name: 'apt-update', command: [...quietly, 'apt-get', 'update'] },
    ],
    installation: [
      ...[...quietly, 'apt-get', '-o', 'DPkg::Lock::Timeout=120'],
      ...['install', '-y', '--no-install-recommends', ...packages],
    ],
  }
}

/**
 * What to put before a command so that root runs it; undefined where that cannot be.
 *
 * @param {Machine} machine
 * @returns {string[] | undefined}
 */
export function rootPrivilege(machine) {
  if (machine.isRoot) return []
  if (machine.which('sudo') === undefined) return undefined
  return machine.hasTerminal || machine.capture(['sudo', '-n', 'true']).ok ? ['sudo'] : undefined
}

/**
 * Tells a person what to run: with this machine's package manager, or with each one where none is known.
 *
 * @param {Machine} machine
 * @param {readonly Prerequisite[]} missing
 */
export function installInstructions(machine, missing) {
  const present = managerNames.filter((name) => machine.which(managers[name].program) !== undefined)
  const hasSudo = machine.which('sudo') !== undefined
  const lines = (present.length > 0 ? present : managerNames).map(
    (name) => `    ${managers[name].install(hasSudo ? 'sudo ' : '')} ${packagesFor(name, missing).join(' ')}`,
  )
  return `To install them, run${hasSudo ? '' : ' as root'}\n\n${lines.join('\n')}\n\nand then this command again.`
}

/**
 * @param {ManagerName} manager
 * @param {readonly Prerequisite[]} missing
 */
function packagesFor(manager, missing) {
  return [...new Set(missing.flatMap((each) => each.packages[manager].split(' ')))]
}
