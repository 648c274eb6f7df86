// What the prebuilt binaries are made of.

/** Its glibc and C++ runtime are old enough for what is linked there to run wherever Node.js 20 does. */
export const suite = 'bullseye'

/** The suite that the sources of the libraries come from. */
export const sourceSuite = 'bookworm'

/** What the system that compiles consists of, beside the essentials. */
export const toolchain = [
  'ca-certificates',
  'clang-13',
  'cmake',
  'crossbuild-essential-arm64',
  'dpkg-dev',
  'g++',
  'make',
]

/** Debian's sources, by package. */
export const sources = { openblas: '0.3.21+ds-4', highway: '1.0.3-3+deb12u1' }

/** The newest glibc that a binary may ask for: Node.js's own. */
export const newestGlibc = [2, 28]

/** The most bytes that a binary may have. */
export const mostBytes = 10e6

/** What the addon is loaded by, and all that it may export. */
export const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']

/** What a binary may be linked with: what every system with glibc has. */
export const systemLibraries = /^(libc|libm|libdl|libpthread|ld-linux-[\w-]+)\.so\.\d$/

/**
 * A platform to build for.
 *
 * @typedef {object} Target
 * @property {'x64' | 'arm64'} arch in Node's words
 * @property {string} triplet of its compiler
 * @property {string} compiler of our own code; the libraries are compiled by gcc
 * @property {string} processor in CMake's words
 * @property {readonly string[]} cores that OpenBLAS has kernels for, the one that every machine has first
 * @property {string} baseline that OpenBLAS's own code is compiled for
 */

/** @type {Record<string, Target>} */
export const targets = {
  x64: {
    arch: 'x64',
    triplet: 'x86_64-linux-gnu',
    // A tenth faster exponentials than with g++ 10.
    compiler: 'clang++-13',
    processor: 'x86_64',
    // AVX-512 with AMX takes the kernels for Cooper Lake: this version has none of its own for it.
    cores: ['PRESCOTT', 'NEHALEM', 'SANDYBRIDGE', 'HASWELL', 'ZEN', 'SKYLAKEX', 'COOPERLAKE'],
    baseline: 'GENERIC',
  },
  arm64: {
    arch: 'arm64',
    triplet: 'aarch64-linux-gnu',
    // clang 13 makes +0 of relu(-0) here.
    compiler: 'aarch64-linux-gnu-g++',
    processor: 'aarch64',
    cores: ['ARMV8', 'CORTEXA57', 'NEOVERSEN1', 'NEOVERSEV1', 'NEOVERSEN2'],
    baseline: 'ARMV8',
  },
}

/**
 * What OpenBLAS is made with. Of its types, single precision alone is called. It has no threads of its own, but locks,
 * since several threads call it.
 *
 * @param {Target} target
 */
export function openBlasOptions({ triplet, cores: [, ...cores], baseline }) {
  return [
    ...[`TARGET=${baseline}`, 'DYNAMIC_ARCH=1', `DYNAMIC_LIST=${cores.join(' ')}`, 'BUILD_SINGLE=1'],
    ...['NO_LAPACK=1', 'NOFORTRAN=1', 'NO_SHARED=1', 'USE_THREAD=0', 'USE_LOCKING=1', 'NUM_THREADS=64'],
    ...[`CC=${triplet}-gcc`, `AR=${triplet}-ar`, `RANLIB=${triplet}-ranlib`, 'HOSTCC=gcc'],
  ]
}

/** @param {Target} target */
export function cmakeOptions({ triplet, processor }) {
  return [
    ...['-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_SYSTEM_NAME=Linux', `-DCMAKE_SYSTEM_PROCESSOR=${processor}`],
    `-DCMAKE_LIBRARY_ARCHITECTURE=${triplet}`,
  ]
}

/** @param {Target} target */
export function gccOptions({ triplet }) {
  return [`-DCMAKE_C_COMPILER=${triplet}-gcc`, `-DCMAKE_CXX_COMPILER=${triplet}-g++`]
}

/** @param {Target} target */
export function ownCompilerOptions({ compiler, triplet }) {
  const isClang = compiler.startsWith('clang')
  return [`-DCMAKE_CXX_COMPILER=${compiler}`, ...(isClang ? [`-DCMAKE_CXX_COMPILER_TARGET=${triplet}`] : [])]
}
