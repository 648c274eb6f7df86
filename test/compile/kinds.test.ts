import { spawnSync } from 'node:child_process'
import { expect } from 'chai'
import { compile, detectAnomaly, nn, noGrad, ones, type Tensor, tensor, zeros } from '../../lib/index.js'

/** A function that notes each time that it runs itself, with how it is compiled. */
function counted(maxPrograms?: number) {
  const shapes: string[] = []
  const f = compile(
    (x: Tensor) => {
      shapes.push(x.shape.join())
      return x.mul(2)
    },
    { maxPrograms },
  )
  return { f, shapes }
}

describe('compile, for inputs of several kinds', () => {
  it('gives what the function returned for inputs of that kind', async () => {
    const f = compile((x: Tensor) => {
      if (x.size === 1) return x.add(1)
      if (x.size === 2) return [x.mul(2), x.mul(3)]
      return x.size === 3 ? [] : undefined
    })
    const results = () => [1, 2, 3, 4].map((size) => f(ones([size])))
    const plain = (given: readonly unknown[]) => JSON.stringify(given)
    const expected = '[[2],[[2,2],[3,3]],[],null]'
    expect(plain(results()), 'captured').to.equal(expected)
    expect(plain(results()), 'run again').to.equal(expected)
    expect(plain(await Promise.all([1, 2, 3, 4].map((size) => f.async(ones([size])))))).to.equal(expected)
    expect(plain(await f.epoch([1, 2, 3, 4].map((size) => [ones([size])] as const)))).to.equal(expected)
  })

  it('keeps so many programs, and drops the one that was not used for longest', () => {
    const { f, shapes } = counted(3)
    for (const size of [1, 2, 3, 1, 2, 3]) f(zeros([size]))
    expect(shapes).to.deep.equal(['1', '2', '3'])
    f(zeros([1]))
    f(zeros([4]))
    for (const size of [3, 1, 4]) f(zeros([size]))
    expect(shapes).to.deep.equal(['1', '2', '3', '4'])
    expect(f(ones([2])).data).to.deep.equal(Float32Array.of(2, 2))
    expect(shapes).to.deep.equal(['1', '2', '3', '4', '2'])
    f(zeros([3]))
    expect(shapes.at(-1)).to.equal('3')
  })

  it('keeps 16 programs where nothing else is said, those of modes among them', () => {
    const { f, shapes } = counted()
    for (let i = 0; i < 2; i++) for (let size = 0; size < 16; size++) f(zeros([size]))
    expect(shapes).to.have.length(16)
    noGrad(() => f(zeros([1])))
    f(zeros([1]))
    expect(shapes).to.have.length(17)
    f(zeros([0]))
    expect(shapes).to.have.length(18)
  })

  it('ends a run whose program is dropped meanwhile', async () => {
    const { f } = counted(1)
    f(ones([256, 256]))
    const running = f.async(ones([256, 256]))
    for (let size = 1; size < 20; size++) expect(f(ones([size])).data).to.deep.equal(new Float32Array(size).fill(2))
    expect((await running).sum().item()).to.equal(2 * 256 * 256)
  })

  it('lets go of the memory of programs that were dropped', () => {
    const script = `import { compile, ones } from 'evenkeel'
      const f = compile((x) => x.mul(2).add(1).relu().sum(), { maxPrograms: 2 })
      for (let i = 0; i < 40; i++) {
        f(ones([2048, 2048 + i]))
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      console.log(process.memoryUsage.rss() / 2 ** 20)`
    // Else freed memory stays with the process.
    const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }
    const options = { encoding: 'utf8', env } as const
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], options)
    expect(stderr).to.equal('')
    // All together, they are more than 1,300 MB.
    expect(Number.parseFloat(stdout), stdout).to.be.below(700)
  })

  it('rejects a number of programs that is none', () => {
    expect(() => counted(0)).to.throw(RangeError, 'compile: expected maxPrograms to be an integer of at least 1')
    expect(() => counted(1.5)).to.throw(RangeError, 'maxPrograms')
    expect(() => compile((x: Tensor) => x, { maxProgram: 1 } as never)).to.throw(TypeError, 'did you mean maxPrograms?')
  })
})

describe('compile, for its arguments', () => {
  const add = compile((x: Tensor, y: Tensor) => x.add(y))
  const one = ones([1])
  const given: [string, readonly unknown[], string][] = [
    ['a missing one', [one], 'compile: expected argument 2 to be a tensor, got undefined'],
    ['none', [], 'compile: expected argument 1 to be a tensor, got undefined'],
    ['undefined', [undefined, one], 'compile: expected argument 1 to be a tensor, got undefined'],
    ['a number', [one, 0.5], 'compile: expected argument 2 to be a tensor, as tensor(0.5), for its value to count'],
    ['a boolean', [true, one], 'compile: expected argument 1 to be a tensor, as tensor(true), for its value to count'],
    ['a string', [one, 'mean'], 'compile: expected argument 2 to be a tensor, got "mean"'],
    ['an array', [one, [1]], 'compile: expected argument 2 to be a tensor, got [1]'],
    ['a typed array', [Float32Array.of(1), one], 'compile: expected argument 1 to be a tensor, got a Float32Array'],
    ['a surplus number', [one, one, 3], 'compile: expected argument 3 to be a tensor, as tensor(3)'],
    ['a parameter', [one, new nn.Parameter(ones([1]))], 'argument 2 to be a tensor without requiresGrad'],
  ]
  for (const [label, args, message] of given) {
    it(`rejects ${label}`, async () => {
      for (const captured of [false, true]) {
        if (captured) add(one, one)
        expect(() => add(...(args as [Tensor, Tensor]))).to.throw(TypeError, message)
        const later = await add.async(...(args as [Tensor, Tensor])).catch(String)
        expect(later).to.include(message)
        expect(await add.epoch([args as [Tensor, Tensor]]).catch(String)).to.include(message)
      }
    })
  }

  it('takes objects as options of asynchronous calls alone', async () => {
    expect(() => add(...([one, one, {}] as unknown as [Tensor, Tensor]))).to.throw(
      TypeError,
      'argument 3 to be a tensor, got an object',
    )
    expect((await add.async(one, one, {})).item()).to.equal(2)
    expect((await add.async(one, one, undefined)).item()).to.equal(2)
    expect(await add.async(one, undefined as never).catch(String)).to.include(
      'argument 2 to be a tensor, got undefined',
    )
    expect(await add.async(one, {} as never).catch(String)).to.include('argument 2 to be a tensor, got undefined')
  })

  it('leaves those that the function does not declare to the function', () => {
    const sum = compile((...all: Tensor[]) => all.reduce((total, x) => total.add(x)))
    const scaled = compile((x: Tensor, y = tensor([10])) => x.mul(y))
    for (let i = 0; i < 2; i++) {
      expect([sum(one), sum(one, one), sum(one, one, one)].map((y) => y.item())).to.deep.equal([1, 2, 3])
      expect([scaled(one), scaled(one, tensor([3]))].map((y) => y.item())).to.deep.equal([10, 3])
    }
  })

  it('may be parameters that need no gradient, parts of others, and results of the call before', () => {
    const double = compile((x: Tensor) => x.mul(2))
    const frozen = new nn.Parameter(ones([2]), { requiresGrad: false })
    expect([double(frozen), double(frozen)].map((y) => y.toArray())).to.deep.equal([[2, 2], [2, 2]]) // prettier-ignore
    const rows = tensor([[1, 2], [3, 4]]) // prettier-ignore
    expect([0, 1].map((i) => double(rows.slice(0, i, i + 1).reshape([2])).toArray())).to.deep.equal([[2, 4], [6, 8]]) // prettier-ignore
    const kept: Tensor[] = [frozen.detach()]
    for (let i = 0; i < 4; i++) kept.push(double(kept[i]))
    expect(kept.map((y) => y.data[0])).to.deep.equal([1, 2, 4, 8, 16])
  })
})

describe('compile, for what the function returns', () => {
  it('gives copies of inputs and of what outlives the call, each its own', () => {
    const weight = new nn.Parameter(tensor([1]))
    const f = compile((x: Tensor) => {
      const y = x.mul(2)
      return [x, x, y, y, y.reshape([1, 1]), weight]
    })
    const x = tensor([3])
    const results = [f(x), f(x), f(x)]
    for (const returned of results) expect(returned.map((y) => y.data[0])).to.deep.equal([3, 3, 6, 6, 6, 1])
    const all = results.flat()
    all.forEach((y, i) => (y.data[0] = 100 + i))
    expect(all.map((y) => y.data[0])).to.deep.equal(all.map((_, i) => 100 + i))
    expect([x.item(), weight.item()]).to.deep.equal([3, 1])
    expect(f(x).map((y) => y.requiresGrad)).to.deep.equal(Array(6).fill(false))
  })

  it('gives the same outside of any graph where gradients are being watched', () => {
    const weight = new nn.Parameter(tensor([1]))
    const f = compile((x: Tensor) => [x, weight.mul(x)])
    const x = tensor([3])
    for (let i = 0; i < 2; i++) {
      const [same, y] = detectAnomaly(() => f(x))
      expect([same === x, y.requiresGrad, y.item()]).to.deep.equal([false, false, 3])
      expect(() => y.backward()).to.throw('backward: expected a tensor that requires gradients')
      f(x)
    }
  })
})
