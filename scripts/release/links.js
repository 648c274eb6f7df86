import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/**
 * What is wrong with the links between the pages of a package: each must lead to a file of it, and to a heading there.
 *
 * @param {string} folder
 * @param {readonly string[]} files of the package, by their paths in the folder
 * @returns {string[]}
 */
export function faultsOfLinks(folder, files) {
  const pages = new Map(
    files
      .filter((file) => file.endsWith('.md'))
      .map((page) => [page, proseOf(readFileSync(join(folder, page), 'utf8'))]),
  )
  const faults = []
  for (const [page, text] of pages) {
    for (const target of relativeLinksIn(text)) {
      const [path, heading] = target.split('#')
      const file = path === '' ? page : posix.join(posix.dirname(page), path)
      if (!files.includes(file)) faults.push(`${page} links to ${target}, which the package does not have`)
      else if (heading !== undefined && !headingsIn(pages.get(file) || '').includes(heading)) {
        faults.push(`${page} links to ${target}, which has no such heading`)
      }
    }
  }
  return faults
}

/**
 * A page without its code, where brackets mean other things.
 *
 * @param {string} markdown
 */
function proseOf(markdown) {
  return markdown.replace(/^```.*?^```$/gms, '').replace(/`[^`]*`/g, (code) => code.replace(/[[\]()]/g, ''))
}

/** @param {string} text */
function relativeLinksIn(text) {
  const targets = Array.from(
    text.matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: *(\S+)/gm),
    ([, inline, below]) => inline || below,
  )
  return targets.filter((target) => !/^[a-z]+:/i.test(target))
}

/**
 * The headings of a page, as links name them.
 *
 * @param {string} text
 */
function headingsIn(text) {
  const titles = Array.from(text.matchAll(/^#+ +(.*)$/gm), ([, title]) => title)
  return titles.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
