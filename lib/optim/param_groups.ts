import { rangeError, typeError } from '../check.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** Tensors that an optimizer updates together, with the options that differ from the optimizer's own. */
export type ParamGroupOptions<Options> = Partial<Options> & {
  /** The tensors, or a single one: leaves of a float dtype. */
  params: Tensor | readonly Tensor[]
  /** The learning rate from which schedulers reckon that go on after an epoch. Default: what the first one sets. */
  initialLr?: number | undefined
}

/** Tensors that an optimizer updates, with their options. To change an option during training, assign to it. */
export type ParamGroup<Options> = Options & {
  /** The tensors of the group. */
  readonly params: readonly FloatTensor[]
  /** The learning rate from which schedulers reckon; set by the first one. */
  initialLr?: number
}

/** A group as a caller passed it, its tensors in an array. */
type GivenGroup<Options> = ParamGroupOptions<Options> & { readonly params: readonly Tensor[] }

/** The same options with arrays of their own, which nobody can change. */
export function owned<Options extends object>(options: Options): Options {
  const copy = { ...options }
  for (const [name, value] of Object.entries(options) as [keyof Options, unknown][]) {
    if (Array.isArray(value)) copy[name] = Object.freeze([...(value as unknown[])]) as Options[keyof Options]
  }
  return copy
}

/** What a caller passed as `params`, as groups. */
export function groupsOf<Options>(
  name: string,
  params: readonly Tensor[] | readonly ParamGroupOptions<Options>[],
): readonly GivenGroup<Options>[] {
  if (!Array.isArray(params))
    throw typeError(name, 'params', 'an array of tensors or of groups { params, ... }', params)
  if (params.length === 0) throw rangeError(name, 'params', 'of one tensor or group at least', params)
  const items: readonly unknown[] = Array.from<unknown>(params)
  if (items.every((item) => item instanceof Tensor)) return [{ params: items } as GivenGroup<Options>]
  return items.map((item) => {
    const tensors = (item as { params?: unknown } | null | undefined)?.params
    if (tensors instanceof Tensor) return { ...(item as GivenGroup<Options>), params: [tensors] }
    if (Array.isArray(tensors)) return item as GivenGroup<Options>
    throw typeError(name, 'params', 'an array of tensors or of groups { params: [...], ... }', item)
  })
}

/** Rejects what an optimizer cannot update. */
export function checkTensors(name: string, tensors: readonly Tensor[]): void {
  tensors.forEach((tensor, i) => {
    const argument = `params[${i}]`
    checkFloat(name, argument, tensor)
    if (tensor.node !== null) throw rangeError(name, argument, 'a leaf, not the result of an operation', tensor)
    if (tensors.indexOf(tensor) !== i) throw rangeError(name, argument, 'a tensor that has not come before', tensor)
  })
}
