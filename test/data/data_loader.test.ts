import { expect } from 'chai'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import {
  arange,
  DataLoader,
  type DataLoaderOptions,
  type Dataset,
  type DataSource,
  getRngState,
  manualSeed,
  ones,
  tensor,
  type Tensor,
  TensorDataset,
} from '../../lib/index.js'

const shown = (tensors: readonly Tensor[]) => tensors.map((each) => [each.dtype, each.shape, each.toArray()])

async function read<Batch>(loader: AsyncIterable<Batch>): Promise<Batch[]> {
  const batches = []
  for await (const batch of loader) batches.push(batch)
  return batches
}

const grid = () => tensor(Float32Array.from({ length: 12 }, (_, i) => i), { shape: [4, 3] }) // prettier-ignore

describe('DataLoader', () => {
  it('reads a dataset of tensors of every dtype, row by row', () => {
    const dataset = new TensorDataset(grid(), tensor(Int32Array.of(5, 6, 7, 8)), tensor([true, false, true, true]))
    const batches = [...new DataLoader(dataset, { batchSize: 3 })]
    expect(batches.map(shown)).to.deep.equal([
      [
        ['float32', [3, 3], [[0, 1, 2], [3, 4, 5], [6, 7, 8]]],
        ['int32', [3], [5, 6, 7]],
        ['bool', [3], [true, false, true]],
      ],
      [
        ['float32', [1, 3], [[9, 10, 11]]],
        ['int32', [1], [8]],
        ['bool', [1], [true]],
      ],
    ]) // prettier-ignore
  })

  it('gives batches that are their own, whatever becomes of the dataset', () => {
    const x = grid()
    const [[batch]] = new DataLoader(new TensorDataset(x), { batchSize: 4 })
    x.data.fill(0)
    expect(batch.toArray()).to.deep.equal(grid().toArray())
  })

  it('reads the samples that there are when an epoch begins', () => {
    const samples = [1, 2]
    const loader = new DataLoader(samples)
    expect(loader.length).to.equal(2)
    samples.push(3)
    expect(loader.length).to.equal(3)
    expect([...loader]).to.have.length(3)
  })

  it('reads typed arrays, with the dtype that tensor gives them', () => {
    const batches = (array: Int32Array | Float64Array | Uint8Array) =>
      shown([...new DataLoader(array, { batchSize: 2, dropLast: true })])
    expect(batches(Int32Array.of(1, 2, 3))).to.deep.equal([['int32', [2], [1, 2]]])
    expect(batches(Float64Array.of(0.5, 2))).to.deep.equal([['float32', [2], [0.5, 2]]])
    expect(batches(Uint8Array.of(7, 255))).to.deep.equal([['float32', [2], [7, 255]]])
  })

  it('puts samples together field by field, as PyTorch does', () => {
    const samples = [
      { x: Float32Array.of(1, 2), label: tensor(3, { dtype: 'int32' }), name: 'a', on: true, pair: [1, ones([2])] },
      { x: Float32Array.of(3, 4), label: tensor(4, { dtype: 'int32' }), name: 'b', on: false, pair: [2, ones([2])] },
    ] as const
    const [{ x, label, name, on, pair }] = new DataLoader(samples, { batchSize: 2 })
    expect(name).to.deep.equal(['a', 'b'])
    expect(shown([x, label, on, ...pair])).to.deep.equal([
      ['float32', [2, 2], [[1, 2], [3, 4]]],
      ['int32', [2], [3, 4]],
      ['bool', [2], [true, false]],
      ['float32', [2], [1, 2]],
      ['float32', [2, 2], [[1, 1], [1, 1]]],
    ]) // prettier-ignore
  })

  it('leaves putting together to collate', () => {
    const collate = (samples: number[]) => samples.join('+')
    expect([...new DataLoader([1, 2, 3], { batchSize: 2, collate })]).to.deep.equal(['1+2', '3'])
    const rows = new DataLoader(new TensorDataset(grid()), { batchSize: 4, collate: (samples) => samples.length })
    expect([...rows]).to.deep.equal([4])
  })

  it('gives the same order for the same seed of its own, and leaves the other random numbers alone', () => {
    manualSeed(1)
    const state = getRngState().toArray()
    const orders = [1n, 1, 2].map((seed) => [...new DataLoader(arange(20).data, { shuffle: true, seed })].join())
    expect(orders[0]).to.equal(orders[1]).and.not.equal(orders[2])
    expect(getRngState().toArray()).to.deep.equal(state)
  })

  describe('reads what comes one after the other:', () => {
    const rows = function* () {
      for (let i = 0; i < 5; i++) yield [Float32Array.of(i, -i), i] as [Float32Array, number]
    }
    const asyncRows = async function* () {
      for (const row of rows()) yield await Promise.resolve(row)
    }
    const expected = [2, 2, 1].map((length, batch) => {
      const numbers = Array.from({ length }, (_, i) => 2 * batch + i)
      return [
        ['float32', [length, 2], numbers.map((i) => [i, -i])],
        ['float32', [length], numbers],
      ]
    })
    const sources: Record<string, () => DataSource<[Float32Array, number]>> = {
      'a Node stream': () => Readable.from(rows()),
      'a web stream': () => ReadableStream.from(asyncRows()),
      'an async generator': asyncRows,
      'a running generator': () => rows(),
      'a set': () => new Set(rows()),
      'a function': () => () => Readable.from(rows()),
    }
    for (const [name, source] of Object.entries(sources)) {
      it(name, async () => {
        // -0 of the first row is 0 in toArray's comparison.
        const batches = await read(new DataLoader(source(), { batchSize: 2 }))
        expect(JSON.stringify(batches.map(shown))).to.equal(JSON.stringify(expected))
        expect(await read(new DataLoader(source(), { batchSize: 2, dropLast: true }))).to.have.length(2)
      })
    }

    it('again where it can, and says where it cannot', async () => {
      const again: DataSource[] = [() => rows(), new Set(rows())]
      for (const source of again) {
        const loader = new DataLoader(source)
        expect([(await read(loader)).length, (await read(loader)).length]).to.deep.equal([5, 5])
      }
      const once: DataSource[] = [Readable.from(rows()), rows(), asyncRows()]
      for (const source of once) {
        const loader = new DataLoader(source)
        expect(await read(loader)).to.have.length(5)
        const error = await read(loader).catch(String)
        expect(error).to.include('has been read and cannot be read again; pass a function that opens it')
      }
    })

    it('one batch at a time', async () => {
      let opened = 0
      const loader = new DataLoader(async function* () {
        for (;;) yield await Promise.resolve(opened++)
      }, { batchSize: 8 }) // prettier-ignore
      for await (const batch of loader) {
        expect(batch.size).to.equal(8)
        if (opened >= 32) break
      }
      expect(opened).to.equal(32)
    })

    it('closes what it was broken off from, and passes on errors', async () => {
      let isClosed = false
      const loader = new DataLoader(function* () {
        try {
          yield 1
          yield 2
        } finally {
          isClosed = true
        }
      })
      for await (const batch of loader) if (batch) break
      expect(isClosed).to.be.true
      const losing = function* () {
        yield 1
        throw new Error('cursor lost')
      }
      const failing = new DataLoader<unknown>(Readable.from(losing()))
      expect(await read(failing).catch(String)).to.equal('Error: cursor lost')
    })
  })

  describe('rejects', () => {
    const create = (dataset: unknown, options?: unknown) =>
      new DataLoader(dataset as DataSource<number>, options as DataLoaderOptions<number, Tensor>)
    const cases: [string, () => unknown, typeof TypeError | typeof RangeError, string][] = [
      ['nothing', () => create(undefined), TypeError, 'expected dataset to be a dataset with length and get(index)'],
      ['a string', () => create('abc'), TypeError, 'got "abc"'],
      ['a plain object', () => create({}), TypeError, 'got an object'],
      ['int64s', () => create(BigInt64Array.of(1n)), TypeError, 'got a BigInt64Array of 1 elements'],
      ['no length', () => create({ length: 1.5, get: () => 1 }), RangeError, 'dataset.length to be an integer'],
      ['a stream of bytes', () => create(new Readable({ read: () => 1 })), TypeError, 'a stream in object mode'],
      ['an unknown option', () => create([1], { batch_size: 2 }), TypeError, 'did you mean batchSize?'],
      ['a batch size of 0', () => create([1], { batchSize: 0 }), RangeError, 'batchSize to be an integer of at least 1'],
      ['a batch size that is none', () => create([1], { batchSize: '2' }), TypeError, 'batchSize to be a number'],
      ['shuffle that is no boolean', () => create([1], { shuffle: 1 }), TypeError, 'shuffle to be a boolean'],
      ['dropLast that is no boolean', () => create([1], { dropLast: null }), TypeError, 'dropLast to be a boolean'],
      ['collate that is no function', () => create([1], { collate: 'stack' }), TypeError, 'collate to be a function'],
      ['a seed that is none', () => create([1], { seed: '1' }), TypeError, 'seed to be an integer'],
      ['a broken seed', () => create([1], { seed: 1.5 }), RangeError, 'seed to be an integer'],
      ['a huge seed', () => create([1], { seed: 2n ** 64n }), RangeError, 'seed to be within [-2^63, 2^64)'],
      ['shuffling a stream', () => create(new Set([1]), { shuffle: true }), RangeError, 'order of their own'],
      ['shuffling nothing', () => create([], { shuffle: true }), RangeError, 'of one sample at least to shuffle'],
      ['the length of a stream', () => create(new Set([1])).length, TypeError, 'one with a length, got a Set'],
      ['a stream without await', () => [...create(new Set([1]))], TypeError, 'one with a length for `for ... of`'],
      ['a promise without await', () => [...create([Promise.resolve(1)])], TypeError, '(`for await` takes promises)'],
      ['a sample of no kind', () => [...create([() => 1])], TypeError, 'expected sample to be a tensor, a typed array'],
      ['an object of a class', () => [...create([new Date()])], TypeError, 'got a Date'],
      ['a hole', () => [...create(new Array(1))], TypeError, 'got undefined'],
      ['mixed kinds', () => [...create([1, 'a'], { batchSize: 2 })], TypeError, 'expected every sample to be a number'],
      ['rows of many lengths', () => [...create([[1], [1, 2]], { batchSize: 2 })], RangeError, 'of 1 fields'],
      ['a lost field', () => [...create([{ x: { y: 1 } }, { x: {} }], { batchSize: 2 })], TypeError, 'every sample.x to be an object with y'],
      ['tensors of many shapes', () => [...create([[ones([2])], [ones([3])]], { batchSize: 2 })], RangeError, 'every sample[0] to be of shape [2]'],
      ['tensors of many dtypes', () => [...create([ones([1]), tensor([true])], { batchSize: 2 })], TypeError, 'a float32 tensor'],
      ['arrays of many lengths', () => [...create([Float32Array.of(1), Float32Array.of()], { batchSize: 2 })], RangeError, 'of 1 elements'],
      ['arrays of many types', () => [...create([Float32Array.of(1), Int32Array.of(1)], { batchSize: 2 })], TypeError, 'a Float32Array'],
    ] // prettier-ignore
    for (const [name, run, kind, message] of cases) it(name, () => expect(run).to.throw(kind, message))

    it('what a function opens that is none', async () => {
      const error = await read(create(() => 1)).catch(String)
      expect(error).to.include('expected what dataset() returns to be an iterable or an async iterable, got number 1')
    })
  })
})

describe('TensorDataset', () => {
  it('gives rows that share the elements', () => {
    const dataset: Dataset<[Tensor, Tensor]> = new TensorDataset(grid(), tensor(Int32Array.of(5, 6, 7, 8)))
    const [row, label] = dataset.get(2) as [Tensor, Tensor]
    expect([dataset.length, row.toArray(), label.item()]).to.deep.equal([4, [6, 7, 8], 7])
    const x = grid()
    new TensorDataset(x).get(0)[0].data[1] = 100
    expect(x.data[1]).to.equal(100)
  })

  it('rejects what has no rows, and rows that there are not', () => {
    expect(() => new TensorDataset()).to.throw(TypeError, 'one tensor at least')
    expect(() => new TensorDataset([1] as never)).to.throw(TypeError, 'expected tensors[0] to be a tensor')
    expect(() => new TensorDataset(tensor(1))).to.throw(RangeError, 'of one dimension at least')
    expect(() => new TensorDataset(ones([2]), ones([3]))).to.throw(RangeError, 'expected tensors[1] to be of length 2')
    const dataset = new TensorDataset(ones([2]))
    for (const index of [-1, 2, 0.5]) expect(() => dataset.get(index)).to.throw(RangeError, 'expected index to be')
  })

  it('rejects tensors that have lost their elements', () => {
    const x = ones([2])
    const loader = new DataLoader(new TensorDataset(x))
    structuredClone(x.data, { transfer: [x.data.buffer as ArrayBuffer] })
    expect(() => [...loader]).to.throw(RangeError, 'tensors[0] has lost its elements')
  })
})
