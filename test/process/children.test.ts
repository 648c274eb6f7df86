import { expect } from 'chai'
import { needsAddon } from '../backends.js'
import { expectEnd } from './support.js'

describe('processes that are started during training', () => {
  needsAddon()

  it('end, and training goes on, where they are spawned', () => {
    const printed = expectEnd(`
      import { spawn, spawnSync } from 'node:child_process'
      const codes = []
      for (let i = 0; i < 20; i++) {
        step()
        codes.push(new Promise((resolve) => spawn('true').on('exit', resolve)))
        step()
        if (i % 5 === 0) codes.push(spawnSync('true').status)
      }
      console.log((await Promise.all(codes)).every((code) => code === 0), Number.isFinite(step()))`)
    expect(printed).to.equal('true true\n')
  })

  it('train themselves where they are forked, to the same loss', () => {
    const printed = expectEnd(`
      import { fork } from 'node:child_process'
      import { setImmediate } from 'node:timers/promises'
      const first = step()
      const children = Array.from({ length: 3 }, () => fork('test/fixtures/train.js', { execArgv: [] }))
      const losses = children.map((child) => new Promise((resolve) => child.on('message', resolve)))
      const codes = children.map((child) => new Promise((resolve) => child.on('exit', resolve)))
      for (let i = 0; i < 20; i++) {
        step()
        await setImmediate()
      }
      console.log((await Promise.all(losses)).every((loss) => loss === first), await Promise.all(codes))`)
    expect(printed).to.equal('true [ 0, 0, 0 ]\n')
  })
})
