import { add, div, mul, sub } from '../../lib/ops/arithmetic.js'
import type { Operand } from '../../lib/ops/binary.js'
import { testCases } from '../golden.js'

interface Args {
  name: 'add' | 'sub' | 'mul' | 'div'
  number?: number
  reversed?: boolean
  detached?: boolean
}

const operations = { add, sub, mul, div }

describe('arithmetic, beside PyTorch', () => {
  testCases<Args>(
    'arithmetic',
    ({ a, b }, { name, number, reversed, detached }) => {
      const operands: Operand[] = detached ? [a.detach(), b.detach()] : [a, number ?? b]
      const [first, second] = reversed ? operands.toReversed() : operands
      return operations[name](first, second)
    },
    // 0.1 is not the same number in float32. The gradient of a divisor takes three operations, then a sum.
    { exact: ({ number }) => number !== 0.1, roundings: 8 },
  )
})
