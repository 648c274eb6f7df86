import { type Capture, capture } from '../capture.js'
import { checkAtLeast, checkCount, checkNames, checkNumber, rangeError, readOptions } from '../check.js'
import { type ArrayOf, type FloatDType, isFloat } from '../dtype.js'
import { checkFloat, checkTensor } from '../operand.js'
import { formatShape, sameShape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { optionLines } from './option_lines.js'
import { checkTensors, groupsOf, owned, type ParamGroup, type ParamGroupOptions } from './param_groups.js'
import { decodeState, encodeState, type OptimizerState } from './state_dict.js'

/** What an optimizer keeps for one tensor, by name. */
export type TensorState = Record<string, FloatTensor>

/** Tensors of one dtype and one group that have gradients, for a kernel that updates all of them. */
export interface Updates<Options> {
  /** The dtype of all of them. */
  readonly dtype: FloatDType
  /** The group with its options. */
  readonly group: ParamGroup<Options>
  /** The tensors. */
  readonly tensors: readonly FloatTensor[]
  /** The elements of each tensor. */
  readonly params: ArrayOf[FloatDType][]
  /** The elements of each gradient. */
  readonly grads: ArrayOf[FloatDType][]
}

/**
 * The base of all optimizers: parameter groups, what is kept for each parameter, and their saving.
 *
 * @see https://docs.pytorch.org/docs/stable/optim.html
 */
export abstract class Optimizer<Options extends object> {
  /** The groups of tensors with their options. */
  readonly paramGroups: ParamGroup<Options>[]

  /** What a group may hold. */
  readonly #names: readonly string[]

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
    this.#names = [...Object.keys(defaults), 'params', 'initialLr']
    const groups = groupsOf(name, params)
    checkTensors(
      name,
      groups.flatMap((group) => [...group.params]),
    )
    this.paramGroups = groups.map(({ params: tensors, ...own }) => ({
      ...this.#optionsOf(own, common),
      params: [...(tensors as readonly FloatTensor[])],
    }))
    for (const group of this.paramGroups) this.checkOptions(group)
  }

  /**
   * Updates every tensor that has a gradient. There are no closures, as `step` of PyTorch takes.
   *
   * @throws TypeError or RangeError if an option of a group is wrong or unknown by now, or if the buffer of a tensor with
   *   a gradient, of the gradient or of what is kept for it was transferred away; nothing has changed then
   */
  step(): void {
    const name = `${this.constructor.name}.step`
    checkCount(name, arguments.length, 0)
    this.#checkGroups()
    this.#checkElements()
    if (capture) this.#tell(capture)
    for (const group of this.paramGroups) {
      for (const dtype of ['float32', 'float64'] as const) {
        const tensors = group.params.filter((tensor) => tensor.dtype === dtype).filter(hasGradient)
        if (tensors.length === 0) continue
        const params = tensors.map(({ elements }) => elements)
        const grads = tensors.map(({ gradient }) => gradient.elements)
        this.update({ dtype, group, tensors, params, grads })
      }
    }
  }

  /** Updates these tensors, with the state that {@link statesOf} gives for them. */
  protected abstract update(updates: Updates<Options>): void

  /** Rejects options that are of the wrong kind or out of range. */
  protected abstract checkOptions(options: Options): void

  /** The names of what is kept for a tensor, with whether each has the tensor's own shape or is a single number. */
  protected abstract stateShapes(options: Options): Record<string, 'same' | 'scalar'>

  /**
   * Forgets the gradients of all tensors: they are `null` then.
   *
   * @throws Error if a compiled function is at work on one of the tensors elsewhere; nothing has changed then
   */
  zeroGrad(): void {
    checkCount('zeroGrad', arguments.length, 0)
    for (const { params } of this.paramGroups) for (const { storage } of params) storage.checkIdle()
    for (const { params } of this.paramGroups) for (const tensor of params) tensor.grad = null
  }

  /** What is kept for each tensor: zeros, made as {@link stateShapes} says, where it is the first time. */
  protected statesOf(tensors: readonly FloatTensor[], options: Options): TensorState[] {
    const shapes = Object.entries(this.stateShapes(options))
    return tensors.map((tensor) => {
      const known = this.state.get(tensor)
      const kept = known ?? {}
      for (const [name, kind] of shapes) {
        kept[name] ??= Tensor.empty(kind === 'same' ? tensor.shape : [], tensor.dtype)
        capture?.keep(kept[name].elements)
      }
      if (known === undefined) this.state.set(tensor, kept)
      capture?.conditions.push(() => this.state.get(tensor) === kept)
      return kept
    })
  }

  /**
   * All that is needed to go on later where this optimizer stands, as tensors by name; a file can hold it. What is kept
   * for each tensor (`state.NUMBER.NAME`) shares its elements with the optimizer.
   *
   * @throws TypeError or RangeError if a group has an option by now that a step would reject
   */
  stateDict(): Map<string, Tensor> {
    checkCount(`${this.constructor.name}.stateDict`, arguments.length, 0)
    this.#checkGroups()
    const tensors = this.#tensors()
    return encodeState({
      kept: new Map([...this.state].map(([tensor, kept]) => [tensors.indexOf(tensor), kept])),
      groups: this.paramGroups.map(({ params, ...options }) => ({
        options,
        numbers: params.map((tensor) => tensors.indexOf(tensor)),
      })),
    })
  }

  /**
   * Takes over the options and a copy of the values of `dict`, as of {@link stateDict}.
   *
   * @throws TypeError or RangeError if it does not fit the groups and tensors of this optimizer; nothing has changed then
   */
  loadStateDict(dict: ReadonlyMap<string, Tensor>): void {
    checkCount(`${this.constructor.name}.loadStateDict`, arguments.length, 1)
    const name = this.constructor.name
    const { kept, groups } = decodeState(name, dict)
    const merged = this.#mergedGroups(groups)
    const tensors = this.#tensors()
    const loaded = new Map<FloatTensor, TensorState>()
    merged.forEach((group) => {
      for (const tensor of group.params) {
        const number = tensors.indexOf(tensor)
        const values = kept.get(number)
        if (values) loaded.set(tensor, this.#copied(`state.${number}`, tensor, values, group))
      }
    })
    if (loaded.size !== kept.size) {
      throw rangeError(name, 'dict', `of state for tensors 0 to ${tensors.length - 1}`, [...kept.keys()])
    }
    this.state.clear()
    for (const [tensor, values] of loaded) this.state.set(tensor, values)
    this.paramGroups.forEach((group, i) => Object.assign(group, merged[i]))
  }

  /** The options of every group, laid out and named as PyTorch prints them. */
  toString(): string {
    const groups = this.paramGroups.map((group, i) => [`Parameter Group ${i}`, ...optionLines(group)].join('\n'))
    return `${this.constructor.name} (\n${groups.join('\n\n')}\n)`
  }

  /** What `console.log` shows: the same as {@link toString}. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** Rejects options that were set to what they cannot be, or under a name that is none. */
  #checkGroups(): void {
    for (const group of this.paramGroups) {
      checkNames(this.constructor.name, group, this.#names)
      this.checkOptions(group)
    }
  }

  /** Rejects arrays that kernels could not work on, before the first tensor of the first group is updated. */
  #checkElements(): void {
    const name = this.constructor.name
    this.paramGroups.forEach(({ params }, i) => {
      params.forEach((tensor, j) => {
        const { gradient } = tensor
        if (gradient === null) return
        const kept = this.state.get(tensor) ?? {}
        let areWhole = isWhole(tensor) && isWhole(gradient)
        for (const key in kept) areWhole &&= isWhole(kept[key])
        // The names are put together only where they are needed.
        if (areWhole) return
        const argument = `paramGroups[${i}].params[${j}]`
        checkFloat(name, argument, tensor)
        checkFloat(name, `${argument}.grad`, gradient)
        for (const [key, value] of Object.entries(kept)) checkTensor(name, `${key} of ${argument}`, value)
      })
    })
  }

  /** A step that is captured holds for these groups and options; the values of numbers may change. */
  #tell(told: Capture): void {
    const groups = [...this.paramGroups]
    const kinds = groups.map(kindOf)
    told.conditions.push(() => this.paramGroups.length === groups.length)
    groups.forEach((group, i) => {
      const params = [...group.params]
      const areSame = () => params.length === group.params.length && params.every((one, j) => one === group.params[j])
      told.conditions.push(() => this.paramGroups[i] === group && kindOf(group) === kinds[i] && areSame())
      told.preparations.push(() => this.checkOptions(group))
    })
  }

  #tensors(): FloatTensor[] {
    return this.paramGroups.flatMap(({ params }) => params)
  }

  #mergedGroups(groups: OptimizerState['groups']): ParamGroup<Options>[] {
    const name = this.constructor.name
    const expected = this.paramGroups.map(({ params }) => params.length)
    const given = groups.map(({ numbers }) => numbers.length)
    if (!sameShape(given, expected)) {
      throw rangeError(name, 'dict', `of groups of [${expected.join(',')}] tensors`, given)
    }
    const merged = this.paramGroups.map((group, i) => this.#optionsOf(groups[i].options, group))
    for (const group of merged) this.checkOptions(group)
    return merged
  }

  /** The options of a group, those that are not given as in `others`. */
  #optionsOf<Others extends Options>(given: object, others: Others): Others & { initialLr?: number } {
    const name = this.constructor.name
    const { initialLr, ...options } = given as { readonly initialLr?: unknown }
    const own = owned(readOptions(name, options, others))
    if (initialLr === undefined) return own
    checkNumber(name, 'initialLr', initialLr)
    return { ...own, initialLr }
  }

  /** A copy of what a dict has under `place`, such as `state.0`, for a tensor. */
  #copied(place: string, tensor: FloatTensor, kept: Readonly<Record<string, Tensor>>, options: Options): TensorState {
    const name = this.constructor.name
    const copy: TensorState = {}
    for (const [key, kind] of Object.entries(this.stateShapes(options))) {
      const value: unknown = kept[key]
      const shape = kind === 'same' ? tensor.shape : []
      const argument = `${place}.${key}`
      checkFloat(name, argument, value, tensor.dtype)
      if (!sameShape(value.shape, shape)) throw rangeError(name, argument, `of shape ${formatShape(shape)}`, value)
      if (kind === 'scalar') checkAtLeast(name, argument, value.item(), 0)
      copy[key] = new Tensor<FloatDType>(value.data.slice(), shape)
    }
    return copy
  }
}

function hasGradient(tensor: FloatTensor): tensor is FloatTensor & { readonly gradient: FloatTensor } {
  return tensor.gradient !== null
}

/** Whether kernels can work on a tensor. An Error where one is at work on it on another thread. */
function isWhole(tensor: Tensor): boolean {
  if (!Tensor.isTensor(tensor)) return false
  tensor.storage.checkIdle()
  return isFloat(tensor.dtype) && !tensor.isLost
}

/** What decides which kernels a step takes: the switches, and which numbers are 0. */
function kindOf(group: object): string {
  return Object.values(group)
    .map((value: unknown) => (typeof value === 'number' ? value === 0 : typeof value === 'boolean' ? value : ''))
    .join()
}
