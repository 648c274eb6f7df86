import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'

const pages = ['README.md', ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))]

const blocks = (page: string, language: string) =>
  Array.from(readFileSync(page, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms))
    .filter(([, tag]) => tag === language)
    .map(([, , text]) => text)

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [resolve('node_modules/@types')],
}

/** Compiles a program to JavaScript beside it; returns what the compiler has to say about it. */
function compile(source: string): string[] {
  const program = ts.createProgram([source], compilerOptions)
  program.emit()
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : '?'
    return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

describe('blocks of TypeScript in the documentation, those of a page one after the other,', () => {
  let folder: string

  // A folder like a user's, which has the package in its node_modules.
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-docs-'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(process.cwd(), join(folder, 'node_modules', 'evenkeel'), 'junction')
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  })

  after(() => rmSync(folder, { recursive: true }))

  for (const page of pages) {
    const program = blocks(page, 'ts').join('')
    if (program === '') continue

    it(`${page} compiles, and prints what the page says`, () => {
      const source = join(folder, 'page.ts')
      writeFileSync(source, program)
      expect(compile(source)).to.deep.equal([])
      const { status, stdout, stderr } = spawnSync(process.execPath, ['page.js'], { cwd: folder, encoding: 'utf8' })
      expect([status, stderr]).to.deep.equal([0, ''])
      const expected = blocks(page, 'text').join('')
      if (expected !== '') expect(stdout).to.equal(expected)
    })
  }
})
