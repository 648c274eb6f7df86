import { capture } from '../capture.js'
import { checkBoolean, checkCount, checkFunction, rangeError, readOptions, typeError } from '../check.js'
import { checkTensor } from '../operand.js'
import { formatShape, sameShape } from '../shape.js'
import { Tensor } from '../tensor.js'
import { Parameter } from './parameter.js'
import { moduleTree } from '../repr.js'

/** The options of {@link Module.loadStateDict}. */
export interface LoadOptions {
  /** Whether missing and unexpected names are errors. Default: true. */
  strict?: boolean | undefined
}

/**
 * The base of every layer and model: a tree of modules with parameters as their leaves.
 *
 * Parameters and submodules are the properties that hold a {@link Parameter} or a `Module`, under the names of the
 * properties, in the order in which these first came to be (for a TypeScript class: in which they are declared).
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
 */
export abstract class Module {
  /** Whether the module is in training mode. Changed by {@link train} and {@link eval}. */
  get training(): boolean {
    const training = this.#training
    capture?.conditions.push(() => this.#training === training)
    return training
  }

  /** Sets the mode of this module alone. */
  set training(value: boolean) {
    this.#training = value
  }

  #training = true

  readonly #bufferNames = new Set<string>()

  /**
   * Takes no arguments; a module that does has a constructor of its own.
   *
   * @throws TypeError if there are any
   */
  constructor() {
    checkCount(new.target.name, arguments.length, 0)
    tellOfForward(new.target.prototype)
  }

  /** Computes the output. Every subclass says of what. */
  abstract forward(...inputs: never[]): unknown

  /**
   * Every parameter of this module and the ones below it, each once.
   *
   * @throws RangeError if a module is below itself; so do all methods that walk the tree
   */
  parameters(): Parameter[] {
    checkCount('parameters', arguments.length, 0)
    return this.namedParameters().map(([, parameter]) => parameter)
  }

  /** Every parameter with its path, such as `layer1.fc.weight`; one that is shared comes once, under its first name. */
  namedParameters(): [string, Parameter][] {
    checkCount('namedParameters', arguments.length, 0)
    return unique(this.#tree('').flatMap(([path, module]) => module.#parameters(path)))
  }

  /** The tensors that belong to the module's state but are not learned. */
  buffers(): Tensor[] {
    checkCount('buffers', arguments.length, 0)
    return this.namedBuffers().map(([, buffer]) => buffer)
  }

  /**
   * Makes `tensor` a property of this module that belongs to its state, but is not learned.
   *
   * @throws TypeError if an argument is of the wrong kind
   * @throws RangeError if `name` is no identifier, or that of a property which is no buffer
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer
   */
  registerBuffer(name: string, tensor: Tensor): void {
    checkCount('registerBuffer', arguments.length, 2)
    checkTensor('registerBuffer', 'tensor', tensor)
    if (typeof name !== 'string') throw typeError('registerBuffer', 'name', 'a string', name)
    if (!/^[A-Za-z_]\w*$/.test(name)) throw rangeError('registerBuffer', 'name', 'an identifier', name)
    if (!this.#bufferNames.has(name) && this[name as keyof this] !== undefined) {
      throw rangeError('registerBuffer', 'name', 'that of no property yet', name)
    }
    this.#bufferNames.add(name)
    Object.assign(this, { [name]: tensor })
  }

  /** Every buffer with its path; one that is shared comes once, under its first name. */
  namedBuffers(): [string, Tensor][] {
    checkCount('namedBuffers', arguments.length, 0)
    return unique(this.#tree('').flatMap(([path, module]) => module.#buffers(path)))
  }

  /** This module under the name `''`, and every one below it with its path, each once. */
  namedModules(): [string, Module][] {
    checkCount('namedModules', arguments.length, 0)
    return unique(this.#tree(''))
  }

  /** The modules that are properties of this one, with their names. */
  namedChildren(): [string, Module][] {
    checkCount('namedChildren', arguments.length, 0)
    return Object.entries(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module)
  }

  /**
   * Puts this module and every one below it into training mode, or with `false` out of it.
   *
   * @param mode true by default
   * @returns this module
   * @throws TypeError if `mode` is not a boolean
   */
  train(mode = true): this {
    checkCount('train', arguments.length, 1)
    checkBoolean('train', 'mode', mode)
    for (const [, module] of this.namedModules()) module.training = mode
    return this
  }

  /**
   * Puts this module and every one below it into evaluation mode.
   *
   * @returns this module
   */
  eval(): this {
    checkCount('eval', arguments.length, 0)
    return this.train(false)
  }

  /**
   * Forgets the gradients of all parameters: they are `null` then.
   *
   * @throws Error if a compiled function is at work on one of the parameters elsewhere; nothing has changed then
   */
  zeroGrad(): void {
    checkCount('zeroGrad', arguments.length, 0)
    const parameters = this.parameters()
    for (const { storage } of parameters) storage.checkIdle()
    for (const parameter of parameters) parameter.grad = null
  }

  /**
   * Calls `fn` with every module below this one, the innermost first, and then with this one.
   *
   * @returns this module
   * @throws TypeError if `fn` is not a function
   */
  apply(fn: (module: Module) => void): this {
    checkCount('apply', arguments.length, 1)
    checkFunction('apply', 'fn', fn)
    for (const [, child] of this.namedChildren()) child.apply(fn)
    fn(this)
    return this
  }

  /**
   * All parameters and buffers by their paths, module by module: its parameters, its buffers, then those below it. The
   * tensors share their elements with the module.
   *
   * @throws RangeError that names one whose buffer was transferred away
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict
   */
  stateDict(): Map<string, Tensor> {
    checkCount('stateDict', arguments.length, 0)
    return new Map([...this.#state('stateDict')].map(([name, tensor]) => [name, tensor.detach()]))
  }

  /**
   * Copies the values of `dict`, as of {@link stateDict}, into the parameters and buffers.
   *
   * @throws TypeError if `dict` is not a map of tensors
   * @throws RangeError that lists every missing, unexpected and misshapen name, or names a tensor of either side whose
   *   buffer was transferred away; nothing has changed then
   * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict
   */
  loadStateDict(dict: ReadonlyMap<string, Tensor>, options?: LoadOptions): void {
    checkCount('loadStateDict', arguments.length, 2)
    if (!(dict instanceof Map)) throw typeError('loadStateDict', 'dict', 'a map of names to tensors', dict)
    const { strict } = readOptions('loadStateDict', options, { strict: true })
    checkBoolean('loadStateDict', 'strict', strict)
    const values = new Map<string, Tensor>(dict as ReadonlyMap<string, Tensor>)
    for (const [name, value] of values) checkTensor('loadStateDict', `dict entry ${name}`, value)
    const own = this.#state('loadStateDict')
    const problems = [...mismatches(own, values), ...(strict ? differences(own, values) : [])]
    if (problems.length > 0) {
      throw new RangeError(`loadStateDict: the dict does not fit ${this.constructor.name}: ${problems.join('; ')}`)
    }
    for (const [name, tensor] of own) {
      tensor.storage.checkIdle()
      values.get(name)?.storage.checkIdle()
    }
    for (const [name, tensor] of own) {
      const given = values.get(name)
      if (given) tensor.data.set(given.data)
    }
  }

  /** What {@link toString} shows between the parentheses, above the children if there are any; lines end in `\n`. */
  extraRepr(): string {
    return ''
  }

  /** The tree of modules, laid out as PyTorch prints it. */
  toString(): string {
    const children = this.namedChildren().map(([key, child]): [string, string] => [key, child.toString()])
    return moduleTree(this.constructor.name, children, this.extraRepr())
  }

  /** What `console.log` shows: the same as {@link toString}. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** What {@link stateDict} shows, checked to be whole. */
  #state(where: string): Map<string, Tensor> {
    const entries = this.#tree('').flatMap(([path, module]) => [...module.#parameters(path), ...module.#buffers(path)])
    for (const [name, tensor] of entries) checkTensor(where, `${this.constructor.name}.${name}`, tensor)
    return new Map<string, Tensor>(entries)
  }

  /** The parameters of this module alone, under `path`. */
  #parameters(path: string): [string, Parameter][] {
    return Object.entries(this).flatMap(([name, value]: [string, unknown]): [string, Parameter][] =>
      value instanceof Parameter ? [[join(path, name), value]] : [],
    )
  }

  /** The buffers of this module alone, under `path`. */
  #buffers(path: string): [string, Tensor][] {
    return Object.entries(this).flatMap(([name, value]: [string, unknown]): [string, Tensor][] =>
      this.#bufferNames.has(name) && value instanceof Tensor ? [[join(path, name), value]] : [],
    )
  }

  /** This module and those below it with their paths; a shared one comes once for each path. */
  #tree(path: string, above: readonly Module[] = []): [string, Module][] {
    if (above.includes(this))
      throw new RangeError(`${this.constructor.name}: expected a tree, got a module below itself`)
    const below = this.namedChildren().flatMap(([name, child]) => child.#tree(join(path, name), [...above, this]))
    return [[path, this], ...below]
  }
}

type Forward = (this: Module, ...inputs: unknown[]) => unknown

/** The prototypes whose `forward`, if they have one of their own, tells the capture under way whose it is. */
const telling = new WeakSet<object>([Module.prototype])

function tellOfForward(prototype: object): void {
  if (telling.has(prototype)) return
  telling.add(prototype)
  tellOfForward(Object.getPrototypeOf(prototype) as object)
  const property = Object.getOwnPropertyDescriptor(prototype, 'forward')
  if (typeof property?.value !== 'function' || !property.configurable) return
  const forward = property.value as Forward
  const told: { forward: Forward } = {
    forward(...inputs) {
      capture?.owners.add(this)
      return forward.apply(this, inputs)
    },
  }
  Object.defineProperty(prototype, 'forward', { ...property, value: told.forward })
}

/** The entries without those whose value has come before. */
function unique<T>(entries: readonly [string, T][]): [string, T][] {
  const seen = new Set<T>()
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value))
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function mismatches(own: ReadonlyMap<string, Tensor>, dict: ReadonlyMap<string, Tensor>): string[] {
  return [...own].flatMap(([name, { shape, dtype }]) => {
    const given = dict.get(name)
    if (given === undefined) return []
    if (sameShape(given.shape, shape) && given.dtype === dtype) return []
    return [
      `${name} should be ${dtype} of shape ${formatShape(shape)}, got ${given.dtype} of ${formatShape(given.shape)}`,
    ]
  })
}

function differences(own: ReadonlyMap<string, Tensor>, dict: ReadonlyMap<string, Tensor>): string[] {
  const missing = [...own.keys()].filter((name) => !dict.has(name))
  const unexpected = [...dict.keys()].filter((name) => !own.has(name))
  return [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${unexpected.join(', ')}`] : []),
  ]
}
