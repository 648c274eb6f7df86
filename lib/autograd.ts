import { checkGradients, checkSum, placeOfRecord } from './anomaly.js'
import { kernels } from './backend/index.js'
import { capture } from './capture.js'
import {
  callSynchronous,
  checkBoolean,
  checkCount,
  isPlainObject,
  lostElements,
  rangeError,
  readOptions,
} from './check.js'
import { copyOf } from './copy.js'
import { allocate, type FloatDType } from './dtype.js'
import type { Backward, GraphNode, Operation } from './graph.js'
import { checkFloat } from './operand.js'
import { turnOverPool } from './pool.js'
import { sameShape } from './shape.js'
import type { Storage } from './storage.js'
import { type FloatTensor, Tensor } from './tensor.js'

let gradEnabled = true

/** Whether operations are recorded, as they are outside of {@link noGrad}. */
export function isGradEnabled(): boolean {
  return gradEnabled
}

/**
 * Runs `fn` without recording operations: its results need no gradients and keep no graph alive.
 *
 * @returns what `fn` returns
 * @throws TypeError if `fn` is not a function, or returns a promise (what it awaits would run with recording back on)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
 */
export function noGrad<T>(fn: () => T): T {
  checkCount('noGrad', arguments.length, 1)
  const outer = gradEnabled
  gradEnabled = false
  try {
    return callSynchronous('noGrad', fn)
  } finally {
    gradEnabled = outer
  }
}

/**
 * Makes `output` the result of an operation: if gradients are on and an input needs one, it gets a node in the graph.
 * `backward` turns the gradient of the output into those of the inputs: new tensors, or the one it was given; it writes
 * to none that it did not make.
 */
export function record<T extends FloatTensor>(
  operation: Operation,
  output: T,
  inputs: readonly (Tensor | undefined)[],
  backward: Backward,
): T {
  if (capture) for (const input of inputs) if (input?.node === null) capture.decideBy(input)
  if (needsGrad(...inputs)) {
    const needed = inputs.map((input) => (input?.requiresGrad ? input : undefined))
    output.node = { operation, inputs: needed, backward, place: placeOfRecord() }
    output.requiresGrad = true
    capture?.computed(output)
  }
  return output
}

/** Whether an operation on these inputs is recorded: gradients are on, and an input needs one. */
export function needsGrad(...inputs: readonly (Tensor | undefined)[]): boolean {
  return gradEnabled && inputs.some((input) => input?.requiresGrad)
}

/** Tensors for the gradients of those inputs that need one: a backward kernel must overwrite all of them. */
export function gradientsFor(...inputs: readonly (FloatTensor | undefined)[]): (FloatTensor | undefined)[] {
  return inputs.map((input) => (input?.requiresGrad ? Tensor.borrowed(input.shape, input.dtype) : undefined))
}

/** The options of `backward()`. */
export interface BackwardOptions {
  /** Keep the graph, so that `backward()` can run through it again. Default: false. */
  retainGraph?: boolean | undefined
}

/**
 * Computes the gradient of `root` with respect to every leaf it was computed from, and adds it to the leaf's `grad`.
 * The graph is let go, unless `retainGraph`. Operations keep their inputs by reference: values that are overwritten
 * before, by an optimizer's step or through `data`, are used as they then are. The options may also come alone.
 */
export function backward(root: Tensor, gradient?: Tensor | BackwardOptions | null, options?: BackwardOptions): void {
  const areAlone = options === undefined && isPlainObject(gradient)
  const { retainGraph } = readOptions('backward', areAlone ? gradient : options, { retainGraph: false })
  checkBoolean('backward', 'retainGraph', retainGraph)
  const seed = checkSeed(root, areAlone ? undefined : (gradient ?? undefined))
  const stops = stopsFrom(root)
  if (stops.order.some(({ tensor }) => tensor.node?.backward === null)) {
    throw new Error(
      'backward: the graph was let go by an earlier backward(); pass { retainGraph: true } to the first one',
    )
  }

  if (capture && stops.order.some(({ tensor }) => tensor.node !== null && !capture?.hasComputed(tensor))) {
    throw new Error(
      'backward: cannot be captured through operations that ran before the function that compile captures',
    )
  }

  const { buffer } = seed.elements
  for (const { tensor } of stops.order) {
    if (tensor.gradient?.isLost) throw lostElements('backward', 'the grad of a leaf')
  }
  // What is added to a gradient must not be that gradient.
  const isOwn = stops.order.some(({ tensor }) => tensor.gradient?.elements.buffer === buffer)
  turnOverPool()
  noGrad(() => {
    propagateAll(stops, isOwn ? copyOf(seed) : seed)
  })
  if (!retainGraph) for (const { tensor } of stops.order) if (tensor.node !== null) release(tensor.node)
}

/** Lets go of all that the operation had kept, so that a result which outlives its graph (a loss) keeps no other tensor alive. */
function release(node: GraphNode): void {
  node.inputs = []
  node.backward = null
}

function checkSeed(root: Tensor, gradient: unknown): FloatTensor {
  if (!root.requiresGrad) {
    throw new Error('backward: expected a tensor that requires gradients, or was computed from one, got one without')
  }
  checkFloat('backward', 'the tensor', root)
  if (gradient === undefined) {
    if (root.size !== 1) throw rangeError('backward', 'gradient', 'given for a tensor of several elements', root)
    return filled(root, 1)
  }
  checkFloat('backward', 'gradient', gradient, root.dtype)
  if (!sameShape(gradient.shape, root.shape)) {
    throw rangeError('backward', 'gradient', `of shape [${root.shape.join(',')}]`, gradient)
  }
  return gradient
}

function filled(like: FloatTensor, value: number): FloatTensor {
  const data = allocate(like.dtype, like.size)
  data.fill(value)
  return new Tensor<FloatDType>(data, like.shape)
}

/** A tensor that a gradient may reach. */
interface Stop {
  readonly tensor: Tensor
  /** How many inputs of its operation have been looked at. */
  seen: number
  /** The sum of the gradients that have come so far, until it is passed on. */
  gradient: FloatTensor | undefined
}

interface Stops {
  /** Each after those of all tensors that were computed from its own. */
  readonly order: readonly Stop[]
  readonly of: ReadonlyMap<Tensor | undefined, Stop>
}

/** Where the gradient of `root` goes. A loop, not to exhaust the stack. */
function stopsFrom(root: Tensor): Stops {
  const order: Stop[] = []
  const start: Stop = { tensor: root, seen: 0, gradient: undefined }
  const of = new Map<Tensor | undefined, Stop>([[root, start]])
  const path = [start]
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const inputs = top.tensor.node?.inputs
    if (inputs === undefined || top.seen === inputs.length) {
      order.push(top)
      path.pop()
      continue
    }
    const input = inputs[top.seen++]
    if (!input?.requiresGrad || of.has(input)) continue
    const next: Stop = { tensor: input, seen: 0, gradient: undefined }
    of.set(input, next)
    path.push(next)
  }
  return { order: order.reverse(), of }
}

/** Computes every gradient before it adds the first one to a leaf, so that a call which fails on the way adds none. */
function propagateAll(stops: Stops, seed: FloatTensor): void {
  stops.order[0].gradient = seed
  for (const stop of stops.order) {
    const { tensor, gradient } = stop
    if (tensor.node === null || gradient === undefined) continue
    stop.gradient = undefined
    propagate(tensor.node, gradient, stops)
  }
  for (const { tensor, gradient } of stops.order) {
    if (gradient !== undefined && tensor.gradient !== null) checkSum(tensor, tensor.gradient, gradient)
  }
  // What the caller gave stays theirs.
  const taken = new Set([seed.storage])
  for (const { tensor, gradient } of stops.order) if (gradient !== undefined) accumulate(tensor, gradient, taken)
}

function propagate(node: GraphNode, dy: FloatTensor, stops: Stops): void {
  const gradients = node.backward?.(dy) ?? []
  checkGradients(node, gradients)
  settle(dy, gradients)
  for (let i = 0; i < node.inputs.length; i++) {
    const gradient = gradients[i]
    const stop = stops.of.get(node.inputs[i])
    if (stop === undefined || gradient === undefined) continue
    if (stop.gradient !== undefined) checkSum(stop.tensor, stop.gradient, gradient)
    stop.gradient = stop.gradient === undefined ? gradient : sumOf(stop.gradient, gradient)
  }
}

/** Gives back the memory of a gradient that has been propagated. What was handed on, or to several, is kept. */
function settle(dy: FloatTensor, gradients: readonly (FloatTensor | undefined)[]): void {
  let isHandedOn = false
  for (let i = 0; i < gradients.length; i++) {
    const gradient = gradients[i]
    if (gradient === undefined) continue
    if (gradient === dy) isHandedOn = true
    else if (gradient.storage === dy.storage) dy.keep()
    for (let j = 0; j < i; j++) if (gradients[j]?.storage === gradient.storage) gradient.keep()
  }
  if (!isHandedOn) dy.giveBack()
}

// Gradients on the way may be one tensor under two names (an addition passes its own on to both inputs): never in place.
function sumOf(a: FloatTensor, b: FloatTensor): FloatTensor {
  const total = Tensor.borrowed(a.shape, a.dtype)
  addInto(total, a, b)
  a.giveBack()
  b.giveBack()
  return total
}

/** Adds to the gradient of a leaf, in place as PyTorch does; the first one is taken over unless someone has it already. */
function accumulate(leaf: Tensor, gradient: FloatTensor, taken: Set<Storage>): void {
  if (leaf.gradient !== null) {
    addInto(leaf.gradient, leaf.gradient, gradient)
    gradient.giveBack()
    return
  }
  const { storage } = gradient
  // Borrowed memory is that of one gradient alone: see `settle`.
  leaf.grad = !storage.isBorrowed && taken.has(storage) ? copyOf(gradient, leaf.shape) : gradient
  if (!storage.isBorrowed) taken.add(storage)
}

function addInto(y: FloatTensor, a: FloatTensor, b: FloatTensor): void {
  const shape = Int32Array.of(y.size)
  const strides = Int32Array.of(1)
  kernels(y.dtype).add(y.elements, a.elements, b.elements, shape, strides, strides)
}
