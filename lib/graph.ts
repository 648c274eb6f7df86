import type { FloatTensor, Tensor } from './tensor.js'

/** The gradients of an operation's inputs, in their order; `undefined` where none is needed or none exists. */
export type Backward = (dy: FloatTensor) => readonly (FloatTensor | undefined)[]

/** What an operation is called, and what PyTorch prints for it after `grad_fn=` where that is not the same name. */
export type Operation = string | { readonly name: string; readonly gradFn: string }

/** How a tensor came to be: the operation, its inputs, and the way back. */
export interface GraphNode {
  readonly operation: Operation
  /** Empty once `backward()` has let go of the graph. */
  inputs: readonly (Tensor | undefined)[]
  /** `null` once `backward()` has let go of the graph. */
  backward: Backward | null
  /** Where it was recorded, for `detectAnomaly`. */
  readonly place: Error | undefined
}

/** The name of the function that recorded a node. */
export function nameOf({ operation }: GraphNode): string {
  return typeof operation === 'string' ? operation : operation.name
}

/** What PyTorch prints for a node. */
export function gradFnOf({ operation }: GraphNode): string {
  if (typeof operation !== 'string') return operation.gradFn
  return `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}Backward0`
}
