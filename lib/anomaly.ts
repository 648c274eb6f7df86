import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { callSynchronous, checkCount } from './check.js'
import { type GraphNode, nameOf } from './graph.js'
import { formatShape } from './shape.js'
import type { FloatTensor, Tensor } from './tensor.js'

let detecting = false

/**
 * Runs `fn`, in which `backward()` throws an Error as soon as an operation gives a NaN for the gradient of an input, or
 * gradients that meet add up to one (an infinity and its negative). The error names the operation, the input and the
 * shape, and where the operation was recorded, if that was within `fn`, with the whole stack as its `cause`. No `grad`
 * has changed then, and the graph is kept. A NaN in the gradient that `backward()` is given shows at the first operation.
 *
 * For debugging: every operation notes where it is called, and every gradient is looked through.
 *
 * @returns what `fn` returns
 * @throws TypeError if `fn` is not a function, or returns a promise (what it awaits would run unobserved)
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.detect_anomaly
 */
export function detectAnomaly<T>(fn: () => T): T {
  checkCount('detectAnomaly', arguments.length, 1)
  const outer = detecting
  detecting = true
  try {
    return callSynchronous('detectAnomaly', fn)
  } finally {
    detecting = outer
  }
}

/** Whether {@link detectAnomaly} is at work. */
export function isDetecting(): boolean {
  return detecting
}

/** The stack of the operation that is being recorded, where {@link detectAnomaly} is to know it. */
export function placeOfRecord(): Error | undefined {
  if (!detecting) return undefined
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = Infinity
  const place = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return place
}

/** Within {@link detectAnomaly}: rejects gradients of an operation's inputs that hold a NaN. */
export function checkGradients(node: GraphNode, gradients: readonly (FloatTensor | undefined)[]): void {
  if (!detecting) return
  node.inputs.forEach((input, i) => {
    const gradient = gradients[i]
    if (input === undefined || !gradient?.data.some(Number.isNaN)) return
    const what = `the backward pass of ${nameOf(node)} gave NaN in the gradient of its input ${i}`
    throw anomaly(`${what}, of shape ${formatShape(gradient.shape)}`, node)
  })
}

/** Within {@link detectAnomaly}: rejects two gradients of a tensor whose sum holds a NaN that neither of them does. */
export function checkSum(tensor: Tensor, a: FloatTensor, b: FloatTensor): void {
  if (!detecting) return
  const isLost = (x: number, y: number) => Number.isNaN(x + y) && !Number.isNaN(x) && !Number.isNaN(y)
  if (!a.data.some((value: number, i: number) => isLost(value, b.data[i]))) return
  const whose = tensor.node === null ? 'a leaf' : `the result of ${nameOf(tensor.node)}`
  const what = `an infinity and its negative, which add up to NaN, met in the gradient of ${whose}`
  throw anomaly(`${what}, of shape ${formatShape(tensor.shape)}`, tensor.node)
}

function anomaly(what: string, node: GraphNode | null): Error {
  if (node === null) return new Error(`backward: ${what}`)
  if (node.place === undefined) {
    return new Error(`backward: ${what}; where it was recorded is not known: outside of detectAnomaly`)
  }
  const frames = framesOutside(node.place)
  const cause = new Error(`${nameOf(node)} was recorded here`)
  cause.stack = [`Error: ${cause.message}`, ...frames].join('\n')
  return new Error(`backward: ${what}; it was recorded ${frames[0]?.trim() ?? 'by no known code'}`, { cause })
}

/** The folders of this library: its compiled code, and its source, which source maps lead to. None if it is bundled. */
function ownFolders(): string[] {
  if (import.meta.url === undefined) return []
  const parent = fileURLToPath(new URL('..', import.meta.url))
  const paths = ['lib', 'dist'].map((folder) => join(parent, folder) + sep)
  return paths.flatMap((path) => [path, pathToFileURL(path).href])
}

/** The lines of a stack that stand for the user's code, not for this library, Node.js or the functions of JavaScript. */
function framesOutside({ stack = '' }: Error): string[] {
  const foreign = [...ownFolders(), 'node:internal/', ' (<anonymous>)']
  const isFrame = (line: string) => /^\s+at /.test(line)
  return stack.split('\n').filter((line) => isFrame(line) && !foreign.some((place) => line.includes(place)))
}
