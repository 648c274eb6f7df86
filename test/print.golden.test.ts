import { expect } from 'chai'
import { type FloatTensor, nn, tensor } from '../lib/index.js'
import { decode, type Encoded, readGolden } from './golden.js'

interface Printed extends Encoded {
  requiresGrad?: boolean
  parameter?: boolean
  text: string
}

/** Recorded by golden/record_print.py. */
const golden = readGolden('print') as { tensors: Record<string, Printed[]>; results: Record<string, string> }

function print(printed: Printed): string {
  const value = decode(printed)
  if (printed.parameter) return String(new nn.Parameter(value as FloatTensor))
  if (printed.requiresGrad) value.requiresGrad = true
  return String(value)
}

/** Results of operations on two tensors that require gradients. */
const results: Record<string, (x: FloatTensor, y: FloatTensor) => FloatTensor> = {
  add: (x, y) => x.add(y),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  div: (x, y) => x.div(y),
  sqrt: (x) => x.sqrt(),
  relu: (x) => x.relu(),
  clone: (x) => x.clone(),
  neg: (x) => x.neg(),
  'pow, square': (x) => x.pow(2),
  'pow, cube': (x) => x.pow(3),
  sum: (x) => x.sum(),
  mean: (x) => x.mean(),
  var: (x) => x.var(),
  transpose: (_, y) => y.transpose(0, 1),
  logSoftmax: (x) => x.logSoftmax(0),
}

describe('toString of a tensor prints what PyTorch prints:', () => {
  for (const [title, tensors] of Object.entries(golden.tensors)) {
    describe(title, () => {
      for (const printed of tensors) {
        it(printed.text.replaceAll(/\s+/g, ' ').slice(0, 100), () => {
          expect(print(printed)).to.equal(printed.text)
        })
      }
    })
  }

  describe('results of operations', () => {
    for (const [name, text] of Object.entries(golden.results)) {
      it(name, () => {
        const x = tensor([1, 4], { dtype: 'float32', requiresGrad: true })
        const y = tensor([[2], [8]], { dtype: 'float32', requiresGrad: true })
        expect(String(results[name](x, y))).to.equal(text)
      })
    }
  })
})
