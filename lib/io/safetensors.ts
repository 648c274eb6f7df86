import { isUtf8 } from 'node:buffer'
import { rangeError, typeError } from '../check.js'
import type { ArrayOf, DType } from '../dtype.js'
import { checkTensor } from '../operand.js'
import { checkShape, MAX_RANK, type Shape, sizeOf } from '../shape.js'
import type { Tensor } from '../tensor.js'
import { type Format, READ, WRITTEN } from './formats.js'
import { isWellFormed, JsonReader } from './json.js'
import { runsOf } from './runs.js'

/**
 * The bytes of safetensors files: eight for the length of the header, the header in JSON, the elements.
 * See https://huggingface.co/docs/safetensors#format.
 */

/** How many bytes the length of the header takes, and what the elements are aligned to. */
export const PREFIX = 8

/** The longest header in bytes, as the reference reader has it. */
const MAX_HEADER = 100_000_000

const METADATA = '__metadata__'

/** Where a tensor stands in a file. */
export interface Entry {
  readonly name: string
  readonly format: Format
  readonly shape: Shape
  /** The first byte of the elements, counted from the end of the header. */
  readonly begin: number
  /** The byte after the last. */
  readonly end: number
}

/** `tensor "fc.weight"`: the way tensors stand in messages. */
export function named(name: string): string {
  return `tensor ${JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name)}`
}

/**
 * The file that holds these tensors: the pieces that stand in it one after the other, which share no memory with the
 * tensors. They are the bytes that the reference writer makes, which sorts by alignment, then by name.
 *
 * @param where the function to name in errors
 * @throws TypeError if `dict` is not a map of strings to tensors
 * @throws RangeError if a tensor, a name or the header cannot be part of a file
 */
export function encode(where: string, dict: unknown): Uint8Array[] {
  if (!(dict instanceof Map)) throw typeError(where, 'dict', 'a map of names to tensors', dict)
  const entries = [...(dict as Map<unknown, unknown>)].map(([name, tensor]) => checkEntry(where, name, tensor))
  entries.sort((a, b) => a.rank - b.rank || Buffer.compare(a.bytesOfName, b.bytesOfName))
  let end = 0
  const infos = entries.map(({ name, tensor: { shape, data }, rank }) => {
    const begin = end
    end += data.byteLength
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype: WRITTEN[rank].name, shape, data_offsets: [begin, end] })}`
  })
  const runs = runsOf(entries, ({ tensor: { data } }) => data.byteLength)
  return [encodeHeader(where, `{${infos.join(',')}}`), ...Array.from(runs, copyOfBytes)]
}

function checkEntry(where: string, name: unknown, tensor: unknown) {
  if (typeof name !== 'string') throw typeError(where, 'every name in dict', 'a string', name)
  if (name === METADATA) throw rangeError(where, 'every name in dict', `other than ${METADATA}`, name)
  if (!isWellFormed(name)) throw rangeError(where, 'every name in dict', 'without halves of surrogate pairs', name)
  checkTensor(where, `the value of ${named(name)}`, tensor)
  const { data, dtype } = tensor
  if (dtype === 'bool') checkBooleans(where, name, data)
  const rank = WRITTEN.findIndex((format) => format.dtype === dtype)
  return { name, tensor, rank, bytesOfName: Buffer.from(name) }
}

function checkBooleans(where: string, name: string, data: ArrayOf[DType]): void {
  const wrong = data.find((value) => value > 1)
  if (wrong !== undefined) throw rangeError(where, `every element of ${named(name)}`, '0 or 1', wrong)
}

/** The length and the header, with spaces so that the elements begin aligned. */
function encodeHeader(where: string, json: string): Uint8Array {
  const length = Math.ceil(Buffer.byteLength(json) / PREFIX) * PREFIX
  if (length > MAX_HEADER) throw rangeError(where, 'the header', `of at most ${MAX_HEADER} bytes`, length)
  const bytes = Buffer.alloc(PREFIX + length, ' ')
  bytes.writeBigUInt64LE(BigInt(length))
  bytes.write(json, PREFIX)
  return bytes
}

function copyOfBytes(run: readonly { tensor: Tensor }[]): Uint8Array {
  const parts = run.map(({ tensor: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  // `concat` loses bytes of tensors beyond 4 GiB: https://github.com/nodejs/node/issues/55422.
  return parts.length === 1 ? parts[0].slice() : Buffer.concat(parts)
}

/**
 * How long the header of a file is.
 *
 * @param where the function and the file to name in errors
 * @param prefix the first eight bytes
 * @param fileSize the length of the whole file
 * @throws Error if there is no room in the file for a header of that length
 */
export function decodeHeaderLength(where: string, prefix: Buffer, fileSize: number): number {
  const length = prefix.readBigUInt64LE()
  if (length > MAX_HEADER || length > fileSize - PREFIX) {
    const most = Math.min(MAX_HEADER, fileSize - PREFIX)
    throw new Error(`${where}: expected a safetensors file with a header of at most ${most} bytes, got ${length}`)
  }
  return Number(length)
}

/**
 * The tensors that a header lists, in the order of their elements. Everything is checked: together they cover
 * `dataLength` bytes without gaps or overlaps.
 *
 * @param where the function and the file to name in errors
 * @throws RangeError if a tensor has a dtype or a shape that is not supported
 * @throws Error if the header is malformed, or describes other data than the file has
 */
export function decodeHeader(where: string, header: Buffer, dataLength: number): Entry[] {
  if (!isUtf8(header) || header[0] !== '{'.charCodeAt(0)) {
    throw new Error(`${where}: expected a safetensors file with a header in UTF-8 that begins with {`)
  }
  const infos = readInfos(where, header.toString())
  const entries = [...infos].map(([name, info]) => checkInfo(where, name, info, dataLength))
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkCoverage(where, entries, dataLength)
  return entries
}

/** What a header says of each tensor. The metadata are passed over. */
function readInfos(where: string, header: string): Map<string, Info> {
  let subject = 'the header'
  const reader = new JsonReader(header, (problem) => new Error(`${where}: ${subject}: ${problem}`))
  const infos = new Map<string, Info>()
  const names = new Set<string>()
  reader.object((name) => {
    subject = name === METADATA ? METADATA : named(name)
    if (names.has(name)) throw new Error(`${where}: ${subject} is listed twice`)
    names.add(name)
    if (name === METADATA) reader.object(() => void reader.string())
    else infos.set(name, readInfo(where, name, reader))
    subject = 'the header'
  })
  reader.end()
  return infos
}

interface Info {
  dtype?: string
  shape?: number[]
  data_offsets?: number[]
}

function readInfo(where: string, name: string, reader: JsonReader): Info {
  const info: Info = {}
  reader.object((key) => {
    if (Object.hasOwn(info, key)) throw new Error(`${where}: ${named(name)} has two fields ${key}`)
    if (key === 'dtype') info.dtype = reader.string()
    else if (key === 'shape' || key === 'data_offsets')
      info[key] = readIntegers(where, `the ${key} of ${named(name)}`, reader)
    else reader.skip()
  })
  return info
}

/** As many integers as a shape may have: a hostile header does not get more of them kept. */
function readIntegers(where: string, argument: string, reader: JsonReader): number[] {
  const integers: number[] = []
  reader.array(() => {
    if (integers.length === MAX_RANK) {
      throw new RangeError(`${where}: expected ${argument} to hold at most ${MAX_RANK} integers, got more`)
    }
    integers.push(reader.integer())
  })
  return integers
}

function checkInfo(where: string, name: string, { dtype, shape, data_offsets }: Info, dataLength: number): Entry {
  const [begin, end] = data_offsets ?? []
  if (dtype === undefined || shape === undefined || data_offsets?.length !== 2) {
    throw new Error(`${where}: expected ${named(name)} to have a dtype, a shape and two data_offsets`)
  }
  const format = READ.find((known) => known.name === dtype)
  if (format === undefined) {
    const names = READ.map((known) => known.name).join(', ')
    throw rangeError(where, `the dtype of ${named(name)}`, `one of ${names}`, dtype.slice(0, 20))
  }
  const checkedShape = checkShape(where, `the shape of ${named(name)}`, shape)
  if (begin > end || end > dataLength) {
    throw new Error(
      `${where}: expected ${named(name)} within the ${dataLength} bytes after the header, got bytes ${begin} to ${end}`,
    )
  }
  const expected = sizeOf(checkedShape) * format.view.BYTES_PER_ELEMENT
  if (end - begin !== expected) {
    throw new Error(
      `${where}: expected ${expected} bytes for ${named(name)} of shape [${shape.join(',')}] and dtype ${dtype}, got ${end - begin}`,
    )
  }
  return { name, format, shape: checkedShape, begin, end }
}

function checkCoverage(where: string, entries: readonly Entry[], dataLength: number): void {
  let reached = 0
  for (const { name, begin, end } of entries) {
    if (begin !== reached) {
      throw new Error(
        `${where}: expected ${named(name)} to begin where the one before it ends, at byte ${reached}, got ${begin}`,
      )
    }
    reached = end
  }
  if (reached !== dataLength) {
    throw new Error(
      `${where}: expected ${reached} bytes after the header, the end of the last tensor, got ${dataLength}`,
    )
  }
}
