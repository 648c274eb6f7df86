import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readCMakeCache } from '../scripts/setup/build.js'
import { isNativeRequired } from '../scripts/setup/index.js'
import { type Machine, SetUpError } from '../scripts/setup/machine.js'
import { npmCommand, packagesAreInstalled } from '../scripts/setup/npm.js'
import { install, installInstructions, rootPrivilege } from '../scripts/setup/packages.js'
import { missingPrerequisites, prerequisites } from '../scripts/setup/prerequisites.js'
import { checkNode, isAtLeast, parseVersion } from '../scripts/setup/versions.js'
import { addResults, countCTest, countMocha, summaryLine } from '../scripts/test-results.js'

interface FakeMachine extends Machine {
  /** The commands that were run. */
  ran: string[]
}

/** A machine with a few programs, on which the commands that start in a given way fail. */
function machineWith(
  programs: string[],
  { failing = [] as string[], ...rest }: Partial<Machine> & { failing?: string[] } = {},
): FakeMachine {
  const ran: string[] = []
  const run = (command: readonly string[]) => {
    const line = command.join(' ')
    ran.push(line)
    return { ok: !failing.some((start) => line.startsWith(start)), output: 'cmake version 3.25.1' }
  }
  return {
    env: {},
    isRoot: false,
    hasTerminal: false,
    which: (name) => (programs.includes(name) ? `/usr/bin/${name}` : undefined),
    say: () => undefined,
    capture: run,
    log: (_name, command) => Promise.resolve(run(command)),
    ran,
    ...rest,
  }
}

const tools = ['c++', 'cmake', 'ninja', 'apt-get']
const [A, B] = ['node_modules/a', 'node_modules/b']
const highway = prerequisites.filter(({ name }) => name === 'Highway')

describe('set-up', () => {
  describe('versions', () => {
    it('reads the first version number of a text', () => {
      expect(parseVersion('cmake version 3.25.1\n')).to.deep.equal([3, 25, 1])
      expect(parseVersion('no number')).to.equal(undefined)
    })

    it('compares part by part', () => {
      expect(isAtLeast([3, 21], [3, 21])).to.equal(true)
      expect(isAtLeast([3, 21, 4], [3, 21])).to.equal(true)
      expect(isAtLeast([4, 0], [3, 21])).to.equal(true)
      expect(isAtLeast([3, 9, 6], [3, 21])).to.equal(false)
      expect(isAtLeast([4], [4, 0])).to.equal(true)
      expect(isAtLeast([], [3, 21])).to.equal(false)
    })

    it('refuses an old Node.js', () => {
      expect(() => {
        checkNode('20.18.3')
      }).to.throw(SetUpError, 'needs Node.js 20.19 or newer, and this is 20.18.3')
      expect(() => {
        checkNode('20.19.0')
      }).not.to.throw()
      expect(() => {
        checkNode('22.4.1')
      }).not.to.throw()
    })
  })

  describe('prerequisites', () => {
    it('misses nothing where every program compiles', () => {
      expect(missingPrerequisites(machineWith(tools), 'test')).to.deep.equal([])
    })

    it('looks for doctest to test, and for clang-tidy to check', () => {
      const machine = machineWith(tools, { failing: ['c++ -std=c++20 -I/usr/include/openblas -x c++ - -o'] })
      expect(missingPrerequisites(machine, 'run').map(({ packages }) => packages.apt)).to.deep.equal([
        'g++',
        'libopenblas-pthread-dev',
        'libhwy-dev',
      ])
      expect(missingPrerequisites(machineWith(tools), 'check').map(({ name }) => name)).to.deep.equal([
        'clang-format',
        'clang-tidy',
      ])
    })

    it('tries the compiler of $CXX and no other', () => {
      const machine = machineWith([...tools, 'ccache'], { env: { CXX: 'ccache clang++' } })
      missingPrerequisites(machine, 'run')
      expect(
        machine.ran.filter((line) => line.includes('-std=c++20')).every((line) => line.startsWith('ccache clang++ ')),
      ).to.equal(true)
    })
  })

  describe('the package manager', () => {
    it('is apt, run by root', async () => {
      const machine = machineWith(tools, { isRoot: true })
      expect(await install(machine, highway)).to.equal(true)
      expect(machine.ran).to.deep.equal([
        'env DEBIAN_FRONTEND=noninteractive dpkg --configure -a',
        'env DEBIAN_FRONTEND=noninteractive apt-get update',
        'env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends libhwy-dev',
      ])
    })

    it('needs sudo for anybody else, and somebody who can type a password', async () => {
      expect(rootPrivilege(machineWith(tools))).to.equal(undefined)
      expect(rootPrivilege(machineWith(['sudo'], { failing: ['sudo -n true'] }))).to.equal(undefined)
      expect(rootPrivilege(machineWith(['sudo'], { failing: ['sudo -n true'], hasTerminal: true }))).to.deep.equal([
        'sudo',
      ])
      expect(rootPrivilege(machineWith(['sudo']))).to.deep.equal(['sudo'])
      const machine = machineWith(tools)
      expect(await install(machine, highway)).to.equal(false)
      expect(machine.ran).to.deep.equal([])
    })

    it('is named in the instructions, or else each one is', () => {
      expect(installInstructions(machineWith(['dnf', 'sudo']), highway)).to.contain(
        '    sudo dnf install highway-devel\n',
      )
      expect(installInstructions(machineWith(['apk']), highway)).to.contain('as root\n\n    apk add highway-dev\n')
      const everywhere = installInstructions(machineWith(['sudo']), highway)
      for (const line of [
        'sudo apt-get install',
        'sudo dnf install',
        'sudo pacman -S',
        'sudo apk add',
        'brew install',
      ]) {
        expect(everywhere).to.contain(line)
      }
    })
  })

  it('falls back to TypeScript, except in CI and where the addon was asked for', () => {
    expect(isNativeRequired({})).to.equal(false)
    expect(isNativeRequired({ CI: 'false' })).to.equal(false)
    expect(isNativeRequired({ CI: 'true' })).to.equal(true)
    expect(isNativeRequired({ EVENKEEL_BACKEND: 'native' })).to.equal(true)
  })

  describe('npm', () => {
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
    })
    afterEach(() => {
      rmSync(folder, { recursive: true })
    })

    const listOf = (packages: Record<string, object>) => JSON.stringify({ packages })

    /** Has the folder ask for a 1.2.3 and, if possible, b 1.0.0, and hold packages of these versions. */
    function fill(installed: Record<string, string>): void {
      const wanted = { '': {}, [A]: { version: '1.2.3' }, [B]: { version: '1.0.0', optional: true } }
      writeFileSync(join(folder, 'package-lock.json'), listOf(wanted))
      mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true })
      for (const path of Object.keys(installed)) {
        mkdirSync(join(folder, path))
        writeFileSync(join(folder, path, 'package.json'), '{}')
      }
      const list = Object.fromEntries(Object.entries(installed).map(([path, version]) => [path, { version }]))
      writeFileSync(join(folder, 'node_modules', '.package-lock.json'), listOf(list))
    }

    const installations: [what: string, installed: Record<string, string>, isComplete: boolean][] = [
      ['what is asked for', { [A]: '1.2.3', [B]: '1.0.0' }, true],
      ['the same without what is optional', { [A]: '1.2.3' }, true],
      ['more', { [A]: '1.2.3', 'node_modules/c': '3.0.0' }, true],
      ['another version', { [A]: '1.2.4' }, false],
      ['another version of what is optional', { [A]: '1.2.3', [B]: '2.0.0' }, false],
      ['less', { [B]: '1.0.0' }, false],
    ]
    for (const [what, installed, isComplete] of installations) {
      it(`is ${isComplete ? 'not needed' : 'needed'} where ${what} is installed`, () => {
        fill(installed)
        expect(packagesAreInstalled(folder)).to.equal(isComplete)
      })
    }

    it('is needed after an installation that was broken off', () => {
      expect(packagesAreInstalled(folder)).to.equal(false)
      for (const path of [A, 'node_modules/.bin', 'node_modules/.package-lock.json']) {
        fill({ [A]: '1.2.3' })
        rmSync(join(folder, path), { recursive: true })
        expect(packagesAreInstalled(folder), path).to.equal(false)
        rmSync(join(folder, 'node_modules'), { recursive: true })
      }
      fill({ [A]: '1.2.3' })
      writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{ "packages": { "node_mod')
      expect(packagesAreInstalled(folder)).to.equal(false)
    })

    it('is the npm that runs the script, or else the one on the path', () => {
      expect(npmCommand({ npm_execpath: '/usr/lib/npm/bin/npm-cli.js' })).to.deep.equal([
        process.execPath,
        '/usr/lib/npm/bin/npm-cli.js',
      ])
      expect(npmCommand({ npm_execpath: '/usr/lib/pnpm.cjs' })).to.deep.equal(['npm'])
      expect(npmCommand({})).to.deep.equal(['npm'])
    })
  })

  it('reads the cache of CMake', () => {
    const cache = readCMakeCache(
      '# comment\nCMAKE_HOME_DIRECTORY:INTERNAL=/a b/c=d\nCMAKE_GENERATOR:INTERNAL=Ninja\n//x\n',
    )
    expect(cache).to.deep.equal({ CMAKE_HOME_DIRECTORY: '/a b/c=d', CMAKE_GENERATOR: 'Ninja' })
  })

  describe('results', () => {
    it('are counted from what ctest prints', () => {
      expect(countCTest('67% tests passed, 1 tests failed out of 3\n')).to.deep.equal({
        passed: 2,
        failed: 1,
        skipped: 0,
      })
      expect(countCTest('No tests were found!!!')).to.deep.equal({ passed: 0, failed: 0, skipped: 0 })
    })

    it('are counted from what mocha prints, in colour too', () => {
      const output =
        '  \u001b[92m \u001b[0m\u001b[32m12 passing\u001b[0m (17ms)\n  1 pending\n  2 failing\n\n  1) 3 passing\n'
      expect(countMocha(output)).to.deep.equal({ passed: 12, failed: 2, skipped: 1 })
      expect(countMocha('Error: cannot find module')).to.deep.equal({ passed: 0, failed: 0, skipped: 0 })
    })

    it('are added up', () => {
      const total = addResults([
        { passed: 1, failed: 0, skipped: 0 },
        { passed: 2, failed: 3, skipped: 4 },
      ])
      expect(summaryLine(total)).to.equal('3 passed, 3 failed, 4 skipped')
      expect(summaryLine({ ...total, skipped: 0 })).to.equal('3 passed, 3 failed')
    })
  })
})
