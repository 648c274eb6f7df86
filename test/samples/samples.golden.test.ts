import { expect } from 'chai'
import type { optim } from '../../lib/index.js'
import { decode, testGroups } from '../golden.js'
import { type Golden, optimizerCases } from '../optim/golden.js'
import { adam, sgd } from '../optim/kinds.js'
import { type Call, callOf } from './call.js'
import { readSamples } from './recorded.js'

/** Recorded by golden/record_samples.py, in this repository or in the folder that EVENKEEL_SAMPLES names. */
const golden = readSamples(process.env.EVENKEEL_SAMPLES)

/** The operations that are as accurate as PyTorch's float32, or rounded once. Names end alike, but for capitals. */
const ACCURATE = /\.(LayerNorm|RMSNorm|BatchNorm(1d)?|(log)?Softmax|CrossEntropy(Loss)?|NLLLoss)$/i

describe("PyTorch's own samples:", () => {
  const isAccurate = ({ cases }: (typeof golden.groups)[number]) => cases.every(({ args }) => ACCURATE.test(args.name))
  testGroups(golden.groups.filter(isAccurate), callOf, { roundings: 1.0001, cancelled: 4 })
  // The others are of a few numbers, which round well or badly by luck, on each processor anew: PyTorch's error alone would be a
  // bound of chance. The other golden files, of more numbers, have closer ones.
  testGroups(
    golden.groups.filter((group) => !isAccurate(group)),
    callOf,
    { factor: 3, roundings: 8, cancelled: 4 },
  )
})

describe("PyTorch's own samples of optimizers:", () => {
  const { Adam, AdamW, SGD } = golden.optimizers
  for (const recorded of [Adam, AdamW]) optimizerCases(recorded as Golden<Partial<optim.AdamOptions>>, adam)
  optimizerCases(SGD as Golden<Partial<optim.SGDOptions>>, sgd)
})

describe('what PyTorch rejects among its own samples is rejected:', () => {
  for (const { name, inputs, args } of golden.rejected) {
    it(`${name} ${JSON.stringify(args)}`, () => {
      const decoded = Object.entries(inputs).map(([key, encoded]) => [key, decode(encoded)] as const)
      const error = errorOf(() => callOf(Object.fromEntries(decoded), args))
      expect(error instanceof TypeError || error instanceof RangeError, String(error)).to.equal(true)
      expect(isNamed(String(error), args), String(error)).to.equal(true)
      if (isRepeated(args)) expect(String(error)).to.include('to be a tensor that has not come before')
    })
  }
})

function errorOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return 'no error'
}

/** Whether an optimizer is given a tensor twice: it is for this that the call is to be rejected. */
function isRepeated({ name, args }: Call): boolean {
  const tensors = JSON.stringify(args).match(/"\$\w+"/g) ?? []
  return name.startsWith('optim.') && new Set(tensors).size < tensors.length
}

/** Whether a message begins with what was called: a module may also be named by its function, such as crossEntropy. */
function isNamed(error: string, { name }: Call): boolean {
  const called = (name.split('.').at(-1) ?? name).toLowerCase()
  const named = /^\w+: (\w+): /.exec(error)?.[1].toLowerCase()
  return named !== undefined && (name.startsWith('nn.') ? called.startsWith(named) : called === named)
}
