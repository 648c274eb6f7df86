import { expect } from 'chai'
import {
  accuracy,
  type Averages,
  DataLoader,
  fit,
  type FloatDType,
  manualSeed,
  nn,
  optim,
  randint,
  randn,
  tensor,
  TensorDataset,
} from '../../lib/index.js'
import { readGolden, ROUNDING } from '../golden.js'

/** What is known of an epoch. */
type Epoch = Averages & { readonly validation?: Averages }

/** The epochs that golden/record_fit.py recorded. */
const golden = readGolden('fit') as Record<FloatDType, Epoch[]>

function samples(n: number, dtype: FloatDType): TensorDataset {
  return new TensorDataset(tensor(randn([n, 8]).data, { shape: [n, 8], dtype }), randint(0, 3, [n]))
}

function linear(from: number, to: number, dtype: FloatDType): nn.Linear {
  const layer = new nn.Linear(from, to)
  const { weight, bias } = layer
  layer.weight = new nn.Parameter(tensor(weight.data, { shape: weight.shape, dtype }))
  if (bias) layer.bias = new nn.Parameter(tensor(bias.data, { shape: bias.shape, dtype }))
  return layer
}

async function history(dtype: FloatDType): Promise<Epoch[]> {
  manualSeed(42)
  const data = new DataLoader(samples(50, dtype), { batchSize: 8, shuffle: true })
  const validation = new DataLoader(samples(20, dtype), { batchSize: 8 })
  const layers = [linear(8, 16, dtype), new nn.ReLU(), new nn.Dropout({ p: 0.25 }), linear(16, 3, dtype)]
  const model = new nn.Sequential(...layers)
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 })
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.5 })
  const loss = new nn.CrossEntropyLoss()
  return fit(model, {
    data,
    validation,
    loss,
    optimizer,
    scheduler,
    metrics: { accuracy },
    epochs: golden[dtype].length,
  })
}

/** Loss and accuracy of training and validation. */
const numbersOf = ({ loss, metrics, validation }: Epoch) => [
  loss,
  metrics.accuracy,
  validation?.loss ?? NaN,
  validation?.metrics.accuracy ?? NaN,
]

/** How far the numbers of each epoch are from PyTorch's float64 at most, in float32's roundings of them. */
const errorsOf = (epochs: readonly Epoch[]) =>
  epochs.map((epoch, i) => {
    const exact = numbersOf(golden.float64[i])
    return Math.max(...numbersOf(epoch).map((value, j) => Math.abs(value / exact[j] - 1) / ROUNDING))
  })

describe("fit's epochs, beside PyTorch's loop over its DataLoader", () => {
  // As for the losses of the tutorial: what counts is how far PyTorch has been off so far.
  it('are, in float32, at most three times as far from the exact ones as its own float32', async () => {
    const ours = errorsOf(await history('float32'))
    let largest = 8
    errorsOf(golden.float32).forEach((error, epoch) => {
      largest = Math.max(largest, error)
      expect(ours[epoch], `roundings after ${epoch} epochs`).to.be.at.most(3 * largest)
    })
  })

  it('are the same in float64', async () => {
    for (const [i, epoch] of (await history('float64')).entries()) {
      const expected = numbersOf(golden.float64[i])
      numbersOf(epoch).forEach((value, j) => expect(value / expected[j], `epoch ${i + 1}`).to.be.closeTo(1, 1e-12))
    }
  })
})
