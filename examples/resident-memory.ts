// The resident memory of a process over 20,000 training steps, which must not grow: eager and compiled, one after the
// other, or the one that the argument names.
import { compile, manualSeed, nn, optim, randint, randn } from 'evenkeel'

const [STEPS, REPORTS, BATCH, WIDTH] = [20_000, 10, 32, 128]

manualSeed(42)
const blocks = [1, 2, 3].flatMap(() => [new nn.LayerNorm(WIDTH), new nn.Linear(WIDTH, WIDTH), new nn.ReLU()])
const model = new nn.Sequential(...blocks, new nn.Linear(WIDTH, 10))
const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters())]
const [input, target] = [randn([BATCH, WIDTH]), randint(0, 10, [BATCH])]
const step = () => {
  optimizer.zeroGrad()
  criterion.forward(model.forward(input), target).backward()
  optimizer.step()
}

for (const [name, run] of Object.entries({ eager: step, compiled: compile(step) })) {
  if (![name, undefined].includes(process.argv[2])) continue
  const mebibytes: string[] = []
  for (let i = 1; i <= STEPS; i++) {
    run()
    if (i % (STEPS / REPORTS) === 0) mebibytes.push((process.memoryUsage.rss() / 2 ** 20).toFixed(0))
  }
  console.log(`${name}: ${mebibytes.join(' ')} MiB, every ${STEPS / REPORTS} steps`)
}
