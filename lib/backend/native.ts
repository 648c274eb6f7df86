import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Kernels, NativeAddon } from '../../binding.js'
import { describePrebuilds, faultOf, isDamaged, isPackage, wasShipped } from './prebuilds.js'
import { reference } from './reference/index.js'

/**
 * Loads the addon: the one that was built in this folder if there is one, since somebody wanted it; else the prebuilt
 * binary of this platform.
 *
 * @throws Error that names the platform, every path tried, what went wrong with each, the binaries that the package has,
 *   and what to do
 */
export function loadAddon(): NativeAddon {
  const system = thisSystem()
  const root = packageFolder()
  if (root === undefined) throw new Error([noneOn(system), BUNDLED, SEE].join('\n'))
  const built = `${root}build/addon/Release/evenkeel.node`
  const prebuilt = `${root}prebuilds/${system.platform}/evenkeel.${system.libc}.node`
  const failures: string[] = []
  const explain = (advice: string) =>
    [`${noneOn(system)} Tried:`, ...failures, ...describePrebuilds(`${root}prebuilds`), advice, SEE].join('\n')
  for (const path of [built, prebuilt]) {
    if (!existsSync(path)) {
      failures.push(`  ${path}: no such file`)
      continue
    }
    try {
      if (path === prebuilt) checkWhole(path)
      return checkComplete(requireAddon(path))
    } catch (error) {
      failures.push(`  ${path}: ${error instanceof Error ? error.message : String(error)}`)
      throw new Error(explain(path === built ? REBUILD : damageOr(path)), { cause: error })
    }
  }
  if (!isPackage(root)) throw new Error(explain(BUNDLED))
  if (wasShipped(prebuilt)) throw new Error(explain(LOST))
  throw new Error(explain(system.libc === 'musl' ? `${NO_MUSL} ${BUILD}` : BUILD))
}

/** The folder of the package: two above this file, as source and as built. Bundled as CommonJS, there is no URL. */
function packageFolder(): string | undefined {
  return import.meta.url === undefined ? undefined : fileURLToPath(new URL('../../', import.meta.url))
}

const BUILD =
  'To build it, run `npm run setup` in a checkout of evenkeel: it needs a C++20 compiler, CMake, OpenBLAS and Highway.'
const REBUILD = 'To build it anew, run `npm run setup`; without the folder build/addon, the prebuilt binary is taken.'
const LOST =
  'The package came with a binary for this platform, which is gone: install the package again, or copy all of it.'
const NO_MUSL = 'There are no binaries for musl (Alpine): take a system with glibc, as Debian, Ubuntu or Fedora.'
const BUNDLED =
  'A bundler has taken this code out of the package, which has the binaries: mark evenkeel as external, and deploy ' +
  'node_modules/evenkeel.'
const SEE = 'What each of these means, and what to do: docs/install.md.'

function damageOr(path: string): string {
  return isDamaged(path) ? 'The file is damaged: install the package again.' : BUILD
}

interface System {
  /** As in the names of folders, e.g. `linux-x64`. */
  readonly platform: string
  /** As in the names of files. */
  readonly libc: 'glibc' | 'musl' | 'system'
  /** As a person calls it, e.g. `glibc 2.36`. */
  readonly libcName: string
}

function noneOn({ platform, libcName }: System): string {
  return `no native addon could be loaded on ${platform} with ${libcName} (Node ${process.version}).`
}

function thisSystem(): System {
  const platform = `${process.platform}-${process.arch}`
  if (process.platform !== 'linux') return { platform, libc: 'system', libcName: 'the libraries of the system' }
  const version = glibcVersion()
  if (version === undefined) return { platform, libc: 'musl', libcName: 'musl' }
  return { platform, libc: 'glibc', libcName: `glibc ${version}` }
}

/** Without the network, a report comes at once: it would look up the name of every peer that a socket has. */
function glibcVersion(): string | undefined {
  const { report } = process as { report: NodeJS.ProcessReport & { excludeNetwork?: boolean } }
  const before = report.excludeNetwork
  report.excludeNetwork = true
  try {
    return (report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime
  } finally {
    report.excludeNetwork = before
  }
}

/**
 * OpenBLAS reads its environment when it is loaded. With threads of its own, a `child_process.spawn` during a
 * multiplication can hang in its fork handler, so it is loaded with one; the variable is put back for the sake of child
 * processes.
 */
function requireAddon(path: string): NativeAddon {
  const before = process.env.OPENBLAS_NUM_THREADS
  process.env.OPENBLAS_NUM_THREADS = '1'
  try {
    return createRequire(path)(path) as NativeAddon
  } finally {
    if (before === undefined) delete process.env.OPENBLAS_NUM_THREADS
    else process.env.OPENBLAS_NUM_THREADS = before
  }
}

/** Called before it is loaded: a process that touches what is missing of its binary is killed. */
function checkWhole(prebuilt: string): void {
  const fault = faultOf(prebuilt)
  if (fault !== undefined) throw new Error(fault)
}

/** A binary left over from another version must not pass for this one. */
function checkComplete(addon: NativeAddon): NativeAddon {
  const missing = Object.keys(reference).filter((name) => typeof addon.kernels[name as keyof Kernels] !== 'function')
  if (missing.length > 0) throw new Error(`it was built for another version and lacks ${missing.join(', ')}`)
  return addon
}
