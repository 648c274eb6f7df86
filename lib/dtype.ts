/**
 * The types of elements. `float32` is the default, `int32` is for class indices, `bool` for the results of comparisons.
 * `float64` is for checking gradients: its arithmetic always runs on the TypeScript kernels.
 */
export type DType = keyof ArrayOf

/** The types of elements that gradients flow through. */
export type FloatDType = 'float32' | 'float64'

/** The typed array that holds the elements of each type. */
export interface ArrayOf {
  /** The default. */
  float32: Float32Array
  /** For checking gradients. */
  float64: Float64Array
  /** For class indices. */
  int32: Int32Array
  /** 0 or 1 each. */
  bool: Uint8Array
}

const constructors = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array }

/** Every dtype, for checks and messages. */
export const DTYPES = Object.keys(constructors) as DType[]

/** A new array of zeros. */
export function allocate<D extends DType>(dtype: D, size: number): ArrayOf[D] {
  return new constructors[dtype](size) as ArrayOf[D]
}

/** The dtype whose elements an array holds, if any. */
export function dtypeOf(data: unknown): DType | undefined {
  return DTYPES.find((dtype) => data instanceof constructors[dtype])
}

/** Whether gradients flow through elements of this type. */
export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'float32' || dtype === 'float64'
}
