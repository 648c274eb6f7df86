// The tutorial on layer normalisation, line for line: blocks of LayerNorm -> Linear -> ReLU, one training step with
// Adam, and the same numbers that PyTorch prints for seed 42.
import { manualSeed, nn, optim, randint, randn, type Tensor } from 'evenkeel'

manualSeed(42)

// A layer with normalisation.
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
    let out: Tensor = this.layer_norm.forward(x)
    out = this.fc.forward(out)
    out = this.relu.forward(out)
    return out
  }
}

// A simple model of such layers.
class SimpleLayerNormModel extends nn.Module {
  layer1: LayerNormBlock
  layer2: LayerNormBlock
  layer3: LayerNormBlock
  fc_out: nn.Linear

  constructor(inputDim: number, hiddenDim: number, numClasses = 10) {
    super()
    this.layer1 = new LayerNormBlock(inputDim)
    this.layer2 = new LayerNormBlock(hiddenDim)
    this.layer3 = new LayerNormBlock(hiddenDim)
    this.fc_out = new nn.Linear(hiddenDim, numClasses)
  }

  forward(x: Tensor): Tensor {
    let out = this.layer1.forward(x)
    out = this.layer2.forward(out)
    out = this.layer3.forward(out)
    return this.fc_out.forward(out)
  }
}

// Simulated input: a batch of 32 samples of 128 features.
const inputData = randn([32, 128])

const model = new SimpleLayerNormModel(128, 128, 10)

// Forward.
const output = model.forward(inputData)
console.log(output.shape) // (32, 10)

// Loss and optimizer.
const criterion = new nn.CrossEntropyLoss()
const optimizer = new optim.Adam(model.parameters(), { lr: 0.001 })

// One training step towards random classes.
const targets = randint(0, 10, [32])
optimizer.zeroGrad()
const loss = criterion.forward(output, targets)
loss.backward()
optimizer.step()
console.log(`Loss: ${loss.item()}`)

// What the step did to the parameters of the normalisation.
for (const [name, param] of model.namedParameters()) {
  if (!name.includes('layer_norm')) continue
  console.log(`${name} - mean: ${param.mean().item().toFixed(4)}, std: ${param.std().item().toFixed(4)}`)
}

// How stable the model is when the input is distributed differently.
const testInput = randn([32, 128]).mul(10).add(50)
const testOutput = model.forward(testInput)
console.log('Output for the shifted input:', testOutput.shape)
