import type { KernelCall } from '../backend/recorder.js'
import type { Elements } from '../../binding.js'

/** Where blocks of memory that live at different times lie in one, in bytes. */
export interface Layout {
  readonly offsets: ReadonlyMap<ArrayBufferLike, number>
  /** How large the one is. */
  readonly bytes: number
  /** How large the blocks are together. */
  readonly bytesWithoutSharing: number
}

/** Blocks begin at multiples of this: a line of the cache. */
const ALIGNMENT = 64

interface Block {
  readonly buffer: ArrayBufferLike
  readonly bytes: number
  readonly first: number
  readonly last: number
}

/**
 * Gives every block among `temporaries` a place in one arena, so that two share memory only if no call uses the one
 * between the first and the last that use the other. Inputs live from before the first call, outputs to after the last.
 * Greedy, the largest first, each at the lowest place that is free while it lives.
 *
 * @see Pisarchyk, Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020, https://arxiv.org/abs/2001.03288
 */
export function planArena(
  calls: readonly KernelCall[],
  temporaries: ReadonlySet<ArrayBufferLike>,
  inputs: readonly ArrayBufferLike[],
  outputs: readonly ArrayBufferLike[],
): Layout {
  const blocks = lifetimes(calls, temporaries, inputs, outputs)
  const placed: { block: Block; offset: number }[] = []
  for (const block of blocks.toSorted((a, b) => b.bytes - a.bytes)) {
    const inTheWay = placed
      .filter((other) => other.block.first <= block.last && block.first <= other.block.last)
      .sort((a, b) => a.offset - b.offset)
    let offset = 0
    for (const other of inTheWay) {
      if (other.offset >= offset + block.bytes) break
      offset = Math.max(offset, other.offset + other.block.bytes)
    }
    placed.push({ block, offset })
  }
  return {
    offsets: new Map(placed.map(({ block, offset }) => [block.buffer, offset])),
    bytes: Math.max(0, ...placed.map(({ block, offset }) => offset + block.bytes)),
    bytesWithoutSharing: blocks.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function lifetimes(
  calls: readonly KernelCall[],
  temporaries: ReadonlySet<ArrayBufferLike>,
  inputs: readonly ArrayBufferLike[],
  outputs: readonly ArrayBufferLike[],
): Block[] {
  const blocks = new Map<ArrayBufferLike, Block>()
  const use = (buffer: ArrayBufferLike, time: number) => {
    if (!temporaries.has(buffer)) return
    const bytes = Math.ceil(buffer.byteLength / ALIGNMENT) * ALIGNMENT
    const { first } = blocks.get(buffer) ?? { first: time }
    blocks.set(buffer, { buffer, bytes, first, last: time })
  }
  for (const buffer of inputs) use(buffer, -1)
  calls.forEach(({ args }, time) => {
    for (const { buffer } of arraysOf(args)) use(buffer, time)
  })
  for (const buffer of outputs) use(buffer, calls.length)
  return [...blocks.values()]
}

/** The typed arrays among the arguments of a kernel, those in lists included. */
export function arraysOf(args: readonly unknown[]): Elements[] {
  return args.flatMap((arg) =>
    Array.isArray(arg) ? (arg as Elements[]) : ArrayBuffer.isView(arg) ? [arg as Elements] : [],
  )
}

/** The arguments with `replace` of each typed array in its place. */
export function withArrays(args: readonly unknown[], replace: (array: Elements) => Elements): unknown[] {
  return args.map((arg) => {
    if (Array.isArray(arg)) return (arg as Elements[]).map(replace)
    return ArrayBuffer.isView(arg) ? replace(arg as Elements) : arg
  })
}
