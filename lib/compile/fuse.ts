import type { KernelCall } from '../backend/recorder.js'
import type { Elements } from '../../binding.js'
import { arraysOf } from './plan.js'

/**
 * Makes one call of two neighbours where a kernel does the work of both: a linear map and the ReLU after it, forward and
 * backward. What goes from the one to the other has to be a temporary that nobody else looks at. The results are the
 * same, to the bit.
 */
export function fuse(
  calls: readonly KernelCall[],
  temporaries: ReadonlySet<ArrayBufferLike>,
  outputs: readonly ArrayBufferLike[],
): KernelCall[] {
  const uses = new Map<ArrayBufferLike, number>()
  for (const { args } of calls) for (const { buffer } of arraysOf(args)) uses.set(buffer, (uses.get(buffer) ?? 0) + 1)
  const isBetween = ({ buffer }: Elements) =>
    temporaries.has(buffer) && uses.get(buffer) === 2 && !outputs.includes(buffer)

  const fused: KernelCall[] = []
  for (const call of calls) {
    const previous = fused.at(-1)
    const one = previous && (reluOfLinear(previous, call, isBetween) ?? linearOfRelu(previous, call))
    if (one !== undefined) fused[fused.length - 1] = one
    else fused.push(call)
  }
  return fused
}

/** `y = x W^T + b`, `z = relu(y)`: the kernel writes `z` alone. */
function reluOfLinear(linear: KernelCall, relu: KernelCall, isBetween: (array: Elements) => boolean) {
  if (linear.name !== 'linearForward' || relu.name !== 'reluForward') return undefined
  const [y, ...rest] = linear.args as [Elements, ...unknown[]]
  const [z, x] = relu.args as [Elements, Elements]
  if (!isSame(x, y) || !isBetween(y)) return undefined
  return { ...linear, args: [z, ...rest.slice(0, -1), true] }
}

/** `dz = z <= 0 ? 0 : dy`, then the gradients of the map, of `dz`: the kernel takes `dy` and `z`, and writes `dz` too. */
function linearOfRelu(relu: KernelCall, linear: KernelCall) {
  if (relu.name !== 'reluBackward' || linear.name !== 'linearBackward') return undefined
  const [dz, dy, z] = relu.args as Elements[]
  const [dx, dWeight, dBias, , gradient, masked, ...rest] = linear.args
  if (masked !== undefined || !isSame(gradient as Elements, dz)) return undefined
  return { ...linear, args: [dx, dWeight, dBias, dz, dy, z, ...rest] }
}

function isSame(a: Elements, b: Elements): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length
}
