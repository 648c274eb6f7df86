import { expect } from 'chai'
import {
  arange,
  DataLoader,
  type DataSource,
  manualSeed,
  randint,
  type Tensor,
  TensorDataset,
} from '../../lib/index.js'
import { readGolden } from '../golden.js'

interface Case {
  args: { seed: string; own: string | null; n: number; batchSize: number; shuffle: boolean; dropLast: boolean }
  length: number
  epochs: { batches: number[][]; draw: number }[]
}

/** Recorded from PyTorch by golden/record_data_loader.py. */
const { cases } = readGolden('data_loader') as { cases: Case[] }

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)

/** How the same samples are handed over, and what a batch of them shows of their numbers. */
const sources: Record<string, (n: number) => DataSource<readonly (Tensor | number)[]>> = {
  'a dataset of tensors': (n: number) => new TensorDataset(arange(n)),
  'an array': (n: number) => numbers(n).map((i) => [i]),
  'a dataset that reads later': (n: number) => ({ length: n, get: (i: number) => Promise.resolve([i]) }),
}

describe('DataLoader reads in the order of PyTorch', () => {
  for (const { args, length, epochs } of cases) {
    const { seed, own, n, ...options } = args
    const create = (source: string) =>
      new DataLoader(sources[source](n), { ...options, seed: own === null ? undefined : BigInt(own) })

    for (const source of ['a dataset of tensors', 'an array']) {
      it(`${source}, ${JSON.stringify(args)}`, () => {
        manualSeed(BigInt(seed))
        const loader = create(source)
        expect(loader.length).to.equal(length)
        epochs.forEach(({ batches, draw }, epoch) => {
          const read = []
          for (const [x] of loader) {
            read.push(x.toArray())
            if (epoch === 1) break
          }
          expect(read).to.deep.equal(batches)
          expect(randint(0, 2 ** 31 - 1, [1]).item()).to.equal(draw)
        })
      })
    }

    for (const source of Object.keys(sources)) {
      it(`${source}, awaited, ${JSON.stringify(args)}`, async () => {
        manualSeed(BigInt(seed))
        const loader = create(source)
        for (const [epoch, { batches, draw }] of epochs.entries()) {
          const read = []
          for await (const [x] of loader) {
            read.push(x.toArray())
            if (epoch === 1) break
          }
          expect(read).to.deep.equal(batches)
          expect(randint(0, 2 ** 31 - 1, [1]).item()).to.equal(draw)
        }
      })
    }
  }
})
