import { expect } from 'chai'
import { cat, type FloatTensor, nn, ones, tensor, zeros } from '../lib/index.js'
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

const F = nn.functional
const [weight, bias] = [() => ones([1, 2], { requiresGrad: true }), () => zeros([1], { requiresGrad: true })]
const images = () => ones([1, 2, 3], { requiresGrad: true })
const label = tensor([1], { dtype: 'int32' })
const probabilities = tensor([[0.25, 0.75]])

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
  softmax: (x) => x.softmax(0),
  'pow, tensor': (x) => x.pow(x),
  std: (x) => x.std(),
  max: (x) => x.max(),
  min: (x) => x.min(),
  'max of columns': (_, y) => y.max(0).values,
  'min of columns': (_, y) => y.min(0).values,
  'sum of columns': (_, y) => y.sum(0),
  'sum of all': (_, y) => y.sum([0, 1]),
  'mean of columns': (_, y) => y.mean(0),
  'var of columns': (_, y) => y.var(0),
  reshape: (_, y) => y.reshape([2]),
  flatten: (_, y) => y.flatten(),
  squeeze: (_, y) => y.squeeze(),
  'squeeze of columns': (_, y) => y.squeeze(1),
  unsqueeze: (_, y) => y.unsqueeze(0),
  slice: (x) => x.slice(0, 1, 2),
  cat: (x) => cat([x, x]),
  t: (_, y) => y.t(),
  mm: (_, y) => y.matmul(y.t()),
  mv: (x, y) => y.t().matmul(x),
  dot: (x) => x.matmul(x),
  'vector times matrix': (x, y) => x.matmul(y),
  batches: (_, y) => y.unsqueeze(0).matmul(y.t()),
  'batches times vector': (x, y) => y.t().unsqueeze(0).matmul(x),
  gelu: (x) => F.gelu(x),
  silu: (x) => F.silu(x),
  tanh: (x) => x.tanh(),
  sigmoid: (x) => x.sigmoid(),
  exp: (x) => x.exp(),
  log: (x) => x.log(),
  abs: (x) => x.abs(),
  layerNorm: (x) => F.layerNorm(x, [2]),
  rmsNorm: (x) => F.rmsNorm(x, [2], { eps: 1 }),
  groupNorm: () => F.groupNorm(images(), 2),
  batchNorm: (_, y) => F.batchNorm(y, null, null, { training: true }),
  linear: (_, y) => F.linear(y.reshape([1, 2]), weight(), bias()),
  'linear without bias': (_, y) => F.linear(y.reshape([1, 2]), weight()),
  'linear of a vector': (x) => F.linear(x, weight(), bias()),
  'linear of a vector, without bias': (x) => F.linear(x, weight()),
  'linear of batches': (_, y) => F.linear(y.reshape([1, 1, 2]), weight(), bias()),
  'linear of batches, without bias': (_, y) => F.linear(y.reshape([1, 1, 2]), weight()),
  crossEntropy: (_, y) => F.crossEntropy(y.reshape([1, 2]), label),
  'crossEntropy of each': (_, y) => F.crossEntropy(y.reshape([1, 2]), label, { reduction: 'none' }),
  'crossEntropy of positions': () => F.crossEntropy(images(), zeros([1, 3], { dtype: 'int32' })),
  'crossEntropy of each position': () =>
    F.crossEntropy(images(), zeros([1, 3], { dtype: 'int32' }), { reduction: 'none' }),
  'crossEntropy, smoothed': (_, y) => F.crossEntropy(y.reshape([1, 2]), label, { labelSmoothing: 0.5 }),
  'crossEntropy of probabilities': (_, y) => F.crossEntropy(y.reshape([1, 2]), probabilities),
  'crossEntropy of probabilities, sum': (_, y) =>
    F.crossEntropy(y.reshape([1, 2]), probabilities, { reduction: 'sum' }),
  'crossEntropy of no probabilities': (_, y) =>
    F.crossEntropy(y.reshape([1, 2]).slice(0, 0, 0), probabilities.slice(0, 0, 0)),
  nllLoss: (_, y) => F.nllLoss(y.reshape([1, 2]), label),
  'nllLoss of positions': () => F.nllLoss(images(), zeros([1, 3], { dtype: 'int32' })),
  'nllLoss of each position': () => F.nllLoss(images(), zeros([1, 3], { dtype: 'int32' }), { reduction: 'none' }),
  'nllLoss of each pixel': () =>
    F.nllLoss(images().unsqueeze(3), zeros([1, 3, 1], { dtype: 'int32' }), { reduction: 'none' }),
  mseLoss: (x) => F.mseLoss(x, zeros([2])),
  embedding: (_, y) => F.embedding(label, y),
  binaryCrossEntropyWithLogits: (x) => F.binaryCrossEntropyWithLogits(x, zeros([2])),
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
