import { expect } from 'chai'
import { type FloatDType, manualSeed, nn, optim, randint, randn, type Tensor, tensor } from '../lib/index.js'
import { readGolden, ROUNDING } from './golden.js'

/** The losses that golden/record_tutorial.py recorded. */
const golden = readGolden('tutorial') as Record<FloatDType, number[]>

class LayerNormBlock extends nn.Module {
  layer_norm: nn.LayerNorm
  fc: nn.Linear
  relu: nn.ReLU

  constructor(embeddingSize: number) {
    super()
    this.layer_norm = new nn.LayerNorm(embeddingSize)
    this.fc = new nn.Linear(embeddingSize, embeddingSize)
    this.relu = new nn.ReLU()
  }

  forward(x: Tensor): Tensor {
    return this.relu.forward(this.fc.forward(this.layer_norm.forward(x)))
  }
}

/** The model of examples/layer-norm-tutorial.ts. */
class SimpleLayerNormModel extends nn.Module {
  layer1: LayerNormBlock
  layer2: LayerNormBlock
  layer3: LayerNormBlock
  fc_out: nn.Linear

  constructor(inputDim: number, hiddenDim: number, numClasses: number) {
    super()
    this.layer1 = new LayerNormBlock(inputDim)
    this.layer2 = new LayerNormBlock(hiddenDim)
    this.layer3 = new LayerNormBlock(hiddenDim)
    this.fc_out = new nn.Linear(hiddenDim, numClasses)
  }

  forward(x: Tensor): Tensor {
    return this.fc_out.forward(this.layer3.forward(this.layer2.forward(this.layer1.forward(x))))
  }
}

/** The same module with parameters of the given type. */
function converted<M extends nn.Module>(model: M, dtype: FloatDType): M {
  for (const [, module] of model.namedModules()) {
    for (const [name, value] of Object.entries(module)) {
      if (!(value instanceof nn.Parameter)) continue
      Object.assign(module, { [name]: new nn.Parameter(tensor(value.data, { shape: value.shape, dtype })) })
    }
  }
  return model
}

/** The losses of training on one batch, as many as were recorded. */
function train(dtype: FloatDType): number[] {
  manualSeed(42)
  const input = tensor(randn([32, 128]).data, { shape: [32, 128], dtype })
  const model = converted(new SimpleLayerNormModel(128, 128, 10), dtype)
  const targets = randint(0, 10, [32])
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 })
  const criterion = new nn.CrossEntropyLoss()
  return golden[dtype].map(() => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(input), targets)
    loss.backward()
    optimizer.step()
    return loss.item()
  })
}

/** How far each loss is from PyTorch's float64, in float32's roundings of it. */
function errorsOf(losses: number[]): number[] {
  return losses.map((loss, i) => Math.abs(loss / golden.float64[i] - 1) / ROUNDING)
}

describe("the tutorial's losses over a hundred steps, beside PyTorch's", () => {
  it("begin with the tutorial's own", () => {
    expect(train('float32')[0]).to.be.closeTo(2.318890333175659, 1e-6)
  })

  // Training multiplies errors, by luck more or less: what counts is how far PyTorch has been off so far, not whether it
  // happens to be near at this very step. A few roundings are due to the last operations of the first steps.
  it('are, in float32, at most three times as far from the exact ones as its own float32', () => {
    const ours = errorsOf(train('float32'))
    let largest = 8
    errorsOf(golden.float32).forEach((error, step) => {
      largest = Math.max(largest, error)
      expect(ours[step], `roundings after ${step} steps`).to.be.at.most(3 * largest)
    })
  })

  it('are the same in float64', () => {
    for (const [step, loss] of train('float64').entries()) {
      expect(loss / golden.float64[step], `after ${step} steps`).to.be.closeTo(1, 1e-12)
    }
  })
})
