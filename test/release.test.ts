import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { faultsOfLinks } from '../scripts/release/links.js'
import { npmCommand } from '../scripts/setup/npm.js'

/** The faults of the links in a package of these pages, and of files without a content that matters. */
function faultsIn(pages: Record<string, string>, files: string[] = []): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  try {
    for (const [page, text] of Object.entries(pages)) {
      mkdirSync(join(folder, dirname(page)), { recursive: true })
      writeFileSync(join(folder, page), text)
    }
    return faultsOfLinks(folder, [...Object.keys(pages), ...files])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the links of a package', () => {
  it('have no fault where each leads to a file and a heading of it', () => {
    const readme =
      '# All `of` it!\n[a](docs/a.md) [b](docs/a.md#the-end) [c](#all-of-it) ![d](d.png) [e](https://e.org/e)'
    const faults = faultsIn({ 'README.md': readme, 'docs/a.md': '## The end\n[back](../README.md)' }, ['d.png'])
    expect(faults).to.deep.equal([])
  })

  it('have one where there is no such file or heading', () => {
    const page = '[a](a.md) [README.md](../README.md) [b](#end "The end") ![c](c.png) [d][]\n\n[d]: d.md\n'
    const lost = (target: string) => `docs/b.md links to ${target}, which the package does not have`
    expect(faultsIn({ 'docs/b.md': page })).to.deep.equal([
      lost('a.md'),
      lost('../README.md'),
      'docs/b.md links to #end, which has no such heading',
      lost('c.png'),
      lost('d.md'),
    ])
  })

  it('are not looked for in code', () => {
    expect(faultsIn({ 'a.md': 'It is `t[0](x)`.\n\n```ts\nlayers[0](x)\n```\n' })).to.deep.equal([])
  })

  it('lead to what npm packs of this one', () => {
    const [npm, ...before] = npmCommand(process.env)
    const pack = [...before, 'pack', '--dry-run', '--json', '--ignore-scripts', '--silent']
    const output = execFileSync(npm, pack, { encoding: 'utf8' })
    // A list until npm 11, by name since npm 12.
    const [{ files }] = Object.values(JSON.parse(output) as Record<string, { files: { path: string }[] }>)
    const paths = files.map(({ path }) => path)
    expect(paths).to.include.members(['README.md', 'docs/benchmarks.md', 'lib/index.ts'])
    expect(faultsOfLinks('.', paths)).to.deep.equal([])
  })
})
