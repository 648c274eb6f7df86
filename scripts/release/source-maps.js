import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * What is wrong with the source maps of a package: each file that was compiled must have one, whose sources are shipped.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function faultsOfSourceMaps(folder) {
  const files = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).map((file) =>
    join('dist', file),
  )
  const compiled = files.filter((file) => /\.(js|d\.ts)$/.test(file))
  const faults = compiled.filter((file) => !files.includes(`${file}.map`)).map((file) => `${file} has no source map`)
  for (const map of files.filter((file) => file.endsWith('.map'))) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, map), 'utf8'))
    const missing = sources.filter((/** @type {string} */ source) => !existsSync(resolve(folder, dirname(map), source)))
    if (sourcesContent === undefined && missing.length > 0) faults.push(`${map} tells of ${missing.join(', ')}`)
  }
  return faults
}
