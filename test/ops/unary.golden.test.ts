import { testCases } from '../golden.js'

type Args =
  | { name: 'relu' | 'sqrt' | 't' | 'flatten' | 'clone' }
  | { name: 'reshape'; args: [number[]] }
  | { name: 'transpose'; args: [number, number] }

describe('operations on one tensor, beside PyTorch', () => {
  testCases<Args>(
    'unary',
    ({ input }, call) => {
      switch (call.name) {
        case 'reshape':
          return input.reshape(...call.args)
        case 'transpose':
          return input.transpose(...call.args)
        default:
          return input[call.name]()
      }
    },
    { exact: () => true },
  )
})
