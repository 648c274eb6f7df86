import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What `npm run prebuild` writes beside each binary. */
interface Manifest {
  readonly platform: string
  /** The oldest glibc that it runs on. */
  readonly glibc: string
  readonly commit: string
  readonly compiler: string
  readonly openblas: { readonly version: string; readonly cores: readonly string[] }
  readonly highway: string
  readonly sha256: string
}

/** Lines about the prebuilt binaries that the package has: for which platforms, and what they were made of. */
export function describePrebuilds(folder: string): string[] {
  const manifests = platformsIn(folder).flatMap((platform) => readManifest(join(folder, platform)) ?? [])
  if (manifests.length === 0) return ['There are no prebuilt binaries in this folder.']
  return ['There are prebuilt binaries for:', ...manifests.map((manifest) => `  ${describe(manifest)}`)]
}

/** Whether a binary is another file than the one that its manifest tells of. */
export function isDamaged(path: string): boolean {
  const manifest = readManifest(dirname(path))
  return manifest !== undefined && createHash('sha256').update(readFileSync(path)).digest('hex') !== manifest.sha256
}

function describe({ platform, glibc, commit, compiler, openblas, highway, sha256 }: Manifest): string {
  const blas = `OpenBLAS ${openblas.version} for ${openblas.cores.join(' ')}`
  return `${platform}, glibc ${glibc} or later: commit ${commit}, ${compiler}, ${blas}, Highway ${highway}, sha256 ${sha256}`
}

function platformsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

/** What an error says about binaries must not become an error of its own. */
function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    return undefined
  }
}
