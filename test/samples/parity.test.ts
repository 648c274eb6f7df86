import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { PAGE, pageWith } from './parity.js'
import { readSamples } from './recorded.js'

describe('docs/parity.md', () => {
  it('says what is recorded of the samples of PyTorch, and what is left out', async () => {
    expect(readFileSync(PAGE, 'utf8')).to.equal(await pageWith(readSamples()))
  })
})
