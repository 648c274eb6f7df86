import type { ArrayOf, DType } from '../dtype.js'

/** A type of elements as files have it, and what it becomes here. */
export interface Format {
  /** Its name in files. */
  readonly name: string
  /** The type of the tensor that it is read into. */
  readonly dtype: DType
  /** The elements as they stand in the file; on a little-endian machine, the view of their bytes. */
  readonly view: ViewOf
  /** How each element becomes one of the tensor's; absent where the bytes are the tensor's own. */
  readonly conversion?: Conversion
}

interface Conversion {
  /** What the elements have to be. */
  readonly expected: string
  /** The element as a number; `undefined` if it does not fit. */
  readonly element: (stored: number | bigint) => number | undefined
}

interface ViewOf {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, offset: number, length: number): ArrayLike<number | bigint>
}

const toInt32: Conversion = {
  expected: 'within the range of an int32',
  // Beyond 2^53, numbers round the integers of 64 bits, but not to ones within 2^31.
  element: (stored) => ((Number(stored) | 0) === Number(stored) ? Number(stored) : undefined),
}

const toBool: Conversion = {
  expected: '0 or 1',
  element: (stored) => (stored === 0 || stored === 1 ? stored : undefined),
}

const fromFloat16: Conversion = { expected: 'a float16', element: (stored) => float16(Number(stored)) }
const fromBfloat16: Conversion = { expected: 'a bfloat16', element: (stored) => float32(Number(stored) << 16) }

const word = new Uint32Array(1)
const float = new Float32Array(word.buffer)

/** The number that these bits are as a float32. */
function float32(bits: number): number {
  word[0] = bits
  return float[0]
}

/** The number that these 16 bits are as a float16: with the exponent moved to where float32 has it, 2^112 too small. */
function float16(bits: number): number {
  const magnitude = bits & 0x7fff
  const value = magnitude < 0x7c00 ? float32(magnitude << 13) * 2 ** 112 : magnitude === 0x7c00 ? Infinity : NaN
  return (bits & 0x8000) === 0 ? value : -value
}

/**
 * The types that tensors are written as, in the order of the reference writer: the widest alignment first.
 * See https://github.com/huggingface/safetensors, `Dtype`.
 */
export const WRITTEN: readonly Format[] = [
  { name: 'F64', dtype: 'float64', view: Float64Array },
  { name: 'F32', dtype: 'float32', view: Float32Array },
  { name: 'I32', dtype: 'int32', view: Int32Array },
  { name: 'BOOL', dtype: 'bool', view: Uint8Array, conversion: toBool },
]

/** Every type that can be read. */
export const READ: readonly Format[] = [
  ...WRITTEN,
  { name: 'F16', dtype: 'float32', view: Uint16Array, conversion: fromFloat16 },
  { name: 'BF16', dtype: 'float32', view: Uint16Array, conversion: fromBfloat16 },
  { name: 'I64', dtype: 'int32', view: BigInt64Array, conversion: toInt32 },
  { name: 'U64', dtype: 'int32', view: BigUint64Array, conversion: toInt32 },
  { name: 'U32', dtype: 'int32', view: Uint32Array, conversion: toInt32 },
  { name: 'I16', dtype: 'int32', view: Int16Array, conversion: toInt32 },
  { name: 'U16', dtype: 'int32', view: Uint16Array, conversion: toInt32 },
  { name: 'I8', dtype: 'int32', view: Int8Array, conversion: toInt32 },
  { name: 'U8', dtype: 'int32', view: Uint8Array, conversion: toInt32 },
]

/**
 * Converts stored elements, the first of a buffer, into `to`, which they fill.
 *
 * @returns the first element that does not fit, if any
 */
export function convert(
  { view: View }: Format,
  { element }: Conversion,
  bytes: ArrayBufferLike,
  to: ArrayOf[DType],
): number | bigint | undefined {
  const stored = new View(bytes, 0, to.length)
  for (let i = 0; i < to.length; i++) {
    const value = element(stored[i])
    if (value === undefined) return stored[i]
    to[i] = value
  }
  return undefined
}
