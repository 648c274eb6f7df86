import { spawnSync } from 'node:child_process'
import { expect } from 'chai'
import { needsAddon } from '../backends.js'

const ways: Record<string, { status: number; stdout: string; stderr: string }> = {
  finish: { status: 0, stdout: '200\n', stderr: '' },
  exit: { status: 0, stdout: '', stderr: '' },
  throw: { status: 1, stdout: '', stderr: 'thrown in the middle' },
  reject: { status: 1, stdout: '', stderr: 'rejected in the middle' },
}

describe('a process whose workers ended in the middle of a captured step', () => {
  needsAddon()

  for (const [way, expected] of Object.entries(ways)) {
    it(`can ${way} in the middle of one itself`, () => {
      const args = ['test/fixtures/captured.js', way]
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      expect({ status, signal, stdout }, stderr).to.deep.equal({
        status: expected.status,
        signal: null,
        stdout: expected.stdout,
      })
      expect(stderr).to.include(expected.stderr)
    })
  }
})

describe('workers that are terminated', () => {
  needsAddon()

  it('while they record, run, wait in the queue or are on another thread end at once, and harm nobody', () => {
    const args = ['test/fixtures/terminated.js']
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect({ status, signal, stdout, stderr }).to.deep.equal({ status: 0, signal: null, stdout: '15\n', stderr: '' })
  })
})
