import { spawnSync } from 'node:child_process'
import { totalmem } from 'node:os'
import { expect } from 'chai'
import type { Context } from 'mocha'
import { memoryToKeep } from '../lib/backend/memory.js'
import { backend } from '../lib/index.js'

// Programs in processes of their own: what they print are megabytes.
const programs = {
  'V8 knows how large tensors are': `
    const before = process.memoryUsage().arrayBuffers
    const kept = zeros([1024, 1024, 16])
    console.log((process.memoryUsage().arrayBuffers - before) / 2 ** 20 === 64 ? 0 : 1e6, kept.size)`,
  'a synchronous loop is collected without dispose': `
    let x = ones([1024, 1024])
    for (let i = 0; i < 400; i++) x = x.add(1)
    console.log(process.memoryUsage.rss() / 2 ** 20)`,
  'training keeps no graph alive, not even where losses are kept': `
    const model = new nn.Sequential(new nn.LayerNorm(1024), new nn.ReLU())
    const x = randn([1024, 1024])
    const optimizer = new optim.Adam(model.parameters())
    const losses = []
    for (let i = 0; i < 100; i++) {
      optimizer.zeroGrad()
      const loss = model.forward(x).sum()
      loss.backward()
      optimizer.step()
      losses.push(loss)
    }
    console.log(process.memoryUsage.rss() / 2 ** 20, losses.length)`,
  'training on a stream holds one batch of it': `
    const rows = function* () {
      for (let i = 0; i < 250_000; i++) yield [new Float32Array(1024), Float32Array.of(i % 2)]
    }
    const model = new nn.Linear(1024, 1)
    const optimizer = new optim.SGD(model.parameters())
    const data = new DataLoader(() => Readable.from(rows()), { batchSize: 256 })
    await fit(model, { data, loss: new nn.MSELoss(), optimizer })
    console.log(process.memoryUsage.rss() / 2 ** 20, model.bias.item())`,
}

describe('memory', () => {
  for (const [label, program] of Object.entries(programs)) {
    it(label, () => {
      const names = 'DataLoader, fit, nn, ones, optim, randn, zeros'
      const script = `import { Readable } from 'node:stream'\nimport { ${names} } from 'evenkeel'\n${program}`
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        encoding: 'utf8',
      })
      expect(stderr).to.equal('')
      // The loops make 1,000 MB and more.
      expect(Number.parseFloat(stdout), stdout).to.be.below(700)
    })
  }

  describe('of large results that was freed', () => {
    // Each result takes 2,048 pages.
    const script = `import { backend, ones } from 'evenkeel'
      const x = ones([1024, 2048])
      for (let i = 0; i < 100; i++) x.add(1)
      const before = process.resourceUsage().minorPageFault
      for (let i = 0; i < 100; i++) x.add(1)
      console.log((process.resourceUsage().minorPageFault - before) / 100, backend().name)`

    function faultsPerResult(context: Context, environment: NodeJS.ProcessEnv): number {
      const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } })
        .header
      if (glibcVersionRuntime === undefined || backend().name !== 'native') context.skip()
      const env = { ...process.env, ...environment }
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        encoding: 'utf8',
        env,
      })
      return Number.parseFloat(stdout)
    }

    it('is used for the next ones', function () {
      expect(faultsPerResult(this, {})).to.be.below(512)
    })

    it('is given back where the user says so', function () {
      expect(faultsPerResult(this, { MALLOC_MMAP_THRESHOLD_: '131072' })).to.be.above(1536)
    })
  })

  it('to keep is an eighth of what there is, 512 MiB at most, and left to thresholds of the user', () => {
    const allowed = process.constrainedMemory() || Infinity
    expect(memoryToKeep({})).to.equal(Math.min(2 ** 29, Math.floor(Math.min(allowed, totalmem()) / 8)))
    expect(memoryToKeep({ GLIBC_TUNABLES: 'glibc.malloc.check=3' })).to.equal(memoryToKeep({}))
    for (const environment of [
      { MALLOC_MMAP_THRESHOLD_: '131072' },
      { MALLOC_TRIM_THRESHOLD_: '' },
      { GLIBC_TUNABLES: 'glibc.malloc.check=3:glibc.malloc.trim_threshold=131072' },
    ]) {
      expect(memoryToKeep(environment)).to.equal(undefined)
    }
  })

  it('that is not there is an error with the function, the shape and the bytes', function () {
    // Elsewhere, a process cannot be kept from taking all the memory it asks for.
    if (process.platform !== 'linux') this.skip()
    const script = `import { full, rand, zeros } from 'evenkeel'
      const shape = [2 ** 16, 2 ** 15 - 1]
      for (const make of [() => zeros(shape), () => full(shape, 1, { dtype: 'float64' }), () => rand(shape)]) {
        try { make() } catch (error) { console.log(String(error)) }
      }`
    const limited = ['-c', 'ulimit -v 7000000 && exec "$0" --input-type=module --eval "$1"', process.execPath, script]
    const { stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8' })
    const message = (name: string, dtype: string, bytes: number) =>
      `RangeError: ${name}: expected memory for a tensor of shape [65536,32767] and dtype ${dtype}, ${bytes} bytes\n`
    const messages = [
      message('zeros', 'float32', 8589672448),
      message('full', 'float64', 17179344896),
      message('rand', 'float32', 8589672448),
    ]
    expect([stdout, stderr]).to.deep.equal([messages.join(''), ''])
  })
})
