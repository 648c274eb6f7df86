import { expect } from 'chai'
import { truncateSync, writeFileSync } from 'node:fs'
import { load, save, Tensor } from '../../lib/index.js'
import { fileOf, loadBytes, rejection, useFolder } from './support.js'

const DATA = new Uint8Array(8)

/** An entry of a header, by default for eight bytes. */
function info(changes: object = {}): object {
  return { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...changes }
}

/** A header of one tensor, `w`. */
function w(changes: object = {}): string {
  return JSON.stringify({ w: info(changes) })
}

const HEAD = 'a safetensors file with a header'
const INTEGER = 'tensor "w": expected an integer from 0 to 9007199254740991 at character'

/** A file that holds what has no business in one, and what the message says of it. */
const files: Record<string, [bytes: Buffer, message: string]> = {
  nothing: [Buffer.alloc(0), 'expected a safetensors file, got 0 bytes'],
  'seven bytes': [Buffer.alloc(7), 'expected a safetensors file, got 7 bytes'],
  'a header beyond the end': [fileOf('{}', DATA, 11), `${HEAD} of at most 10 bytes, got 11`],
  'a header of 100 MB': [fileOf('{}', DATA, 100_000_000), `${HEAD} of at most 10 bytes, got 100000000`],
  'a header of 2^64 - 1 bytes': [fileOf('{}', DATA, 2n ** 64n - 1n), 'of at most 10 bytes, got 18446744073709551615'],
  'a header of no bytes': [fileOf('', DATA), `${HEAD} in UTF-8 that begins with {`],
  zeros: [Buffer.alloc(64), `${HEAD} in UTF-8 that begins with {`],
  'a ZIP archive, as of torch.save': [fileOf('PK\x03\x04'), `${HEAD} in UTF-8 that begins with {`],
  'a list': [fileOf('[]'), `${HEAD} in UTF-8 that begins with {`],
  'white space first': [fileOf(` ${w()}`, DATA), `${HEAD} in UTF-8 that begins with {`],
  'what is not UTF-8': [fileOf(Buffer.from('{"\xe9":1}', 'latin1')), `${HEAD} in UTF-8 that begins with {`],
  'half a surrogate pair': [fileOf('{"\\ud800":1}'), 'a string of valid escapes and whole characters at character 1'],
  'a header cut short': [
    fileOf(w().slice(0, -2), DATA),
    'tensor "w": expected } at character 52 of the header, got its end',
  ],
  'a name cut short': [fileOf('{"w', DATA), 'expected a string of valid escapes and whole characters at character 1'],
  'a header that goes on': [fileOf(`${w()}{}`, DATA), 'expected nothing more at character 54 of the header, got "{}"'],
  'a trailing comma': [fileOf(`${w().slice(0, -1)},}`, DATA), 'expected " at character 54 of the header, got "}"'],
  'brackets upon brackets': [fileOf(`{"w":${'['.repeat(1e6)}`), 'tensor "w": expected { at character 5'],
  'deep nesting': [fileOf(`{"w":{"x":${'['.repeat(1e6)}`), 'tensor "w": expected no more than 100 levels of nesting'],
  'deep objects': [
    fileOf(`{"w":{"x":${'{"":'.repeat(1e6)}`),
    'tensor "w": expected no more than 100 levels of nesting',
  ],
  'a tensor that is a list': [fileOf('{"w":["F32",[2],[0,8]]}', DATA), 'tensor "w": expected { at character 5'],
  'a tensor that is null': [fileOf('{"w":null}'), 'tensor "w": expected { at character 5 of the header, got "null}"'],
  'a name twice': [fileOf(`{"w":${JSON.stringify(info())},"\\u0077":{}}`, DATA), 'tensor "w" is listed twice'],
  'a field twice': [fileOf('{"w":{"shape":[2],"shape":[2]}}', DATA), 'tensor "w" has two fields shape'],
  'metadata twice': [fileOf('{"__metadata__":{},"__metadata__":{}}'), '__metadata__ is listed twice'],
  'metadata of numbers': [fileOf('{"__metadata__":{"a":1}}'), '__metadata__: expected " at character 21'],
  'metadata of nothing': [fileOf('{"__metadata__":null}'), '__metadata__: expected { at character 16'],
  'no dtype': [
    fileOf(w({ dtype: undefined }), DATA),
    'expected tensor "w" to have a dtype, a shape and two data_offsets',
  ],
  'no shape': [
    fileOf(w({ shape: undefined }), DATA),
    'expected tensor "w" to have a dtype, a shape and two data_offsets',
  ],
  'no offsets': [
    fileOf(w({ data_offsets: undefined }), DATA),
    'tensor "w" to have a dtype, a shape and two data_offsets',
  ],
  'one offset': [fileOf(w({ data_offsets: [8] }), DATA), 'tensor "w" to have a dtype, a shape and two data_offsets'],
  'three offsets': [
    fileOf(w({ data_offsets: [0, 8, 8] }), DATA),
    'tensor "w" to have a dtype, a shape and two data_offsets',
  ],
  'a dtype that is a number': [fileOf(w({ dtype: 5 }), DATA), 'tensor "w": expected " at character 14'],
  'an unknown dtype': [
    fileOf(w({ dtype: 'F8_E4M3' }), DATA),
    'the dtype of tensor "w" to be one of F64, F32, I32, BOOL',
  ],
  'a dtype of Object.prototype': [
    fileOf(w({ dtype: 'constructor' }), DATA),
    'the dtype of tensor "w" to be one of F64',
  ],
  'a negative length': [fileOf(w({ shape: [-2] }), DATA), `${INTEGER} 29 of the header, got "-2]`],
  'two negative lengths': [fileOf(w({ shape: [-1, -2] }), DATA), INTEGER],
  'minus zero': [fileOf('{"w":{"shape":[-0]}}', DATA), INTEGER],
  'a fraction': [fileOf(w({ shape: [1.5] }), DATA), INTEGER],
  'a fraction of nothing': [fileOf('{"w":{"shape":[2.0]}}', DATA), INTEGER],
  'an exponent': [fileOf('{"w":{"shape":[2e0]}}', DATA), INTEGER],
  'a leading zero': [fileOf('{"w":{"shape":[02]}}', DATA), INTEGER],
  'a length that is a text': [fileOf(w({ shape: ['2'] }), DATA), INTEGER],
  'a shape that is a number': [fileOf(w({ shape: 2 }), DATA), 'tensor "w": expected [ at character 28'],
  'a length of 2^53': [fileOf(w({ shape: [2 ** 53] }), DATA), INTEGER],
  'a length of many digits': [fileOf(`{"w":{"shape":[${'9'.repeat(1e6)}]}}`, DATA), INTEGER],
  'a shape of 2^31 elements': [
    fileOf(w({ shape: [2 ** 31] }), DATA),
    'the shape of tensor "w" to be of at most 2147483647',
  ],
  'a product of 2^64': [
    fileOf(w({ shape: [2 ** 32, 2 ** 32] }), DATA),
    'the shape of tensor "w" to be of at most 2147483647',
  ],
  'a product of 2^800': [
    fileOf(w({ shape: Array(16).fill(2 ** 50) }), DATA),
    'shape of tensor "w" to be of at most 2147483647',
  ],
  'a product hidden by a zero': [
    fileOf(w({ shape: [0, 2 ** 53 - 1], data_offsets: [0, 0] })),
    'of at most 2147483647 elements',
  ],
  'more dimensions than anybody has': [
    fileOf(w({ shape: Array(1e5).fill(1) })),
    'the shape of tensor "w" to hold at most 16 integers, got more',
  ],
  'more offsets than two by far': [
    fileOf(w({ data_offsets: Array(1e5).fill(1) })),
    'the data_offsets of tensor "w" to hold at most 16 integers, got more',
  ],
  'bytes for other elements': [
    fileOf(w({ dtype: 'F64' }), DATA),
    'expected 16 bytes for tensor "w" of shape [2] and dtype F64, got 8',
  ],
  'bytes for a large shape': [fileOf(w({ shape: [2 ** 30] }), DATA), 'expected 4294967296 bytes for tensor "w"'],
  'a file cut short': [
    fileOf(w(), DATA.subarray(1)),
    'tensor "w" within the 7 bytes after the header, got bytes 0 to 8',
  ],
  'offsets far beyond the end': [
    fileOf(w({ shape: [2 ** 30], data_offsets: [0, 2 ** 32] }), DATA),
    'tensor "w" within the 8 bytes after the header, got bytes 0 to 4294967296',
  ],
  'offsets in reverse': [
    fileOf(w({ data_offsets: [8, 0] }), DATA),
    'tensor "w" within the 8 bytes after the header, got bytes 8 to 0',
  ],
  'negative offsets': [fileOf(w({ data_offsets: [-8, 0] }), DATA), INTEGER],
  'bytes after the last tensor': [
    fileOf(w(), new Uint8Array(9)),
    'expected 8 bytes after the header, the end of the last tensor, got 9',
  ],
  'bytes and no tensor': [fileOf('{}', DATA), 'expected 0 bytes after the header, the end of the last tensor, got 8'],
  'bytes before the first tensor': [
    fileOf(w({ data_offsets: [1, 9] }), new Uint8Array(9)),
    'tensor "w" to begin where the one before it ends, at byte 0, got 1',
  ],
  'a gap': [
    fileOf({ a: info(), b: info({ data_offsets: [9, 17] }) }, new Uint8Array(17)),
    'tensor "b" to begin where the one before it ends, at byte 8, got 9',
  ],
  'an overlap': [
    fileOf({ a: info(), b: info({ data_offsets: [4, 12] }) }, new Uint8Array(12)),
    'tensor "b" to begin where the one before it ends, at byte 8, got 4',
  ],
  'the same bytes twice': [
    fileOf({ a: info(), b: info() }, DATA),
    'tensor "b" to begin where the one before it ends, at byte 8, got 0',
  ],
  'nothing in the middle of something': [
    fileOf({ a: info(), b: info({ shape: [0], data_offsets: [4, 4] }) }, DATA),
    'tensor "b" to begin where the one before it ends, at byte 8, got 4',
  ],
  'an I64 of 2^31': [
    fileOf(w({ dtype: 'I64', shape: [1] }), new Uint8Array(BigInt64Array.of(2n ** 31n).buffer)),
    'expected every I64 of tensor "w" to be within the range of an int32, got bigint 2147483648',
  ],
  'a U64 of 2^64 - 1': [
    fileOf(w({ dtype: 'U64', shape: [1] }), new Uint8Array(8).fill(255)),
    'expected every U64 of tensor "w" to be within the range of an int32, got bigint 18446744073709551615',
  ],
  'a U32 of 2^31': [
    fileOf(w({ dtype: 'U32' }), new Uint8Array(Uint32Array.of(0, 2 ** 31).buffer)),
    'expected every U32 of tensor "w" to be within the range of an int32, got number 2147483648',
  ],
  'a BOOL of 2': [
    fileOf(w({ dtype: 'BOOL', shape: [8] }), Uint8Array.of(0, 1, 1, 0, 2, 0, 0, 0)),
    'expected every BOOL of tensor "w" to be 0 or 1, got number 2',
  ],
}

/** The beginning of a file with a header of more than 100 MB. */
const LONG = fileOf('{}', DATA, 100_000_001)

describe('load rejects', () => {
  const folder = useFolder()
  const empty = Tensor.empty.bind(Tensor)
  const alloc = Buffer.alloc.bind(Buffer)
  let allocated = 0

  // Everything large that is allocated goes through these two.
  beforeEach(() => {
    allocated = 0
    Tensor.empty = (shape, dtype) => {
      const tensor = empty(shape, dtype)
      allocated += tensor.data.byteLength
      return tensor
    }
    Buffer.alloc = (size: number, ...rest: never[]) => {
      allocated += size
      return alloc(size, ...rest)
    }
  })
  afterEach(() => {
    Tensor.empty = empty
    Buffer.alloc = alloc
  })

  for (const [label, [bytes, message]] of Object.entries(files)) {
    it(label, async () => {
      const path = folder.path('hostile.safetensors')
      const error = await rejection(loadBytes(path, bytes))
      expect(error.message.startsWith(`load: ${path}: `), error.message).to.equal(true)
      expect(error.message).to.include(message)
      expect(error.message.length, 'the length of the message').to.be.below(500)
      expect(allocated).to.be.at.most(bytes.length)
    })
  }

  it('a header longer than the reference reader takes, though the file is long enough', async () => {
    const path = folder.path('hostile.safetensors')
    writeFileSync(path, LONG)
    truncateSync(path, 2e8)
    const error = await rejection(load(path))
    expect(error.message).to.equal(`load: ${path}: expected ${HEAD} of at most 100000000 bytes, got 100000001`)
    expect(allocated).to.equal(8)
  })

  it('nothing that is in order', async () => {
    const path = folder.path('fine.safetensors')
    const extras = `{ "__metadata__" : {"format":"pt","":""},\n"b":${JSON.stringify(info({ data_offsets: [8, 16], later: [{ x: [null, true, -1.5e3] }] }))},
      "a":${JSON.stringify(info({ shape: [2, 1] }))}, "nothing":${JSON.stringify(info({ shape: [0], data_offsets: [8, 8] }))} } \t\r\n  `
    const tensors = await loadBytes(
      path,
      fileOf(
        extras,
        Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 64 : 0)),
      ),
    )
    expect([...tensors].map(([name, { shape, data }]) => [name, shape, [...data]])).to.deep.equal([
      ['a', [2, 1], [2, 2]],
      ['nothing', [0], []],
      ['b', [2], [2, 2]],
    ])
    expect(allocated).to.be.at.least(16)
  })

  it('nothing that save has written', async () => {
    const path = folder.path('fine.safetensors')
    await save(path, new Map([['w', empty(Array<number>(16).fill(1), 'float32')]]))
    expect((await load(path)).get('w')?.shape).to.have.length(16)
  })
})
