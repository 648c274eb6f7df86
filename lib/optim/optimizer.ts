import { readOptions, rangeError, typeError } from '../check.js'
import type { FloatDType } from '../dtype.js'
import { checkFloat } from '../operand.js'
import { sameShape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** Tensors that an optimizer updates together, with the options that differ from the optimizer's own. */
export type ParamGroupOptions<Options> = Partial<Options> & { params: readonly Tensor[] }

/** Tensors that an optimizer updates, with their options. To change an option during training, assign to it. */
export type ParamGroup<Options> = Options & { readonly params: readonly FloatTensor[] }

/** What an optimizer keeps for one tensor, by name. */
export type TensorState = Record<string, FloatTensor>

/** All that an optimizer knows, with its tensors numbered in their order. */
export interface OptimizerState<Options> {
  /** What is kept for each tensor that has been updated. */
  state: Map<number, TensorState>
  /** The options of each group, and the numbers of its tensors. */
  paramGroups: (Options & { params: number[] })[]
}

/**
 * The base of all optimizers: parameter groups, what is kept for each parameter, and their saving.
 *
 * @see https://docs.pytorch.org/docs/stable/optim.html
 */
export abstract class Optimizer<Options extends object> {
  /** The groups of tensors with their options. */
  readonly paramGroups: ParamGroup<Options>[]

  /** What is kept for each tensor; made at its first update. */
  protected readonly state = new Map<FloatTensor, TensorState>()

  /**
   * @param params the tensors to update, or groups of them with options of their own
   * @param options for all groups
   * @param defaults every option there is
   * @throws TypeError or RangeError if there is nothing to update, a tensor cannot be or comes twice, or an option is wrong
   */
  constructor(
    params: readonly Tensor[] | readonly ParamGroupOptions<Options>[],
    options: Partial<Options> | undefined,
    defaults: Options,
  ) {
    const name = new.target.name
    const common = readOptions(name, options, defaults)
    const groups = groupsOf(name, params)
    checkTensors(
      name,
      groups.flatMap((group) => group.params),
    )
    this.paramGroups = groups.map(({ params: tensors, ...own }) => ({
      ...readOptions(name, own, common),
      params: [...(tensors as readonly FloatTensor[])],
    }))
    for (const group of this.paramGroups) this.checkOptions(group)
  }

  /** Updates every tensor that has a gradient. */
  abstract step(): void

  /** Rejects options that are of the wrong kind or out of range. */
  protected abstract checkOptions(options: Options): void

  /** The names of what is kept for a tensor, with whether each has the tensor's own shape or is a single number. */
  protected abstract stateShapes(options: Options): Record<string, 'same' | 'scalar'>

  /** Forgets the gradients of all tensors. */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const tensor of params) tensor.grad = null
  }

  /** What is kept for `tensor`: zeros, made as {@link stateShapes} says, if this is its first update. */
  protected stateOf(tensor: FloatTensor, options: Options): TensorState {
    const existing = this.state.get(tensor)
    if (existing) return existing
    const created: TensorState = {}
    for (const [name, kind] of Object.entries(this.stateShapes(options))) {
      created[name] = Tensor.empty(kind === 'same' ? tensor.shape : [], tensor.dtype)
    }
    this.state.set(tensor, created)
    return created
  }

  /** All that is needed to go on later where this optimizer stands. Its tensors are shared with the optimizer. */
  stateDict(): OptimizerState<Options> {
    const numbers = new Map(this.#tensors().map((tensor, i) => [tensor, i]))
    const numberOf = (tensor: FloatTensor) => numbers.get(tensor) ?? -1
    return {
      state: new Map([...this.state].map(([tensor, kept]) => [numberOf(tensor), { ...kept }])),
      paramGroups: this.paramGroups.map((group) => ({ ...group, params: group.params.map(numberOf) })),
    }
  }

  /**
   * Takes over the options and a copy of the values of `dict`, as of {@link stateDict}.
   *
   * @throws TypeError or RangeError if it does not fit the groups and tensors of this optimizer; nothing has changed then
   */
  loadStateDict(dict: OptimizerState<Options>): void {
    const name = this.constructor.name
    this.#checkGroups(dict)
    const tensors = this.#tensors()
    const loaded = new Map<FloatTensor, TensorState>()
    for (const [number, kept] of dict.state) {
      if (!(number in tensors)) throw rangeError(name, 'state', `of tensors 0 to ${tensors.length - 1}`, number)
      loaded.set(tensors[number], this.#copied(tensors[number], kept, dict.paramGroups))
    }
    this.state.clear()
    for (const [tensor, kept] of loaded) this.state.set(tensor, kept)
    this.paramGroups.forEach((group, i) => Object.assign(group, dict.paramGroups[i], { params: group.params }))
  }

  #tensors(): FloatTensor[] {
    return this.paramGroups.flatMap(({ params }) => params)
  }

  #checkGroups(dict: OptimizerState<Options>): void {
    const name = this.constructor.name
    if (!(dict.state instanceof Map) || !Array.isArray(dict.paramGroups)) {
      throw typeError(name, 'dict', 'what stateDict() returns', dict)
    }
    const sizes = (groups: readonly { params: readonly unknown[] }[]) => groups.map(({ params }) => params.length)
    if (!sameShape(sizes(dict.paramGroups), sizes(this.paramGroups))) {
      throw rangeError(
        name,
        'dict',
        `of groups of [${sizes(this.paramGroups).join(',')}] tensors`,
        sizes(dict.paramGroups),
      )
    }
    for (const group of dict.paramGroups) this.checkOptions(group)
  }

  #copied(tensor: FloatTensor, kept: TensorState, groups: readonly Options[]): TensorState {
    const name = this.constructor.name
    const group = this.paramGroups.findIndex(({ params }) => params.includes(tensor))
    const copy: TensorState = {}
    for (const [key, kind] of Object.entries(this.stateShapes(groups[group]))) {
      const value: unknown = kept[key]
      const shape = kind === 'same' ? tensor.shape : []
      checkFloat(name, `state.${key}`, value, tensor.dtype)
      if (!sameShape(value.shape, shape)) throw rangeError(name, `state.${key}`, `of shape [${shape.join(',')}]`, value)
      copy[key] = new Tensor<FloatDType>(value.data.slice(), shape)
    }
    return copy
  }
}

function groupsOf<Options>(
  name: string,
  params: readonly Tensor[] | readonly ParamGroupOptions<Options>[],
): readonly (Partial<Options> & { params: readonly Tensor[] })[] {
  if (!Array.isArray(params))
    throw typeError(name, 'params', 'an array of tensors or of groups { params, ... }', params)
  if (params.length === 0) throw rangeError(name, 'params', 'of one tensor or group at least', params)
  const items = params as readonly unknown[]
  if (items.every((item) => item instanceof Tensor)) return [{ params: items } as ParamGroupOptions<Options>]
  const bad = items.find((item) => !Array.isArray((item as { params?: unknown } | null | undefined)?.params))
  if (bad !== undefined || items.includes(undefined)) {
    throw typeError(name, 'params', 'an array of tensors or of groups { params: [...], ... }', bad)
  }
  return items as ParamGroupOptions<Options>[]
}

function checkTensors(name: string, tensors: readonly Tensor[]): void {
  tensors.forEach((tensor, i) => {
    const argument = `params[${i}]`
    checkFloat(name, argument, tensor)
    if (tensor.node !== null) throw rangeError(name, argument, 'a leaf, not the result of an operation', tensor)
    if (tensors.indexOf(tensor) !== i) throw rangeError(name, argument, 'a tensor that has not come before', tensor)
  })
}
