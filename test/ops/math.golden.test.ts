import { nn, type Tensor } from '../../lib/index.js'
import { testCases } from '../golden.js'

const { gelu, silu } = nn.functional

type Args = { detached?: boolean } & (
  | { name: 'neg' | 'exp' | 'log' | 'abs' | 'sigmoid' | 'tanh' | 'silu' }
  | { name: 'gelu'; options?: nn.functional.GeluOptions }
  | { name: 'softmax'; args: [number] }
)

function call(input: Tensor, args: Args): Tensor {
  switch (args.name) {
    case 'silu':
      return silu(input)
    case 'gelu':
      return gelu(input, args.options)
    case 'softmax':
      return input.softmax(...args.args)
    default:
      return input[args.name]()
  }
}

describe('functions of one tensor, beside PyTorch', () => {
  testCases<Args>('math', ({ input }, args) => call(args.detached ? input.detach() : input, args), {
    exact: ({ name }) => name === 'neg' || name === 'abs',
  })
})
