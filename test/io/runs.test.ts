import { expect } from 'chai'
import fc from 'fast-check'
import type { FileHandle } from 'node:fs/promises'
import { type DType, full, load, ones, save, Tensor } from '../../lib/index.js'
import { readTensors } from '../../lib/io/files.js'
import { type Format, READ } from '../../lib/io/formats.js'
import { RUN, runsOf } from '../../lib/io/runs.js'
import { encode } from '../../lib/io/safetensors.js'
import { contents, fileOf, rejection, useFolder } from './support.js'

/** Numbers of elements: mostly few or none, and some that fill a run or nearly do. */
const counts = fc.oneof(
  { weight: 6, arbitrary: fc.nat(9) },
  { weight: 3, arbitrary: fc.integer({ min: RUN / 64, max: RUN / 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: -9, max: 9 }).map((n) => RUN / 4 + n) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 4, 8).map((width) => RUN / width) },
)

/** The elements of a tensor as they stand in a file: small numbers that differ from tensor to tensor. */
function elements({ name, view }: Format, count: number, seed: number): Uint8Array {
  const width = view.BYTES_PER_ELEMENT
  const bytes = new Uint8Array(count * width)
  for (let i = 0; i < count; i++) {
    const number = Math.imul((seed + 1) * 65537 + i, 0x9e3779b1) >>> 24
    bytes[i * width] = name === 'BOOL' ? number & 1 : number
  }
  return bytes
}

interface Stored {
  readonly format: Format
  readonly count: number
  readonly bytes: Uint8Array
}

/** A file of tensors `0`, `1` and so on, one after the other. */
function fileOfAll(tensors: readonly Stored[]): Buffer {
  let end = 0
  const infos = tensors.map(({ format: { name }, count, bytes }, i) => {
    const begin = end
    end += bytes.length
    return [i, { dtype: name, shape: [count], data_offsets: [begin, end] }] as const
  })
  return fileOf(Object.fromEntries(infos), Buffer.concat(tensors.map(({ bytes }) => bytes)))
}

/** What the file system was asked for: memory to fill. */
type Asked = Uint8Array[]

/** Loads a file, of which the file system gives at most `most` bytes at a time, and says that it has `size`. */
function read(file: Buffer, { asked = [] as Asked, most = Infinity, size = file.length } = {}) {
  const handle = {
    read: (to: Uint8Array, offset: number, length: number, position: number) => {
      asked.push(to)
      const bytes = file.subarray(position, position + Math.min(length, most))
      to.set(bytes, offset)
      return Promise.resolve({ bytesRead: bytes.length })
    },
  }
  return readTensors('load: x', handle as unknown as FileHandle, size)
}

describe('runs of tensors', () => {
  const folder = useFolder()

  it('are in order and as long as can be', () => {
    const half = RUN / 2
    expect([...runsOf([half, half, 0, 1], (size) => size)]).to.deep.equal([[half, half, 0], [1]])
    fc.assert(
      fc.property(fc.array(counts), (sizes) => {
        const runs = [...runsOf(sizes, (size) => size)]
        expect(runs.flat()).to.deep.equal(sizes)
        const sums = runs.map((run) => run.reduce((sum, size) => sum + size, 0))
        for (const [i, run] of runs.entries()) {
          if (run.length > 1) expect(sums[i]).to.be.at.most(RUN)
          if (i > 0) expect(sums[i - 1] + run[0]).to.be.above(RUN)
        }
      }),
    )
  })

  it('are read as if each tensor were the only one, whatever the dtypes and sizes', async () => {
    const lists = fc.array(fc.tuple(fc.constantFrom(...READ), counts), { minLength: 1, maxLength: 12 })
    let several = 0
    await fc.assert(
      fc.asyncProperty(lists, fc.constantFrom(Infinity, 5000), async (list, most) => {
        const tensors = list.map(([format, count], i) => ({ format, count, bytes: elements(format, count, i) }))
        const alone = await Promise.all(tensors.map((one) => read(fileOfAll([one]))))
        const expected = alone.map((map, i): [string, Tensor] => [`${i}`, map.get('0') ?? Tensor.empty([0], 'bool')])
        expect(contents(await read(fileOfAll(tensors), { most }))).to.deep.equal(contents(new Map(expected)))
        if ([...runsOf(tensors, ({ bytes }) => bytes.length)].length > 1) several++
      }),
      { numRuns: 50 },
    )
    expect(several, 'files of several runs').to.be.above(10)
  })

  it('are written in order, whatever the dtypes and sizes', () => {
    const dtypes = fc.constantFrom<DType>('float32', 'float64', 'int32', 'bool')
    const formatOf = (dtype: DType) => READ.find((format) => format.dtype === dtype) ?? READ[0]
    fc.assert(
      fc.property(fc.array(fc.tuple(dtypes, counts), { maxLength: 12 }), (list) => {
        const tensors = list.map(([dtype, count], i): [string, Tensor] => {
          const tensor: Tensor = Tensor.empty([count], dtype)
          new Uint8Array(tensor.data.buffer).set(elements(formatOf(dtype), count, i))
          return [`${i}`, tensor]
        })
        const [head, ...pieces] = encode('save', new Map(tensors))
        const data = Buffer.concat(pieces)
        const infos = JSON.parse(Buffer.from(head).toString('utf8', 8)) as Record<string, { data_offsets: number[] }>
        for (const [name, { data: own }] of tensors) {
          const stored = data.subarray(...infos[name].data_offsets)
          expect(stored.equals(new Uint8Array(own.buffer)), name).to.equal(true)
        }
        expect(data.length).to.equal(tensors.reduce((sum, [, { data: own }]) => sum + own.byteLength, 0))
      }),
    )
  })

  it('take few reads and writes, and one buffer of bounded size', async () => {
    const dict = new Map(Array.from({ length: 2500 }, (_, i) => [`${i}`, full([64], i)]))
    const pieces = encode('save', dict)
    const runs = Math.ceil((2500 * 256) / RUN)
    expect(pieces).to.have.length(1 + runs)
    const asked: Asked = []
    const loaded = await read(Buffer.concat(pieces), { asked })
    expect([...loaded].every(([name, { data }]) => data[0] === Number(name) && data[63] === data[0])).to.equal(true)
    expect(asked).to.have.length(2 + runs)
    expect(new Set(asked.slice(2).map(({ buffer }) => buffer)).size).to.equal(1)
    expect(asked[2].buffer.byteLength).to.be.at.most(RUN)
  })

  it('leave tensors of more bytes out, which are read into their own memory', async () => {
    const dict = new Map([
      ['a', ones([3])],
      ['b', full([RUN / 4 + 1], 2)],
      ['c', ones([3])],
      ['d', ones([2])],
    ])
    await save(folder.path('x'), dict)
    expect(contents(await load(folder.path('x')))).to.deep.equal(contents(dict))
    const asked: Asked = []
    const loaded = await read(Buffer.concat(encode('save', dict)), { asked })
    const owners = asked.map(({ buffer }) => [...loaded].find(([, { data }]) => data.buffer === buffer)?.[0])
    expect(owners).to.deep.equal([undefined, undefined, 'a', 'b', undefined])
  })

  it('are rejected where the file ends within one, and where an element does not fit', async () => {
    const [bool, int64] = ['BOOL', 'I64'].map((dtype) => READ.find(({ name }) => name === dtype) ?? READ[0])
    const flags = { format: bool, count: 3, bytes: Uint8Array.of(0, 1, 1) }
    const file = fileOfAll([flags, { format: int64, count: 1, bytes: new Uint8Array(8).fill(127) }])
    const misfit = await rejection(read(file))
    expect(misfit).to.be.instanceOf(RangeError)
    expect(misfit.message).to.include('load: x: expected every I64 of tensor "1" to be within the range of an int32')
    const short = await rejection(read(file.subarray(0, -9), { size: file.length }))
    expect(short.message).to.equal('load: x: the file was cut short while it was being read')
  })
})
