import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { needsAddon } from '../backends.js'
import { expectEnd } from './support.js'

describe('two copies of the package in one process', () => {
  needsAddon()

  it('train side by side, to the same losses, and do not take tensors from each other for their own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
    try {
      expect(trainBeside(folder)).to.equal(
        'true true true TypeError: add: expected other to be a tensor of this copy of evenkeel, ' +
          'got a float32 tensor of shape [2]\n',
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** What a program prints that trains with the package here and with a copy of it in that folder. */
function trainBeside(folder: string): string {
  const binaries = ['build/addon/Release/evenkeel.node', 'prebuilds'].filter((path) => existsSync(path))
  for (const part of ['dist', 'package.json', ...binaries, 'test/fixtures']) {
    cpSync(part, join(folder, part), { recursive: true, force: true })
  }
  return expectEnd(`
      import { pathToFileURL } from 'node:url'
      const url = (file) => pathToFileURL(${JSON.stringify(folder)} + '/' + file).href
      const other = await import(url('test/fixtures/train.js'))
      const same = Array.from({ length: 5 }, () => step() === other.step())
      const [a, b] = [await import('evenkeel'), await import(url('dist/index.js'))]
      a.setNumThreads(2)
      b.setNumThreads(3)
      let message
      try {
        a.ones([2]).add(b.ones([2]))
      } catch (error) {
        message = String(error)
      }
      console.log(same.every(Boolean), a.backend().name === b.backend().name, a.Tensor !== b.Tensor, message)`)
}
