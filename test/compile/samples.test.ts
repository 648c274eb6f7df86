import { expect } from 'chai'
import { backend, compile, manualSeed, profile, type Tensor } from '../../lib/index.js'
import { decode, type Encoded, type Inputs, upstream } from '../golden.js'
import { type Call, callOf } from '../samples/call.js'
import { readSamples } from '../samples/recorded.js'

/** What a function is captured with: the recorded inputs in reverse order, so that a value that is frozen shows. */
function reversed(input: Tensor): Tensor {
  const copy = input.clone()
  copy.data.reverse()
  return copy
}

/** The result of a call and the gradients of its inputs, all computed within. */
function results(inputs: Inputs, encoded: Record<string, Encoded>, call: Call): Tensor[] {
  const leaves = Object.entries(inputs).map(([name, input]): [string, Tensor] => {
    const leaf = input.detach()
    if (leaf.dtype === 'float32' && !encoded[name].constant) leaf.requiresGrad = true
    return [name, leaf]
  })
  const output = callOf(Object.fromEntries(leaves), call)
  if (output.requiresGrad) output.backward(upstream(output))
  return [output, ...leaves.flatMap(([, { grad }]) => grad ?? [])]
}

/** What no native kernel computes: products of matrices of integers, which nobody trains with. */
function isComputedInTypescript({ name }: Call, [input]: readonly Tensor[]): boolean {
  return input.dtype === 'int32' && ['x.matmul', 'x.mm'].includes(name)
}

/** Recorded calls of operations that give tensors. */
const groups = readSamples(process.env.EVENKEEL_SAMPLES).groups.flatMap(({ inputs, cases }) =>
  cases.map(({ args }) => ({ inputs, args: args })).filter(({ args }) => /^(x|F)\.(?!item)/.test(args.name)),
)

describe('compile: every operation that PyTorch has samples of, to the bit and without JavaScript', () => {
  for (const { inputs: encoded, args } of groups) {
    it(JSON.stringify(args), () => {
      const inputs = Object.entries(encoded).map(([name, one]): [string, Tensor] => [name, decode(one, 'float32')])
      const names = inputs.map(([name]) => name)
      const named = (given: readonly Tensor[]) => Object.fromEntries(given.map((tensor, i) => [names[i], tensor]))
      const values = inputs.map(([, tensor]) => tensor)
      const { seed, ...call } = args
      const run = (fn: () => Tensor[]) => {
        if (seed !== undefined) manualSeed(seed)
        return fn().map(({ data }) => data.slice())
      }
      const expected = run(() => results(named(values.map((value) => value.clone())), encoded, call))
      const compiled = compile((...given: Tensor[]) => results(named(given), encoded, call))
      compiled(...values.map(reversed))
      for (const turn of ['first', 'second']) {
        const { result, operations } = profile(() => run(() => compiled(...values)))
        expect(result, `the ${turn} run`).to.deep.equal(expected)
        if (backend().name === 'typescript' || isComputedInTypescript(args, values)) continue
        // In one go, and so without JavaScript.
        expect(
          operations.map(({ name }) => name),
          `the ${turn} run`,
        ).to.deep.equal(['captured function'])
      }
    })
  }
})
