import { expect } from 'chai'
import type { Elements, Kernels } from '../binding.js'
import { loadAddon } from '../lib/backend/native.js'
import { nativeKernels, needsAddon } from './backends.js'

describe('the addon', () => {
  needsAddon()

  const call =
    (name: keyof Kernels, ...given: unknown[]) =>
    () => {
      ;(nativeKernels()[name] as (...all: unknown[]) => void)(...given)
    }
  const four = () => new Float32Array(4)

  it('rejects arguments of the wrong type', () => {
    expect(call('reluForward', four(), [1, 2, 3, 4])).to.throw(TypeError, /reluForward.*Float32Array/)
    expect(call('reluForward', four(), new Float64Array(4))).to.throw(TypeError, /Float32Array/)
    expect(call('reluForward', four())).to.throw(TypeError, /expected 2 arguments, got 1/)
    expect(call('reluForward', four(), four(), four())).to.throw(TypeError, /expected 2 arguments/)
    expect(call('sum', four(), four(), 1, '1', 4)).to.throw(TypeError, /number/)
    expect(call('adam', 1, [], [], [], [], [], new Float64Array(5), false, false, false)).to.throw(TypeError, /array/)
    expect(call('adam', [1], [1], [1], [1], [], [1], new Float64Array(5), false, false, false)).to.throw(TypeError)
  })

  it('rejects numbers that are no lengths', () => {
    for (const rows of [-1, 0.5, NaN, Infinity, 2 ** 53, 2 ** 62]) {
      expect(call('sum', four(), four(), 1, rows, 4), String(rows)).to.throw(RangeError)
    }
    expect(call('sum', four(), four(), 1, 2 ** 52, 2 ** 52), 'an overflowing product').to.throw(RangeError)
  })

  it('rejects strides that leave the array', () => {
    const [shape, strides] = [Int32Array.of(2, 2), Int32Array.of(2, 1)]
    for (const bad of [Int32Array.of(3, 1), Int32Array.of(-1, 1), Int32Array.of(2), Int32Array.of(2 ** 31 - 1, 1)]) {
      expect(call('copyStrided', four(), four(), shape, bad), bad.join()).to.throw(RangeError)
    }
    expect(call('copyStrided', four(), four(), Int32Array.of(-2, -2), strides)).to.throw(RangeError)
    const many = new Int32Array(17).fill(1)
    expect(call('copyStrided', new Float32Array(1), four(), many, many)).to.throw(RangeError)
  })

  it('rejects targets out of range before it writes anything', () => {
    const loss = new Float32Array(2).fill(7)
    const target = Int32Array.of(0, 5)
    const given = [loss, new Float64Array(2), new Float64Array(2), four(), target, undefined, 2, 2, -100, 0]
    expect(call('softmaxCrossEntropyForward', ...given)).to.throw(RangeError, /target/)
    expect(loss).to.deep.equal(new Float32Array(2).fill(7))
  })

  it('is not fooled by lists that change while they are read', () => {
    const victim = four()
    const grads: unknown[] = []
    Object.defineProperty(grads, 0, {
      get: () => {
        structuredClone(victim, { transfer: [victim.buffer] })
        return four()
      },
    })
    const rest = [[four()], [four()], [], [new Float32Array(1)], new Float64Array(5), false, false, false]
    expect(call('adam', [victim], grads, ...rest)).to.throw(RangeError)
  })

  it('is not fooled by the lists of a run either', () => {
    const addon = loadAddon()
    const slot = four()
    let moved: Float32Array | undefined
    const outputs: Elements[] = [four()]
    Object.defineProperty(outputs, 1, {
      get: () => {
        moved = structuredClone(slot, { transfer: [slot.buffer] })
        return four()
      },
    })
    expect(() => addon.runProgram(addon.createProgram(), 1, [slot, four().fill(1)], outputs)).to.throw(
      RangeError,
      /inputs/,
    )
    expect(moved).to.deep.equal(four())
  })
})
