import { expect } from 'chai'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { type DType, load, save, type Tensor, tensor } from '../../lib/index.js'
import { JsonReader } from '../../lib/io/json.js'
import { contents, fileOf, loadBytes, useFolder } from './support.js'

const WIDTHS: Record<string, number> = { F64: 8, F32: 4, I32: 4, F16: 2, I64: 8, U8: 1, BOOL: 1 }

/** Numbers that headers have, or that somebody may hope to get past a check. */
const length = fc.oneof(
  { weight: 8, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, 65536, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300) },
)

interface Info {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** Tensors one after the other; some of them say that they stand elsewhere. */
const headers = fc
  .array(
    fc.record({
      dtype: fc.constantFrom(...Object.keys(WIDTHS), 'F8_E5M2'),
      shape: fc.array(length, { maxLength: 3 }),
      shift: fc.oneof(
        { weight: 9, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -4, max: 4 }) },
      ),
    }),
    { maxLength: 4 },
  )
  .map((tensors) => {
    let end = 0
    return tensors.map(({ dtype, shape, shift }): Info => {
      const begin = end + shift
      end += sizeOf(dtype, shape)
      return { dtype, shape, data_offsets: [begin, end + shift] }
    })
  })

function sizeOf(dtype: string, shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, WIDTHS[dtype] ?? 1)
}

/** Whether a file with these tensors and that many bytes after the header is in order: each byte belongs to one. */
function isInOrder(infos: readonly Info[], bytes: number): boolean {
  const owners = new Uint8Array(bytes)
  for (const {
    dtype,
    shape,
    data_offsets: [begin, end],
  } of infos) {
    const lengths = shape.filter((n) => n !== 0)
    if (!(dtype in WIDTHS) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return false
    if (lengths.reduce((size, n) => size * n, 1) > 2 ** 31 - 1) return false
    if (begin < 0 || begin > end || end > bytes || end - begin !== sizeOf(dtype, shape)) return false
    for (let i = begin; i < end; i++) owners[i]++
    const inside = infos.some(({ data_offsets: [b, e] }) => b < begin && begin < e)
    if (begin === end && inside) return false
  }
  return owners.every((count) => count === 1)
}

/** Changes to a file: bytes replaced, taken out, put in or repeated, or the end cut off. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('replace', 'remove', 'insert', 'repeat', 'cut'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    with: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '0', '-', '99').map((text) => Buffer.from(text)),
    ),
    inHeader: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
)

type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never

function changed(original: Buffer, list: Changes): Buffer {
  let bytes = original
  for (const { kind, at, with: put, inHeader } of list) {
    const i = Math.floor(at * (inHeader ? Math.min(bytes.length, 800) : bytes.length))
    const [before, after] = [bytes.subarray(0, i), bytes.subarray(i)]
    if (kind === 'cut') bytes = before
    else if (kind === 'replace') bytes = Buffer.concat([before, put, after.subarray(put.length)])
    else if (kind === 'remove') bytes = Buffer.concat([before, after.subarray(put.length)])
    else if (kind === 'insert') bytes = Buffer.concat([before, put, after])
    else bytes = Buffer.concat([before, before.subarray(-20), after])
  }
  return bytes
}

/** Mends the length of the header, so that changes get further than that. */
function mended(bytes: Buffer): Buffer {
  const end = bytes.lastIndexOf('}}')
  if (end < 8) return bytes
  const copy = Buffer.from(bytes)
  copy.writeBigUInt64LE(BigInt(end + 2 - 8))
  return copy
}

const values: Record<DType, fc.Arbitrary<number>> = {
  float32: fc.float(),
  float64: fc.double(),
  int32: fc.integer(),
  bool: fc.nat(1),
}

const tensors = fc
  .tuple(fc.constantFrom<DType>('float32', 'float64', 'int32', 'bool'), fc.array(fc.nat(3), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return fc
      .array(values[dtype], { minLength: size, maxLength: size })
      .map((list): Tensor => tensor(list, { dtype, shape }))
  })

const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '1', '0', 'a.b'))

describe('safetensors, fuzzed', () => {
  const folder = useFolder()

  /** Loads the bytes. What is read has to be kept by another file; what is not, has to be explained. */
  async function isAccepted(bytes: Buffer): Promise<boolean> {
    const path = folder.path('fuzzed.safetensors')
    let loaded: Map<string, Tensor>
    try {
      loaded = await loadBytes(path, bytes)
    } catch (error) {
      expect(error).to.be.instanceOf(Error)
      expect((error as Error).message).to.match(/^load: .*fuzzed\.safetensors: \S/)
      expect(error).to.not.be.instanceOf(TypeError).and.not.instanceOf(SyntaxError)
      return false
    }
    await save(path, loaded)
    const again = await load(path)
    const sorted = (from: ReadonlyMap<string, Tensor>) =>
      contents(new Map([...from].toSorted(([a], [b]) => (a < b ? -1 : 1))))
    expect(sorted(again)).to.deep.equal(sorted(loaded))
    return true
  }

  it('keeps any dict', async () => {
    const dicts = fc.uniqueArray(fc.tuple(names, tensors), { selector: ([name]) => name, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(dicts, async (entries) => {
        const dict = new Map(entries)
        await save(folder.path('x'), dict)
        const loaded = await load(folder.path('x'))
        expect(loaded.size).to.equal(dict.size)
        expect(contents(loaded)).to.have.deep.members(contents(dict))
      }),
      { numRuns: 200 },
    )
  })

  it('reads headers that are in order, and no others', async () => {
    const seen = { true: 0, false: 0 }
    await fc.assert(
      fc.asyncProperty(headers, fc.constantFrom(0, 0, 0, 0, 1, -1), async (infos, excess) => {
        const end = Math.max(0, ...infos.map(({ data_offsets }) => data_offsets[1]))
        const bytes = Math.max(0, Math.min(end + excess, 4096))
        const header = Object.fromEntries(infos.map((info, i) => [`t${i}`, info]))
        const accepted = await isAccepted(fileOf(header, new Uint8Array(bytes)))
        expect(accepted).to.equal(isInOrder(infos, bytes))
        seen[`${accepted}`]++
      }),
      { numRuns: 1000 },
    )
    expect(Math.min(seen.true, seen.false)).to.be.above(100)
  })

  for (const name of ['python', 'python_dtypes', 'evenkeel']) {
    it(`survives changes to ${name}.safetensors`, async () => {
      const original = readFileSync(new URL(`../golden/${name}.safetensors`, import.meta.url))
      await fc.assert(
        fc.asyncProperty(changes, fc.boolean(), async (list, mend) => {
          const bytes = changed(original, list)
          await isAccepted(mend ? mended(bytes) : bytes)
        }),
        { numRuns: 700 },
      )
    })
  }

  it('reads any JSON there is, and nothing else', () => {
    const json = fc.json({ maxDepth: 5, stringUnit: 'binary' })
    const texts = fc.oneof(
      json,
      fc.tuple(json, changes).map(([text, list]) => changed(Buffer.from(text), list).toString()),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const reader = new JsonReader(text, (problem) => new Error(problem))
        const read = () => {
          reader.skip()
          reader.end()
        }
        expect(succeeds(read), text).to.equal(succeeds(() => JSON.parse(text) as unknown))
      }),
      { numRuns: 2000 },
    )
  })
})

function succeeds(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}
