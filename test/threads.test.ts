import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { expect } from 'chai'
import { backend, getNumThreads, manualSeed, nn, optim, randint, randn, setNumThreads } from '../lib/index.js'
import { needsAddon } from './backends.js'

/** The losses of some steps of a model whose matrices are worth sharing. */
function losses(threads: number): number[] {
  setNumThreads(threads)
  manualSeed(7)
  const [x, t] = [randn([200, 300]), randint(0, 10, [200])]
  const model = new nn.Sequential(
    new nn.LayerNorm(300),
    new nn.Linear(300, 900),
    new nn.ReLU(),
    new nn.LayerNorm(900),
    new nn.Linear(900, 10),
  )
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters())]
  return Array.from({ length: 4 }, () => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), t)
    loss.backward()
    optimizer.step()
    return loss.item()
  })
}

function threadsOf(EVENKEEL_NUM_THREADS: string): { threads: number; stderr: string } {
  const program = `import { backend, randn } from 'evenkeel'
    randn([300, 300]).matmul(randn([300, 300]))
    console.log(backend().threads)`
  const options = { encoding: 'utf8' as const, env: { ...process.env, EVENKEEL_NUM_THREADS } }
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], options)
  return { threads: Number(stdout), stderr }
}

describe('threads', () => {
  describe('of the native kernels', () => {
    needsAddon()

    let before: number
    beforeEach(() => (before = getNumThreads()))
    afterEach(() => setNumThreads(before))

    it('are as many as was asked for', () => {
      setNumThreads(3)
      expect([getNumThreads(), backend().threads]).to.deep.equal([3, 3])
    })

    it('do not change what is computed', () => {
      const alone = losses(1)
      expect(alone[3]).to.be.below(alone[0])
      for (const threads of [2, 4]) expect(losses(threads), `with ${threads} threads`).to.deep.equal(alone)
    })

    // A process for each test: on a busy machine, several may take longer than a test has.
    for (const [wish, count] of [
      ['1', 1],
      ['1000', 1000],
      ['', availableParallelism()],
    ] as const) {
      it(`are set by EVENKEEL_NUM_THREADS=${wish}`, () => {
        expect(threadsOf(wish)).to.deep.equal({ threads: count, stderr: '' })
      })
    }

    for (const wish of ['0', '-1', '1.5', '1025', 'many']) {
      it(`are as many as there are processors where EVENKEEL_NUM_THREADS=${wish}, which is no number of them`, () => {
        const { threads, stderr } = threadsOf(wish)
        expect(threads).to.equal(availableParallelism())
        expect(stderr).to.include(`EVENKEEL_NUM_THREADS is "${wish}", expected an integer from 1 to 1024`)
      })
    }
  })

  it('must be a number of threads', () => {
    const expected = 'setNumThreads: expected count to be an integer from 1 to 1024, got number '
    for (const count of [0, -1, 1.5, 1025, NaN]) {
      expect(() => setNumThreads(count)).to.throw(RangeError, `${expected}${count}`)
    }
    expect(() => setNumThreads('2' as never)).to.throw(TypeError, 'setNumThreads: expected count to be a number')
  })

  it('are one on the TypeScript kernels', function () {
    if (backend().name !== 'typescript') this.skip()
    setNumThreads(4)
    expect([getNumThreads(), backend().threads]).to.deep.equal([1, 1])
  })
})
