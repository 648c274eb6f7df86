import { pow } from '../../lib/ops/pow.js'
import { testCases } from '../golden.js'

interface Args {
  number?: number
  reversed?: boolean
}

describe('pow, beside PyTorch', () => {
  testCases<Args>('pow', ({ a, b }, { number, reversed }) => (reversed ? pow(number ?? b, a) : pow(a, number ?? b)))
})
