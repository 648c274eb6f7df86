import { cat, type FloatTensor, full, manualSeed, nn, randint, type Tensor, tensor } from '../lib/index.js'
import { pow } from '../lib/ops/pow.js'
import { gradcheck, inputs } from './gradcheck.js'

const F = nn.functional

/** Positive inputs, away from where roots and quotients are not smooth. */
function positive(...shapes: number[][]): FloatTensor[] {
  const made = inputs(...shapes)
  for (const x of made) x.data.forEach((value, i) => (x.data[i] = Math.abs(value) + 0.5))
  return made
}

type Fn = (...tensors: FloatTensor[]) => Tensor

/** Every operation, in every shape of arguments that has a path of its own. */
const checks: [label: string, fn: Fn, make: () => FloatTensor[]][] = [
  ['add', (a, b) => a.add(b), () => inputs([2, 3], [2, 3])],
  ['add, broadcast', (a, b) => a.add(b), () => inputs([2, 1, 3], [4, 1])],
  ['add, itself', (a) => a.add(a), () => inputs([3])],
  ['sub, broadcast', (a, b) => a.sub(b), () => inputs([3], [2, 3])],
  ['sub, number', (a) => a.sub(2), () => inputs([3])],
  ['mul, broadcast', (a, b) => a.mul(b), () => inputs([2, 3], [])],
  ['mul, itself', (a) => a.mul(a).mul(a), () => inputs([3])],
  ['div, broadcast', (a, b) => a.div(b), () => positive([2, 3], [3])],
  ['sqrt', (a) => a.sqrt(), () => positive([5])],
  ['pow, number', (a) => a.pow(-1.5), () => positive([5])],
  ['pow, square', (a) => a.pow(2), () => inputs([5])],
  ['pow, cube', (a) => a.pow(3), () => inputs([5])],
  ['pow, broadcast', (a, b) => a.pow(b), () => positive([2, 3], [2, 1])],
  ['pow, integers', (a) => a.pow(tensor(Int32Array.of(3, -1))), () => positive([3, 2])],
  ['pow, of integers', (a) => tensor(Int32Array.of(3, 2)).pow(a), () => inputs([3, 2])],
  ['pow, of a number', (a) => pow(1.5, a), () => inputs([4])],
  ['neg', (a) => a.neg(), () => inputs([3])],
  ['exp', (a) => a.exp(), () => inputs([5])],
  ['log', (a) => a.log(), () => positive([5])],
  ['abs', (a) => a.abs(), () => inputs([5])],
  ['sigmoid', (a) => a.sigmoid(), () => inputs([5])],
  ['tanh', (a) => a.tanh(), () => inputs([5])],
  ['silu', (a) => F.silu(a), () => inputs([5])],
  ['gelu', (a) => F.gelu(a), () => inputs([5])],
  ['gelu, tanh', (a) => F.gelu(a, { approximate: 'tanh' }), () => inputs([5])],
  ['softmax', (a) => a.softmax(-1), () => inputs([3, 4])],
  ['softmax, first dim', (a) => F.softmax(a, 0), () => inputs([3, 2, 2])],
  ['mm', (a, b) => a.mm(b), () => inputs([2, 3], [3, 4])],
  ['matmul, vectors', (a, b) => a.matmul(b), () => inputs([3], [3])],
  ['matmul, a vector on the left', (a, b) => a.matmul(b), () => inputs([3], [2, 3, 4])],
  ['matmul, a vector on the right', (a, b) => a.matmul(b), () => inputs([2, 4, 3], [3])],
  ['matmul, a matrix on the right', (a, b) => a.matmul(b), () => inputs([2, 2, 4, 3], [3, 2])],
  ['matmul, batches', (a, b) => a.matmul(b), () => inputs([2, 1, 2, 3], [3, 3, 2])],
  ['matmul, itself', (a) => a.matmul(a), () => inputs([2, 2, 2])],
  ['max', (a) => a.max(), () => inputs([2, 3])],
  ['max, dim', (a) => a.max(1).values, () => inputs([2, 3, 2])],
  ['min', (a) => a.min(), () => inputs([2, 3])],
  ['min, keepdim', (a) => a.min(-1, { keepdim: true }).values, () => inputs([2, 3])],
  ['squeeze', (a) => a.squeeze(), () => inputs([2, 1, 3])],
  ['unsqueeze', (a) => a.unsqueeze(1), () => inputs([2, 3])],
  ['slice', (a) => a.slice(1, 1, -1), () => inputs([2, 4, 2])],
  ['slice, long', (a) => a.slice(1, 1, 50), () => inputs([2, 51])],
  ['cat', (a, b) => cat([a, b, a], { dim: 1 }), () => inputs([2, 3], [2, 1])],
  ['mul, by a bool', (a) => a.mul(a.gt(0)), () => inputs([5])],
  ['relu', (a) => a.relu(), () => inputs([4, 5])],
  ['sum', (a) => a.sum(), () => inputs([2, 3])],
  ['sum, dims', (a) => a.sum([0, 2]), () => inputs([2, 3, 4])],
  ['sum, keepdim', (a) => a.sum(-1, { keepdim: true }), () => inputs([2, 3])],
  ['mean, dim', (a) => a.mean(1), () => inputs([2, 3, 2])],
  ['var', (a) => a.var(), () => inputs([7])],
  ['var, dims', (a) => a.var([0, 2], { correction: 0 }), () => inputs([3, 2, 3])],
  ['std', (a) => a.std(0), () => inputs([5, 2])],
  ['reshape', (a) => a.reshape([3, -1]).mul(a.reshape([3, 2])), () => inputs([2, 3])],
  ['flatten', (a) => a.flatten(), () => inputs([2, 3])],
  ['transpose', (a) => a.transpose(0, 2), () => inputs([2, 3, 4])],
  ['t', (a) => a.t(), () => inputs([2, 3])],
  ['clone', (a) => a.clone(), () => inputs([2])],
  ['logSoftmax', (a) => a.logSoftmax(1), () => inputs([3, 4])],
  ['logSoftmax, first dim', (a) => a.logSoftmax(0), () => inputs([3, 4])],
  ['embedding', (w) => F.embedding(tensor([[3, 0, 3]], { dtype: 'int32' }), w), () => inputs([4, 3])],
  ['linear', (x, w, b) => F.linear(x, w, b), () => inputs([2, 3], [4, 3], [4])],
  ['linear, no bias', (x, w) => F.linear(x, w), () => inputs([3], [4, 3])],
  ['linear, three dims', (x, w, b) => F.linear(x, w, b), () => inputs([2, 2, 3], [4, 3], [4])],
  ['layerNorm', (x) => F.layerNorm(x, [5]), () => inputs([3, 5])],
  ['layerNorm, weight', (x, weight) => F.layerNorm(x, 5, { weight }), () => inputs([3, 5], [5])],
  [
    'layerNorm, two dims, affine',
    (x, weight, bias) => F.layerNorm(x, [2, 3], { weight, bias, eps: 0.1 }),
    () => inputs([4, 2, 3], [2, 3], [2, 3]),
  ],
  ['rmsNorm', (x) => F.rmsNorm(x, [5]), () => inputs([3, 5])],
  [
    'rmsNorm, two dims, weight',
    (x, weight) => F.rmsNorm(x, [2, 3], { weight, eps: 0.1 }),
    () => inputs([4, 2, 3], [2, 3]),
  ],
  ['batchNorm, training', (x) => F.batchNorm(x, null, null, { training: true }), () => inputs([4, 3])],
  [
    'batchNorm, training, affine',
    (x, weight, bias) => F.batchNorm(x, null, null, { weight, bias, training: true, eps: 0.1 }),
    () => inputs([3, 2, 5], [2], [2]),
  ],
  [
    'batchNorm, running statistics, affine',
    (x, weight, bias) => {
      const [mean, variance] = [0.5, 2].map((value) => full([2], value, { dtype: 'float64' }))
      return F.batchNorm(x, mean, variance, { weight, bias })
    },
    () => inputs([3, 2, 2, 2], [2], [2]),
  ],
  ['groupNorm', (x) => F.groupNorm(x, 2), () => inputs([2, 4])],
  [
    'groupNorm, affine',
    (x, weight, bias) => F.groupNorm(x, 2, { weight, bias, eps: 0.1 }),
    () => inputs([3, 4, 2, 2], [4], [4]),
  ],
]

const attend = F.scaledDotProductAttention
const causal = tensor([true, false, false, true, true, false], { dtype: 'bool', shape: [2, 3] })
checks.push(
  ['attention', (q, k, v) => attend(q, k, v), () => inputs([2, 2, 3], [2, 4, 3], [2, 4, 2])],
  ['attention, causal', (q, k, v) => attend(q, k, v, { isCausal: true }), () => inputs([3, 2], [4, 2], [4, 2])],
  [
    'attention, bool mask, scale',
    (q, k, v) => attend(q, k, v, { attnMask: causal, scale: 0.3 }),
    () => inputs([2, 2, 3], [3, 3], [3, 2]),
  ],
  [
    'attention, float mask',
    (q, k, v, attnMask) => attend(q, k, v, { attnMask }),
    () => inputs([2, 2, 3], [2, 3, 3], [1, 3, 2], [2, 1, 3]),
  ],
  [
    'attention, grouped heads',
    (q, k, v) => attend(q, k, v, { enableGqa: true, isCausal: true }),
    () => inputs([2, 4, 2, 3], [2, 2, 3, 3], [1, 1, 3, 2]),
  ],
)

checks.push(
  ['mseLoss', (a, b) => F.mseLoss(a, b), () => inputs([2, 3], [2, 3])],
  ['mseLoss, broadcast, sum', (a, b) => F.mseLoss(a, b, { reduction: 'sum' }), () => inputs([2, 3], [3])],
  ['mseLoss, none', (a, b) => F.mseLoss(a, b, { reduction: 'none' }), () => inputs([3, 1], [2])],
  ['mseLoss of itself', (a) => F.mseLoss(a, a.mul(2)), () => inputs([3])],
  ...(['mean', 'sum', 'none'] as const).flatMap((reduction): typeof checks => [
    [
      `binaryCrossEntropyWithLogits, ${reduction}`,
      (x, t) => F.binaryCrossEntropyWithLogits(x, t, { reduction }),
      () => inputs([2, 3], [2, 3]),
    ],
    [
      `binaryCrossEntropyWithLogits, weighted, ${reduction}`,
      (x, t) => {
        const options = {
          weight: full([2, 1], 0.7, { dtype: 'float64' }),
          posWeight: full([3], 2.5, { dtype: 'float64' }),
          reduction,
        }
        return F.binaryCrossEntropyWithLogits(x, t, options)
      },
      () => inputs([2, 3], [2, 3]),
    ],
  ]),
)

manualSeed(7)
const weight = tensor([0.5, 2, 1, 0.7], { dtype: 'float64' })
const shapes: [input: number[], target: number[]][] = [
  [[4], []],
  [[5, 4], [5]],
  [
    [2, 4, 3],
    [2, 3],
  ],
  [
    [2, 4, 2, 2],
    [2, 2, 2],
  ],
]

for (const [input, target] of shapes) {
  for (const reduction of ['mean', 'sum', 'none'] as const) {
    const options = { weight, reduction, ignoreIndex: 1, labelSmoothing: 0.2 }
    const label = `crossEntropy of [${input.join(',')}], ${reduction}`
    const labels = randint(2, 4, target)
    if (labels.size > 1) labels.data[0] = options.ignoreIndex
    const nll = { weight, reduction, ignoreIndex: 1 }
    checks.push([
      `nllLoss of [${input.join(',')}], ${reduction}`,
      (x) => F.nllLoss(x, labels, nll),
      () => inputs(input),
    ])
    checks.push([`${label}, indices`, (x) => F.crossEntropy(x, labels, options), () => inputs(input)])
    checks.push([
      `${label}, probabilities`,
      (x, p) => F.crossEntropy(x, p, { ...options, ignoreIndex: -100 }),
      () => inputs(input, input),
    ])
  }
}

describe('gradients against differences, in float64', () => {
  for (const [label, fn, make] of checks) {
    it(label, () => {
      gradcheck(fn, make())
    })
  }
})
