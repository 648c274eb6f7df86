import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Kernels, NativeAddon } from '../../binding.js'
import { reference } from './reference/index.js'

/** The folder of the package: two above this file, as source and as built. */
const root = new URL('../../', import.meta.url)

/**
 * Loads the addon: the prebuilt binary of this platform if there is one, else the one built in this checkout.
 *
 * @throws Error that names the platform, every path tried, what went wrong with each, and what to do
 */
export function loadAddon(): NativeAddon {
  const failures: string[] = []
  for (const path of candidates()) {
    try {
      if (!existsSync(path)) throw new Error('no such file')
      return checkComplete(requireAddon(path))
    } catch (error) {
      failures.push(`  ${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(
    [
      `no native addon could be loaded on ${platform()} (Node ${process.version}). Tried:`,
      ...failures,
      'To build it, run `npm run setup` in a checkout of evenkeel: it needs a C++20 compiler, CMake, OpenBLAS and Highway.',
    ].join('\n'),
  )
}

function candidates(): string[] {
  const prebuilt = `prebuilds/${process.platform}-${process.arch}/evenkeel.${libc()}.node`
  return [prebuilt, 'build/addon/Release/evenkeel.node'].map((path) => fileURLToPath(new URL(path, root)))
}

function platform(): string {
  return `${process.platform}-${process.arch} (${libc()})`
}

function libc(): string {
  if (process.platform !== 'linux') return 'system'
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
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
    return createRequire(import.meta.url)(path) as NativeAddon
  } finally {
    if (before === undefined) delete process.env.OPENBLAS_NUM_THREADS
    else process.env.OPENBLAS_NUM_THREADS = before
  }
}

/** A binary left over from another version must not pass for this one. */
function checkComplete(addon: NativeAddon): NativeAddon {
  const missing = Object.keys(reference).filter((name) => typeof addon.kernels[name as keyof Kernels] !== 'function')
  if (missing.length > 0) throw new Error(`it was built for another version and lacks ${missing.join(', ')}`)
  return addon
}
