import { expect } from 'chai'
import { cat, nn, ones, randn, tensor, zeros } from '../../lib/index.js'

const F = nn.functional
type Thrown = typeof TypeError | typeof RangeError

const x = ones([2, 3])
const integers = zeros([2], { dtype: 'int32' })
const tall = ones([2 ** 16, 1])

const rejected: [call: () => unknown, type: Thrown, message: string][] = [
  [() => x.add('1' as never), TypeError, 'add: expected other to be a tensor or a number, got "1"'],
  [() => integers.sub(tensor([true, false])), TypeError, 'sub: expected other to be other than a bool tensor'],
  [
    () => integers.add(2 ** 30).mul(2),
    RangeError,
    'mul: expected every result to be within the range of an int32, got number 2147483648',
  ],
  [() => x.eq('1' as never), TypeError, 'eq: expected other to be a tensor or a number, got "1"'],
  [() => x.lt(ones([2])), RangeError, 'lt: expected shapes that broadcast together, got [2,3] and [2]'],
  [() => x.gt(ones([3], { dtype: 'float64' })), TypeError, 'gt: expected other to be a float32 tensor'],
  [() => zeros([0]).max(), RangeError, 'max: expected the reduced dimension to be of one element at least'],
  [() => x.min(2), RangeError, 'min: expected dim of a tensor of shape [2,3] to be an integer from -2 to 1'],
  [() => x.max(0, { keepDim: true } as never), TypeError, 'max: unknown option keepDim'],
  [() => x.squeeze(2), RangeError, 'squeeze: expected dim of a tensor of shape [2,3] to be an integer from -2 to 1'],
  [() => x.squeeze([0, -2]), RangeError, 'squeeze: expected dim to be without repetition, got [0,-2]'],
  [
    () => x.unsqueeze(3),
    RangeError,
    'unsqueeze: expected dim of a tensor of shape [2,3] to be an integer from -3 to 2',
  ],
  [() => x.slice(2, 0, 1), RangeError, 'slice: expected dim of a tensor of shape [2,3]'],
  [() => x.slice(0, 0.5, 1), RangeError, 'slice: expected start to be an integer, got number 0.5'],
  [() => x.slice(0, 0, '1' as never), TypeError, 'slice: expected end to be a number, got "1"'],
  [() => tensor(1).slice(0, 0, 1), RangeError, 'slice: expected input to be of one dimension at least'],
  [() => cat(x as never), TypeError, 'cat: expected tensors to be an array of tensors'],
  [() => cat([]), RangeError, 'cat: expected tensors to be of one tensor at least'],
  [() => cat([x, 1 as never]), TypeError, 'cat: expected tensors[1] to be a tensor, got number 1'],
  [() => cat([x, tensor(1)]), RangeError, 'cat: expected tensors[1] to be of one dimension at least'],
  [() => cat([x, ones([2, 2])]), RangeError, 'cat: expected every tensor to be of shape [*,3] as [2,3] is'],
  [() => cat([x, x], { dim: 2 }), RangeError, 'cat: expected dim of a tensor of shape [2,3]'],
  [() => cat([x, x], { axis: 1 } as never), TypeError, 'cat: unknown option axis'],
  [() => x.add(ones([3], { dtype: 'float64' })), TypeError, 'add: expected other to be a float32 tensor'],
  [
    () => x.mul(ones([2])),
    RangeError,
    'mul: expected shapes that broadcast together, got [2,3] and [2], which differ at dimension 1',
  ],
  [
    () => x.sum({ keepdim: true } as never),
    TypeError,
    'sum: expected dim to be dimensions or null, before options, as in sum(0) or sum(null, { keepdim: true }), got an object',
  ],
  [
    () => x.std({ correction: 0 } as never),
    TypeError,
    'std: expected dim to be dimensions or null, before options, as in std(0) or std(null, { keepdim: true }), got an object',
  ],
  [
    () => x.argmax({ keepdim: true } as never),
    TypeError,
    'argmax: expected dim to be dimensions or null, before options, as in argmax(0) or argmax(null, { keepdim: true }), got an object',
  ],
  [
    () => x.sum(2),
    RangeError,
    'sum: expected dim of a tensor of shape [2,3] to be an integer from -2 to 1, got number 2',
  ],
  [() => x.sum([0, -2]), RangeError, 'sum: expected dim to be without repetition, got [0,-2]'],
  [
    () => x.sum(0, { keepDim: true } as never),
    TypeError,
    'sum: unknown option keepDim (known: keepdim); did you mean keepdim?',
  ],
  [() => x.var(0, { correction: '1' } as never), TypeError, 'var: expected correction to be a number, got "1"'],
  [() => x.gt(0).argmax(1), TypeError, 'argmax: expected input to be other than a bool tensor'],
  [() => zeros([0]).argmax(), RangeError, 'argmax: expected the reduced dimension to be of one element at least'],
  [
    () => x.reshape([4, -1]),
    RangeError,
    'reshape: expected shape to be of 6 elements, as a tensor of shape [2,3] has, got [4,-1]',
  ],
  [() => x.reshape([0, -1]), RangeError, 'of 6 elements, as a tensor of shape [2,3] has, got [0,-1]'],
  [() => zeros([0, 3]).reshape([]), RangeError, 'of 0 elements, as a tensor of shape [0,3] has, got []'],
  [
    () => zeros([0]).reshape([0, -1]),
    RangeError,
    'reshape: expected shape to be without -1 beside a length of 0, where it could be any length, got [0,-1]',
  ],
  [() => zeros([0, 3]).reshape([-1, 0, 3]), RangeError, 'reshape: expected shape to be without -1 beside'],
  [() => zeros([0]).reshape([0, -1, -1]), RangeError, 'reshape: expected shape to be of at most one -1'],
  [
    () => x.reshape([...new Array<number>(16).fill(1), -1]),
    RangeError,
    'reshape: expected shape to be of at most 16 dimensions',
  ],
  [
    () => ones(new Array<number>(16).fill(1)).unsqueeze(0),
    RangeError,
    'unsqueeze: expected the shape of the result to be of at most 16 dimensions, got an array of length 17',
  ],
  [() => x.transpose(0, 2), RangeError, 'transpose: expected dim'],
  [() => ones([1, 1, 1]).t(), RangeError, 't: expected input to be of at most two dimensions'],
  [
    () => F.linear(x, ones([4, 2])),
    RangeError,
    'linear: expected input to be of shape [...,2] for a weight of shape [4,2], got a float32 tensor of shape [2,3]',
  ],
  [
    () => F.linear(x, ones([1, 4, 3])),
    RangeError,
    'linear: expected weight to be of shape [outFeatures,inFeatures] or [inFeatures], got a float32 tensor of shape',
  ],
  [() => F.linear(x, ones([2])), RangeError, 'linear: expected input to be of shape [...,2] for a weight of shape [2]'],
  [() => F.linear(tensor(1), ones([3])), RangeError, 'linear: expected input to be of shape [...,3]'],
  [() => F.linear(x, ones([3]), ones([1])), RangeError, 'linear: expected bias to be of shape []'],
  [() => F.linear(x, ones([4, 3]), ones([3])), RangeError, 'linear: expected bias to be of shape [4]'],
  [
    () => F.layerNorm(randn([32, 128]), [64]),
    RangeError,
    'layerNorm: expected input.shape to end with normalizedShape [64], got [32,128]',
  ],
  [() => F.layerNorm(x, []), RangeError, 'layerNorm: expected normalizedShape to be of one dimension at least'],
  [
    () => F.layerNorm(x, 3, { weight: ones([2]) }),
    RangeError,
    'layerNorm: expected weight to be of normalizedShape [3]',
  ],
  [() => F.layerNorm(x, 3, { epsilon: 1 } as never), TypeError, 'unknown option epsilon'],
  [() => F.relu([1] as never), TypeError, 'relu: expected input to be a tensor, got [1]'],
  [() => x.pow('2' as never), TypeError, 'pow: expected other to be a tensor or a number, got "2"'],
  [
    () => integers.pow(-1),
    RangeError,
    'pow: expected the exponent of integers to be an integer from 0 to 2147483647, got number -1',
  ],
  [() => zeros([0], { dtype: 'bool' }).pow(-1), RangeError, 'pow: expected the exponent of integers to be an integer'],
  [() => integers.pow(2 ** 31), RangeError, 'pow: expected the exponent of integers to be an integer'],
  [
    () => tensor([true]).pow(tensor([true])),
    TypeError,
    'pow: expected one operand at least to be other than a bool tensor, got a bool tensor of shape [1]',
  ],
  [() => x.pow(ones([2])), RangeError, 'pow: expected shapes that broadcast together, got [2,3] and [2]'],
  ...(['abs', 'neg', 'relu'] as const).map((name): (typeof rejected)[number] => [
    () => tensor([true])[name](),
    TypeError,
    `${name}: expected input to be other than a bool tensor, got a bool tensor of shape [1]`,
  ]),
  ...(['abs', 'neg'] as const).map((name): (typeof rejected)[number] => [
    () => tensor(Int32Array.of(-(2 ** 31)))[name](),
    RangeError,
    `${name}: expected every result to be within the range of an int32, got number 2147483648`,
  ]),
  [
    () => integers.matmul(ones([2])),
    TypeError,
    'matmul: expected other to be of dtype int32, as input is, got a float32',
  ],
  [() => tensor([true]).matmul(tensor([true])), TypeError, 'matmul: expected input to be other than a bool tensor'],
  [
    () => tensor(Int32Array.of(2 ** 30, 1)).matmul(tensor(Int32Array.of(2, 0))),
    RangeError,
    'matmul: expected every result to be within the range of an int32, got number 2147483648',
  ],
  [
    // In float64 the 1 would be lost.
    () => tensor(Int32Array.of(2 ** 30, 1, 2 ** 30)).matmul(tensor(Int32Array.of(2 ** 30, 1, -(2 ** 30)))),
    RangeError,
    'matmul: expected every sum of magnitudes to be below 2 ** 53',
  ],
  [() => F.silu(integers), TypeError, 'silu: expected input to be a float32 tensor'],
  [() => F.gelu(integers), TypeError, 'gelu: expected input to be a float32 tensor'],
  [
    () => F.gelu(x, { approximate: 'erf' as never }),
    RangeError,
    "gelu: expected approximate to be one of 'none', 'tanh', got \"erf\"",
  ],
  [
    () => F.gelu(x, { aproximate: 'tanh' } as never),
    TypeError,
    'gelu: unknown option aproximate (known: approximate); did you mean approximate?',
  ],
  [() => x.mm(ones([3])), RangeError, 'mm: expected other to be of two dimensions, got a float32 tensor of shape [3]'],
  [
    () => x.mm(ones([2, 3])),
    RangeError,
    'mm: expected as many columns in input as there are rows in other, got shapes [2,3] and [2,3]',
  ],
  [() => x.matmul(integers), TypeError, 'matmul: expected other to be of dtype float32, as input is, got an int32'],
  [() => x.matmul(tensor(1)), RangeError, 'matmul: expected other to be of one dimension at least'],
  [
    () => x.matmul(ones([4])),
    RangeError,
    'matmul: expected as many columns in input as there are rows in other, got shapes [2,3] and [4]',
  ],
  [() => x.reshape([-1, -1]), RangeError, 'reshape: expected shape to be of at most one -1, got [-1,-1]'],
  [() => x.reshape([-2, -1]), RangeError, 'reshape: expected every length of shape to be an integer of at least 0'],
  [
    () => tall.matmul(tall.t()),
    RangeError,
    'matmul: expected the shape of the result to be of at most 2147483647 elements, got [65536,65536]',
  ],
  [() => F.linear(tall, tall), RangeError, 'linear: expected the shape of the result to be of at most 2147483647'],
  [
    () => F.scaledDotProductAttention(tall, tall, tall),
    RangeError,
    'scaledDotProductAttention: expected the shape of the result to be of at most 2147483647 elements',
  ],
  [
    () => F.scaledDotProductAttention(tall, ones([1, 1]), tall.t()),
    RangeError,
    'scaledDotProductAttention: expected the shape of the result to be of at most 2147483647 elements',
  ],
  [
    () => ones([2, 1, 1]).matmul(ones([3, 1, 1])),
    RangeError,
    'matmul: expected shapes that broadcast together, got [2] and [3]',
  ],
  [() => x.softmax(2), RangeError, 'softmax: expected dim of a tensor of shape [2,3] to be an integer from -2 to 1'],
  [() => integers.softmax(0), TypeError, 'softmax: expected input to be a float32 tensor'],
  [
    () => F.crossEntropy(x, tensor([0, 3], { dtype: 'int32' })),
    RangeError,
    'crossEntropy: expected target to be class indices from 0 to 2, got number 3',
  ],
  [
    () => F.crossEntropy(x, tensor([-1, 0], { dtype: 'int32' })),
    RangeError,
    'class indices from 0 to 2, got number -1',
  ],
  [
    () => F.crossEntropy(x, zeros([3], { dtype: 'int32' })),
    RangeError,
    'crossEntropy: expected target to be of shape [2] for an input of [2,3]',
  ],
  [
    () => F.crossEntropy(x, tensor([true, false])),
    TypeError,
    "crossEntropy: expected target to be class indices (an int32 tensor, as tensor([..], { dtype: 'int32' })) " +
      'or probabilities (float), got a bool tensor of shape [2]',
  ],
  [
    () => F.crossEntropy(x, ones([2])),
    RangeError,
    "crossEntropy: expected target to be class indices (an int32 tensor, as tensor([..], { dtype: 'int32' })) " +
      "or probabilities of the input's shape [2,3], got a float32 tensor of shape [2]",
  ],
  [
    () => F.crossEntropy(x, x, { ignoreIndex: 1 }),
    RangeError,
    'crossEntropy: expected ignoreIndex to be negative (unused) with class probabilities',
  ],
  [
    () => F.crossEntropy(x, integers, { reduction: 'avg' as never }),
    RangeError,
    "crossEntropy: expected reduction to be one of 'mean', 'sum', 'none', got \"avg\"",
  ],
  [
    () => F.crossEntropy(x, integers, { labelSmoothing: 1.5 }),
    RangeError,
    'crossEntropy: expected labelSmoothing to be from 0 to 1',
  ],
  [() => F.crossEntropy(x, integers, { label_smoothing: 0.1 } as never), TypeError, 'did you mean labelSmoothing?'],
  [() => F.crossEntropy(x, integers, { Smoothing: 0.1 } as never), TypeError, 'did you mean labelSmoothing?'],
  [() => F.gelu(x, { approx: 'tanh' } as never), TypeError, 'did you mean approximate?'],
  [
    () => F.crossEntropy(x, integers, { weight: ones([2]) }),
    RangeError,
    'crossEntropy: expected weight to be of shape [3]',
  ],
  [
    () => F.crossEntropy(tensor(1), integers),
    RangeError,
    'crossEntropy: expected input to be of shape [C], [N,C] or [N,C,d1,...]',
  ],
]

describe('operations reject', () => {
  for (const [call, type, message] of rejected) {
    it(message, () => {
      expect(call).to.throw(type, message)
    })
  }

  it('arrays that were transferred away, without touching their memory', () => {
    const taken = ones([4, 4])
    structuredClone(taken.data, { transfer: [taken.data.buffer as ArrayBuffer] })
    expect(() => F.relu(taken)).to.throw(RangeError)
    expect(() => F.layerNorm(taken, 4)).to.throw(RangeError)
    expect(() => F.linear(taken, ones([4, 4]))).to.throw(RangeError)
    expect(() => taken.add(ones([4, 4]))).to.throw(RangeError)
    expect(() => taken.sum()).to.throw(RangeError)
  })
})
