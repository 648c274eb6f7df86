import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/machine.js'

/** Where the parts are kept. */
const cache = join(root, 'build', 'prebuild')

/**
 * A part of a build that is made once.
 *
 * @typedef {object} Part
 * @property {string} folder
 * @property {string} key tells it from the same part made of something else
 */

/**
 * Makes a folder, unless it is there and was made of the same. One that was broken off is made anew.
 *
 * @param {string} name
 * @param {readonly unknown[]} ingredients versions, commands and keys of other parts: all that the content depends on
 * @param {(folder: string) => Promise<unknown>} make fills the folder, which is empty
 * @returns {Promise<Part>}
 */
export async function once(name, ingredients, make) {
  const folder = join(cache, name)
  const stamp = join(cache, `${name}.key`)
  const key = createHash('sha256').update(JSON.stringify(ingredients)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return { folder, key }
  process.stdout.write(`making ${name} ...\n`)
  rmSync(stamp, { force: true })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await make(folder)
  writeFileSync(stamp, key)
  return { folder, key }
}
