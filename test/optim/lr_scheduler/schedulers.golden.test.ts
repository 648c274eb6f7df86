import { expect } from 'chai'
import { optim, zeros } from '../../../lib/index.js'
import { readGolden } from '../../golden.js'

const { lrScheduler } = optim

type Name =
  'StepLR' | 'ExponentialLR' | 'CosineAnnealingLR' | 'LinearLR' | 'LambdaLR' | 'ReduceLROnPlateau' | 'OneCycleLR'
type Scheduled = optim.Optimizer<optim.lrScheduler.ScheduledOptions>

interface Case {
  /** The optimizer. */
  case: 'SGD' | 'Adam'
  groups: { lr: number; initialLr?: number }[]
  schedulers: [name: Name, args: unknown[], options: object][]
  metrics: number[] | null
  /** What each group has at first and after every step. */
  rates: number[][]
  momenta: number[][]
  lastEpoch: number
}

/** Recorded by golden/record_schedulers.py, which has the same functions. */
const { cases } = readGolden('schedulers') as { cases: Case[] }
const lambdas: Record<string, (epoch: number) => number> = {
  halving: (epoch) => 0.5 ** epoch,
  rising: (epoch) => 1 + epoch / 4,
}

interface Scheduler {
  step: (metric?: number) => void
  getLastLr(): number[]
  stateDict(): object
  loadStateDict(dict: object): void
  lastEpoch: number
}

function optimizerFor({ case: name, groups }: Case): Scheduled {
  const own = groups.map(({ lr }) => ({ params: [zeros([1])], lr }))
  const optimizer = name === 'Adam' ? new optim.Adam(own) : new optim.SGD(own)
  groups.forEach(({ initialLr }, i) => {
    if (initialLr !== undefined) optimizer.paramGroups[i].initialLr = initialLr
  })
  return optimizer
}

function schedulersFor({ schedulers }: Case, optimizer: Scheduled): Scheduler[] {
  return schedulers.map(([name, args, options]) => {
    const given = name === 'LambdaLR' ? [withFunctions(args[0] as string | string[])] : args
    const Scheduler = lrScheduler[name] as unknown as new (...all: unknown[]) => Scheduler
    return new Scheduler(optimizer, ...given, options)
  })
}

function withFunctions(names: string | string[]): unknown {
  return Array.isArray(names) ? names.map((name) => lambdas[name]) : lambdas[names]
}

function expectRecorded(optimizer: Scheduled, { rates, momenta }: Case, step: number): void {
  const groups = optimizer.paramGroups
  expectClose(
    groups.map(({ lr }) => lr),
    rates[step],
    `rates after ${step} steps`,
  )
  expectClose(
    groups.map(({ betas, momentum }) => betas?.[0] ?? momentum ?? NaN),
    momenta[step],
    `momenta after ${step} steps`,
  )
}

/**
 * Ours are PyTorch's but for the last digits of a cosine. Below 0, where PyTorch's rounding leads and a line that goes on
 * past its end, they stop at 0: optimizers take no negative rates.
 */
function expectClose(actual: number[], expected: number[], what: string): void {
  expect(actual.length).to.equal(expected.length)
  const wanted = expected.map((value) => Math.max(value, 0))
  const far = actual.some((value, i) => !(Math.abs(value - wanted[i]) <= 1e-12 * wanted[i]))
  if (far) expect(actual, what).to.deep.equal(wanted)
}

describe('learning rate schedulers, beside PyTorch', () => {
  for (const recorded of cases) {
    const { schedulers, rates, metrics, lastEpoch } = recorded
    const advance = (all: Scheduler[], step: number) => {
      for (const scheduler of all) scheduler.step(...(metrics ? [metrics[step]] : []))
    }

    it(`${recorded.case} ${JSON.stringify(schedulers)}`, () => {
      const optimizer = optimizerFor(recorded)
      const all = schedulersFor(recorded, optimizer)
      for (let step = 0; step < rates.length; step++) {
        if (step > 0) advance(all, step - 1)
        expectRecorded(optimizer, recorded, step)
      }
      expect(all.at(-1)?.getLastLr()).to.deep.equal(optimizer.paramGroups.map(({ lr }) => lr))
      expect(all[0].lastEpoch).to.equal(lastEpoch)
    })

    it(`${recorded.case} ${JSON.stringify(schedulers)}, saved and loaded at every step`, () => {
      let optimizer = optimizerFor(recorded)
      let all = schedulersFor(recorded, optimizer)
      for (let step = 1; step < rates.length; step++) {
        advance(all, step - 1)
        const saved = {
          optimizer: optimizer.stateDict(),
          schedulers: all.map((each) => JSON.stringify(each.stateDict())),
        }
        optimizer = optimizerFor(recorded)
        all = schedulersFor(recorded, optimizer)
        optimizer.loadStateDict(saved.optimizer)
        all.forEach((each, i) => each.loadStateDict(JSON.parse(saved.schedulers[i]) as object))
        expectRecorded(optimizer, recorded, step)
      }
    })
  }
})
