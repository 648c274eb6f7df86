import { join } from 'node:path'
import { once } from '../debian/cache.js'
import { debootstrap, runInRoot } from '../debian/root.js'
import { root as project } from '../setup/machine.js'
import {
  ownCompilerOptions,
  cmakeOptions,
  gccOptions,
  openBlasOptions,
  sources,
  sourceSuite,
  suite,
  toolchain,
} from './recipe.js'

/** @import { Part } from '../debian/cache.js' */
/** @import { Machine } from '../setup/machine.js' */
/** @import { Target } from './recipe.js' */

/**
 * The system that compiles.
 *
 * @param {Machine} machine
 * @returns {Promise<Part>}
 */
export function makeSystem(machine) {
  return once('system', [suite, toolchain], (folder) => debootstrap(machine, folder, suite, { packages: toolchain }))
}

/**
 * Debian's sources of the libraries, unpacked.
 *
 * @param {Machine} machine
 * @param {Part} system
 * @returns {Promise<Part>}
 */
export function fetchSources(machine, system) {
  const packages = Object.entries(sources).map(([name, version]) => `${name}=${version}`)
  const fetch = shell(`${useSourceSuite('deb-src')}
    cd /sources
    apt-get $lists -o APT::Sandbox::User=root --download-only source ${packages.join(' ')}
    dpkg-source --extract openblas_*.dsc openblas
    dpkg-source --extract highway_*.dsc highway`)
  return once('sources', [system.key, sourceSuite, sources], (folder) =>
    runInRoot(machine, system.folder, {
      name: 'prebuild-sources',
      command: fetch,
      mounts: { sources: folder },
      network: true,
    }),
  )
}

/**
 * OpenBLAS as a static library with its headers.
 *
 * @param {Machine} machine
 * @param {{ system: Part, code: Part, target: Target }} from
 * @returns {Promise<Part>}
 */
export function buildOpenBlas(machine, { system, code, target }) {
  const options = openBlasOptions(target)
  const build = shell(
    `
    cp -a /sources/openblas /tmp/openblas
    cd /tmp/openblas
    nice make -j"$(nproc)" libs "$@"
    make install PREFIX=/out "$@"
    rm -r /tmp/openblas`,
    options,
  )
  return once(`openblas-${target.arch}`, [system.key, code.key, build], (folder) =>
    runInRoot(machine, system.folder, {
      name: `prebuild-openblas-${target.arch}`,
      command: build,
      mounts: { sources: code.folder, out: folder },
    }),
  )
}

/**
 * Highway as a static library with its headers.
 *
 * @param {Machine} machine
 * @param {{ system: Part, code: Part, target: Target }} from
 * @returns {Promise<Part>}
 */
export function buildHighway(machine, { system, code, target }) {
  const options = [
    ...['-DBUILD_SHARED_LIBS=OFF', '-DBUILD_TESTING=OFF', '-DHWY_ENABLE_EXAMPLES=OFF', '-DCMAKE_INSTALL_PREFIX=/out'],
    ...['-DCMAKE_POSITION_INDEPENDENT_CODE=ON', ...cmakeOptions(target), ...gccOptions(target)],
  ]
  const build = shell(
    `
    cmake -S /sources/highway -B /tmp/highway "$@"
    cmake --build /tmp/highway --parallel "$(nproc)" --target install
    rm -r /tmp/highway`,
    options,
  )
  return once(`highway-${target.arch}`, [system.key, code.key, build], (folder) =>
    runInRoot(machine, system.folder, {
      name: `prebuild-highway-${target.arch}`,
      command: build,
      mounts: { sources: code.folder, out: folder },
    }),
  )
}

/**
 * doctest, of the suite that the sources come from: the tests are written for that version.
 *
 * @param {Machine} machine
 * @param {Part} system
 * @returns {Promise<Part>}
 */
export function fetchDoctest(machine, system) {
  const fetch = shell(`${useSourceSuite('deb')}
    cd /tmp
    apt-get $lists -o APT::Sandbox::User=root download doctest-dev
    dpkg-deb -x doctest-dev_*.deb /out
    touch /out/usr/include/doctest/doctest.h
    rm doctest-dev_*.deb`)
  return once('doctest', [system.key, fetch], (folder) =>
    runInRoot(machine, system.folder, {
      name: 'prebuild-doctest',
      command: fetch,
      mounts: { out: folder },
      network: true,
    }),
  )
}

/**
 * Compiles the addon, or what of it is out of date, and links it with the libraries.
 *
 * @param {Machine} machine
 * @param {Parts} parts
 * @returns {Promise<string>} its path
 */
export async function buildAddon(machine, parts) {
  return join(await compile(machine, parts, 'evenkeel'), 'evenkeel.node')
}

/**
 * The same for the tests of the kernels.
 *
 * @param {Machine} machine
 * @param {Parts & { doctest: Part }} parts
 * @returns {Promise<string>}
 */
export async function buildKernelTests(machine, parts) {
  const places = ['usr/include/doctest', 'usr/lib/cmake/doctest']
  const mounts = Object.fromEntries(places.map((place) => [place, join(parts.doctest.folder, place)]))
  // CMake would run them to see which there are, as an emulator would for another processor.
  const options = ['-DKERNEL_TESTS=ON', '-DCMAKE_CROSSCOMPILING_EMULATOR=true']
  // CMake does not ask whether a header of the system is newer than what includes it.
  const prepare = "find /out -path '*/kernels_test.dir/*.o' ! -newer /usr/include/doctest/doctest.h -delete"
  return join(await compile(machine, parts, 'kernels_test', { options, mounts, prepare }), 'kernels_test')
}

/**
 * What the addon is compiled in, with and for.
 *
 * @typedef {object} Parts
 * @property {Part} system
 * @property {Part} openBlas
 * @property {Part} highway
 * @property {Target} target
 */

/**
 * @param {Machine} machine
 * @param {Parts} parts
 * @param {string} goal
 * @param {{ options?: readonly string[], mounts?: Record<string, string>, prepare?: string }} [more] a command of the
 *   shell that comes first
 * @returns {Promise<string>} the folder that it is in
 */
async function compile(
  machine,
  { system, openBlas, highway, target },
  goal,
  { options: more = ['-DKERNEL_TESTS=OFF'], mounts = {}, prepare = '' } = {},
) {
  const made = await once(
    `addon-${target.arch}`,
    [system.key, openBlas.key, highway.key, ownCompilerOptions(target)],
    () => Promise.resolve(),
  )
  const options = [
    ...['-DNODE_ADDON=ON', '-DSELF_CONTAINED=ON', '-DCMAKE_PREFIX_PATH=/highway'],
    '-DCMAKE_JS_INC=/project/node_modules/node-api-headers/include',
    ...['-DOPENBLAS_LIBRARY=/openblas/lib/libopenblas.a', '-DOPENBLAS_INCLUDE_DIR=/openblas/include'],
    ...cmakeOptions(target),
    ...ownCompilerOptions(target),
    ...more,
  ]
  const build = shell(
    `
    ${prepare}
    cmake -S /project -B /out "$@"
    nice cmake --build /out --parallel "$(nproc)" --target ${goal}`,
    options,
  )
  await runInRoot(machine, system.folder, {
    name: `prebuild-${goal}-${target.arch}`,
    command: build,
    mounts: { project, openblas: openBlas.folder, highway: highway.folder, out: made.folder, ...mounts },
  })
  return made.folder
}

/**
 * The beginning of a shell's script whose `apt-get $lists` takes packages from the suite of the sources.
 *
 * @param {'deb' | 'deb-src'} kind
 */
function useSourceSuite(kind) {
  return `
    mirror=$(sed -n 's/^deb \\(http[^ ]*\\) .*/\\1/p' /etc/apt/sources.list | head -1)
    echo "${kind} $mirror ${sourceSuite} main" > /tmp/sources.list
    lists='-o Dir::Etc::SourceList=/tmp/sources.list -o Dir::Etc::SourceParts=- -o Acquire::Check-Date=false'
    apt-get $lists update`
}

/**
 * @param {string} script
 * @param {readonly string[]} [args]
 */
function shell(script, args = []) {
  return ['sh', '-exc', script, 'sh', ...args]
}
