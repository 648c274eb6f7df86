import { nn, type Tensor } from '../../lib/index.js'
import { testCases } from '../golden.js'

interface Args {
  use: string[]
  training?: boolean
  momentum?: number
  eps?: number
  result?: string
}

describe('batchNorm, beside PyTorch', () => {
  testCases<Args>(
    'batch_norm',
    ({ input, ...others }, { use, result, ...options }) => {
      const chosen: Record<string, Tensor | undefined> = Object.fromEntries(use.map((name) => [name, others[name]]))
      const { weight, bias } = chosen
      const running = { runningMean: chosen.runningMean?.detach(), runningVar: chosen.runningVar?.detach() }
      const y = nn.functional.batchNorm(input, running.runningMean, running.runningVar, { weight, bias, ...options })
      return running[result as keyof typeof running] ?? y
    },
    { roundings: 1.0001 },
  )
})
