import { cat, type Dims } from '../../lib/index.js'
import { testCases } from '../golden.js'

type Args =
  | { name: 'cat'; of: string[]; options: { dim: number } }
  | { name: 'slice'; args: [number, number, number] }
  | { name: 'squeeze' | 'sum'; args?: [Dims] }
  | { name: 'unsqueeze'; args: [number] }

describe('parts of tensors, beside PyTorch', () => {
  testCases<Args>(
    'parts',
    (inputs, call) => {
      switch (call.name) {
        case 'cat':
          return cat(
            call.of.map((name) => inputs[name]),
            call.options,
          )
        case 'slice':
          return inputs.a.slice(...call.args)
        case 'unsqueeze':
          return inputs.a.unsqueeze(...call.args)
        default:
          return inputs.a[call.name](...(call.args ?? []))
      }
    },
    { exact: () => true },
  )
})
