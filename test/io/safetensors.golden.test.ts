import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { load, save, type Tensor } from '../../lib/index.js'
import { decode, type Encoded, readGolden } from '../golden.js'
import { checkpoint } from '../golden/write_safetensors.js'
import { contents, fileOf, loadBytes, useFolder } from './support.js'

/** Recorded by golden/record_safetensors.py. */
const golden = readGolden('safetensors') as {
  same: Record<string, Encoded>
  other: Record<string, Encoded>
  every: Record<string, string>
}

function goldenFile(name: string): string {
  return fileURLToPath(new URL(`../golden/${name}.safetensors`, import.meta.url))
}

/** What a file should hold, in the order in which it was found to hold it. */
function expected(recorded: Record<string, Encoded>, found: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  expect([...found.keys()]).to.have.members(Object.keys(recorded))
  return new Map([...found.keys()].map((name) => [name, decode(recorded[name])]))
}

describe('safetensors.torch', () => {
  const folder = useFolder()

  it('wrote a file that is read', async () => {
    const tensors = await load(goldenFile('python'))
    expect(contents(tensors)).to.deep.equal(contents(expected(golden.same, tensors)))
  })

  it('wrote a file that is written with the same bytes', async () => {
    const tensors = await load(goldenFile('python'))
    const path = folder.path('again.safetensors')
    await save(path, new Map([...tensors].toReversed()))
    expect(readFileSync(path)).to.deep.equal(readFileSync(goldenFile('python')))
  })

  it('wrote dtypes that are converted', async () => {
    const tensors = await load(goldenFile('python_dtypes'))
    const numbers = (from: ReadonlyMap<string, Tensor>) =>
      [...from].map(([name, { dtype, shape, data }]) => [name, dtype, [...shape], [...data]])
    expect(numbers(tensors)).to.deep.equal(numbers(expected(golden.other, tensors)))
  })

  it('read the file that is written here (check_safetensors.py)', async () => {
    const path = folder.path('again.safetensors')
    await save(path, checkpoint())
    expect(readFileSync(path)).to.deep.equal(readFileSync(goldenFile('evenkeel')))
  })

  for (const dtype of ['F16', 'BF16']) {
    it(`makes the same float32 of every ${dtype}`, async () => {
      const stored = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i)
      const header = { x: { dtype, shape: [256, 256], data_offsets: [0, 2 ** 17] } }
      const bytes = fileOf(header, new Uint8Array(stored.buffer))
      const { data } = (await loadBytes(folder.path('every.safetensors'), bytes)).get('x') as Tensor<'float32'>
      const bits = new Uint32Array(data.buffer)
      data.forEach((value, i) => {
        if (Number.isNaN(value)) bits[i] = 0x7fc00000
      })
      expect(createHash('sha256').update(bits).digest('hex')).to.equal(golden.every[dtype])
    })
  }
})
