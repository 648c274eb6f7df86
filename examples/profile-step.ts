// Where the time of a training step goes: the tutorial's model at three sizes, or the one of the arguments (batch width).
import { backend, manualSeed, nn, optim, profile, randint, randn } from 'evenkeel'

const STEPS = 20

const sizes = process.argv.length > 3 ? [process.argv.slice(2, 4).map(Number)] : [[32, 128], [256, 512], [1024, 2048]] // prettier-ignore
const { name, blas, simd, threads } = backend()
console.log(`${name}, ${blas}, ${simd}, ${threads} threads; ${STEPS} steps each\n`)

for (const [batch, width] of sizes) {
  manualSeed(42)
  const blocks = [1, 2, 3].flatMap(() => [new nn.LayerNorm(width), new nn.Linear(width, width), new nn.ReLU()])
  const model = new nn.Sequential(...blocks, new nn.Linear(width, 10))
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters())]
  const [input, target] = [randn([batch, width]), randint(0, 10, [batch])]
  const steps = () => {
    for (let i = 0; i < STEPS; i++) {
      optimizer.zeroGrad()
      criterion.forward(model.forward(input), target).backward()
      optimizer.step()
    }
  }
  // What is compiled while it runs, and memory that is touched for the first time, is not what a step costs.
  const end = performance.now() + 1000
  do profile(steps)
  while (performance.now() < end)
  const report = profile(steps)
  console.log(`(${batch}, ${width}): ${((1000 * report.total) / STEPS).toFixed(0)} us a step\n${String(report)}\n`)
}
