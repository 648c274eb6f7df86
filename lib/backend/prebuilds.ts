import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What `npm run prebuild` writes beside each binary. */
interface Manifest {
  readonly file: string
  readonly platform: string
  /** The oldest glibc that it runs on. */
  readonly glibc: string
  readonly commit: string
  readonly compiler: string
  readonly openblas: { readonly version: string; readonly cores: readonly string[] }
  readonly highway: string
  readonly bytes: number
  readonly sha256: string
}

/** Lines about the prebuilt binaries that the package has: for which platforms, and what they were made of. */
export function describePrebuilds(folder: string): string[] {
  const manifests = platformsIn(folder).flatMap((platform) => readManifest(join(folder, platform)) ?? [])
  if (manifests.length === 0) return ['There are no prebuilt binaries in this folder.']
  return ['There are prebuilt binaries for:', ...manifests.map((manifest) => `  ${describe(manifest)}`)]
}

/** Whether the package came with a binary of this path, be it there or not. */
export function wasShipped(path: string): boolean {
  return manifestOf(path) !== undefined
}

/** What is wrong with a prebuilt binary by its manifest. A longer file may be patched for a system. */
export function faultOf(path: string): string | undefined {
  const manifest = manifestOf(path)
  if (manifest === undefined) return 'no manifest.json beside it, that can be read, tells what the file should be'
  const { size } = statSync(path)
  if (size > manifest.bytes) return undefined
  if (size < manifest.bytes) return 'the end of the file is missing'
  return isDamaged(path) ? 'the file has other contents than its checksum tells of' : undefined
}

/** Whether a binary is not known to be the one of a manifest. One that may not be read could be. */
export function isDamaged(path: string): boolean {
  const manifest = manifestOf(path)
  if (manifest === undefined) return true
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex') !== manifest.sha256
  } catch {
    return false
  }
}

/** Whether a folder is the package's own. */
export function isPackage(folder: string): boolean {
  return (readJson(join(folder, 'package.json')) as { name?: string } | undefined)?.name === 'evenkeel'
}

function describe({ platform, glibc, commit, compiler, openblas, highway, sha256 }: Manifest): string {
  const blas = `OpenBLAS ${openblas.version} for ${openblas.cores.join(' ')}`
  return `${platform}, glibc ${glibc} or later: commit ${commit}, ${compiler}, ${blas}, Highway ${highway}, sha256 ${sha256}`
}

function platformsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** The manifest that tells of a binary. */
function manifestOf(path: string): Manifest | undefined {
  const manifest = readManifest(dirname(path))
  return manifest?.file === basename(path) ? manifest : undefined
}

/** A file that is none, or a damaged one, is as good as no manifest. */
function readManifest(folder: string): Manifest | undefined {
  const json = readJson(join(folder, 'manifest.json')) as Manifest | Partial<Manifest> | null | undefined
  return Array.isArray(json?.openblas?.cores) && Number.isInteger(json.bytes) ? (json as Manifest) : undefined
}

/** What an error says about binaries must not become an error of its own. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
