import { typeError } from '../check.js'
import { Tensor } from '../tensor.js'

/** What a function that is compiled may return. */
export type Outputs = Tensor | readonly Tensor[] | undefined

/** What a function returned. */
export interface Returned {
  /** All tensors of it. */
  readonly tensors: readonly Tensor[]
  /** Puts other tensors in their places. */
  readonly shaped: (tensors: readonly Tensor[]) => Outputs
}

/** Takes apart what a function returned. */
export function readReturned(value: unknown): Returned {
  if (value === undefined) return { tensors: [], shaped: () => undefined }
  if (Array.isArray(value)) return { tensors: Array.from<unknown>(value).map(checked), shaped: (tensors) => tensors }
  return { tensors: [checked(value)], shaped: ([tensor]) => tensor }
}

function checked(value: unknown): Tensor {
  if (!Tensor.isTensor(value)) throw typeError('compile', 'what fn returns', 'a tensor, tensors or nothing', value)
  return value
}
