import { findCompiler } from './compiler.js'
import { isAtLeast, parseVersion } from './versions.js'

/** @import { Compiler } from './compiler.js' */
/** @import { Machine } from './machine.js' */

/** What a set-up is for; each purpose includes those before it. */
export const purposes = /** @type {const} */ (['run', 'test', 'check'])

/** @typedef {typeof purposes[number]} Purpose */
/** @typedef {'apt' | 'dnf' | 'pacman' | 'apk' | 'brew'} ManagerName */

/**
 * Something outside npm that the native half needs.
 *
 * @typedef {object} Prerequisite
 * @property {string} name
 * @property {Purpose} purpose the first purpose that needs it
 * @property {(machine: Machine, compiler: Compiler | undefined) => boolean | undefined} isThere
 * @property {Record<ManagerName, string>} packages what to install where it is missing
 */

/** The first that reads CMakePresets.json of format 3. */
const oldestCMake = [3, 21]

/** @type {readonly Prerequisite[]} */
export const prerequisites = [
  {
    name: 'a C++20 compiler (g++ 10, clang++ 12 or newer)',
    purpose: 'run',
    isThere: (_machine, compiler) => compiler !== undefined,
    packages: { apt: 'g++', dnf: 'gcc-c++', pacman: 'gcc', apk: 'g++', brew: 'llvm' },
  },
  {
    name: `CMake ${oldestCMake.join('.')} or newer`,
    purpose: 'run',
    isThere: (machine) => isAtLeast(parseVersion(machine.capture(['cmake', '--version']).output) || [], oldestCMake),
    packages: { apt: 'cmake', dnf: 'cmake', pacman: 'cmake', apk: 'cmake', brew: 'cmake' },
  },
  {
    name: 'Ninja or make',
    purpose: 'run',
    isThere: (machine) => (machine.which('ninja') || machine.which('make')) !== undefined,
    packages: { apt: 'ninja-build', dnf: 'ninja-build', pacman: 'ninja', apk: 'samurai', brew: 'ninja' },
  },
  {
    name: 'OpenBLAS',
    purpose: 'run',
    isThere: hasOpenBlas,
    packages: {
      apt: 'libopenblas-pthread-dev',
      dnf: 'openblas-devel',
      pacman: 'openblas',
      apk: 'openblas-dev',
      brew: 'openblas',
    },
  },
  {
    name: 'Highway',
    purpose: 'run',
    isThere: (_machine, compiler) =>
      compiler?.builds('#include <hwy/targets.h>\nint main() { return hwy::SupportedTargets() == 0; }\n', ['-lhwy']),
    packages: { apt: 'libhwy-dev', dnf: 'highway-devel', pacman: 'highway', apk: 'highway-dev', brew: 'highway' },
  },
  {
    name: 'doctest',
    purpose: 'test',
    isThere: (_machine, compiler) =>
      compiler?.builds('#if !__has_include(<doctest/doctest.h>)\n#error missing\n#endif\nint main() {}\n'),
    packages: { apt: 'doctest-dev', dnf: 'doctest-devel', pacman: 'doctest', apk: 'doctest-dev', brew: 'doctest' },
  },
  {
    name: 'sanitizers',
    purpose: 'test',
    isThere: (_machine, compiler) => compiler?.builds('int main() {}\n', ['-fsanitize=address,undefined']),
    packages: { apt: 'g++', dnf: 'libasan libubsan', pacman: 'gcc', apk: 'compiler-rt', brew: 'llvm' },
  },
  {
    name: 'clang-format',
    purpose: 'check',
    isThere: (machine) => machine.which('clang-format') !== undefined,
    packages: {
      apt: 'clang-format',
      dnf: 'clang-tools-extra',
      pacman: 'clang',
      apk: 'clang-extra-tools',
      brew: 'clang-format',
    },
  },
  {
    name: 'clang-tidy',
    purpose: 'check',
    isThere: (machine) => machine.which('clang-tidy') !== undefined,
    packages: { apt: 'clang-tidy', dnf: 'clang-tools-extra', pacman: 'clang', apk: 'clang-extra-tools', brew: 'llvm' },
  },
]

/**
 * OpenBLAS is there if a program links with it. Debian has three builds of it, of which only the one with POSIX threads
 * gives right results to concurrent callers; a Debian machine with another one needs that one as well.
 *
 * @param {Machine} machine
 * @param {Compiler | undefined} compiler
 */
function hasOpenBlas(machine, compiler) {
  const isDebian = machine.which('apt-get') !== undefined
  const source = `#include <cblas.h>
    int main() {
      const float x[1] = {1};
      return cblas_sasum(1, x, 1) != 1 ${isDebian ? '|| openblas_get_parallel() != OPENBLAS_THREAD' : ''};
    }\n`
  return isDebian ? compiler?.runs(source, ['-lopenblas']) : compiler?.builds(source, ['-lopenblas'])
}

/**
 * The prerequisites of a purpose that are not there.
 *
 * @param {Machine} machine
 * @param {Purpose} purpose
 */
export function missingPrerequisites(machine, purpose) {
  const included = purposes.slice(0, purposes.indexOf(purpose) + 1)
  const compiler = findCompiler(machine)
  return prerequisites.filter((each) => included.includes(each.purpose) && !each.isThere(machine, compiler))
}
