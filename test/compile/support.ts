import { nn, manualSeed, optim, randint, randn, type Tensor } from '../../lib/index.js'

/** A model with everything that changes from step to step, and a step of its training. */
export function training(): {
  step: (x: Tensor, t: Tensor) => Tensor
  model: nn.Module
  schedule: () => void
  losses: number[]
} {
  manualSeed(3)
  const model = new nn.Sequential(
    new nn.Linear(6, 16),
    new nn.BatchNorm1d(16),
    new nn.ReLU(),
    new nn.Dropout({ p: 0.25 }),
    new nn.LayerNorm(16),
    new nn.Linear(16, 4),
  )
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters(), { lr: 0.01 })]
  const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, 100)
  const step = (x: Tensor, t: Tensor) => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), t)
    loss.backward()
    nn.utils.clipGradNorm(model.parameters(), 0.5)
    optimizer.step()
    return loss
  }
  return { step, model, schedule: () => scheduler.step(), losses: [] }
}

/** Batches that differ, the same ones at each call. */
export function batches(count: number): [Tensor, Tensor][] {
  manualSeed(5)
  return Array.from({ length: count }, () => [randn([8, 6]), randint(0, 4, [8])])
}

export function state(model: nn.Module): number[] {
  return [...model.stateDict().values()].flatMap(({ data }) => Array.from(data))
}
