import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { detectAnomaly, nn, noGrad, tensor, type Tensor } from '../lib/index.js'

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true })

/** The gradient of `sqrt(x) * 0` at 0 is 0 / 0. */
function zeroTimesRoot(x: Tensor): Tensor {
  return x.sqrt().mul(0)
}

function caught(fn: () => unknown): Error {
  try {
    fn()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('expected the function to throw an Error')
}

describe('detectAnomaly', () => {
  it('names the operation, the input, its shape, and where the operation was recorded', () => {
    const error = caught(() => {
      detectAnomaly(() => {
        zeroTimesRoot(leaf(0, 1)).sum().backward()
      })
    })
    expect(error.message).to.match(
      /^backward: the backward pass of sqrt gave NaN in the gradient of its input 0, of shape \[2\]; it was recorded at zeroTimesRoot \(.*anomaly\.test\.ts:10:12\)$/,
    )
    const frames = (error.cause as Error).stack?.split('\n') ?? []
    expect(frames[0]).to.equal('Error: sqrt was recorded here')
    expect(frames[1]).to.match(/^ +at zeroTimesRoot .*anomaly\.test\.ts:10:12\)$/)
    expect(frames[2], 'who called it').to.match(/anomaly\.test\.ts/)
    expect(frames.join('\n')).not.to.include(join(process.cwd(), 'lib')).and.not.to.include('node:internal')
  })

  it('counts the inputs of an operation as they were passed', () => {
    const [zero, x] = [tensor([0]), leaf(0)]
    const act = () => detectAnomaly(() => zero.div(x).sum().backward())
    expect(act).to.throw('div gave NaN in the gradient of its input 1, of shape [1]')
  })

  it('names the line that calls a Sequential, whose layers are called by a function of JavaScript', () => {
    const model = new nn.Sequential(new nn.Linear(3, 3), new nn.LayerNorm(3))
    const failing = (x: Tensor) => model.forward(x).sum()
    const act = () => detectAnomaly(() => failing(tensor([[NaN, 1, 2]])).backward())
    expect(act).to.throw(/layerNorm gave NaN .* recorded at failing \(.*anomaly\.test\.ts/)
  })

  it('finds what layers of the library call, beyond the usual length of a stack', () => {
    let model = new nn.Sequential(new nn.ReLU())
    for (let depth = 0; depth < 10; depth++) model = new nn.Sequential(model)
    const overflowing = (x: Tensor) => model.forward(x).sqrt().mul(0).sum()
    const error = caught(() =>
      detectAnomaly(() => {
        const y = overflowing(leaf(0))
        y.backward(tensor(NaN))
      }),
    )
    expect(error.message, 'a NaN that is passed in shows at the first operation').to.match(
      /^backward: .* of sum gave NaN/,
    )
    expect(error.message).to.match(/recorded at overflowing \(.*anomaly\.test\.ts/)
  })

  it('leaves out the compiled library too, with and without source maps', () => {
    const script = `import { detectAnomaly, tensor } from 'evenkeel'
      const culprit = (x) => x.sqrt().mul(0)
      try {
        detectAnomaly(() => culprit(tensor(0, { requiresGrad: true })).backward())
      } catch ({ cause }) {
        console.log(cause.stack)
      }`
    for (const flag of ['--enable-source-maps', '--no-warnings']) {
      const program = [flag, '--input-type=module', '--eval', script]
      const { stdout } = spawnSync(process.execPath, program, { encoding: 'utf8' })
      expect(stdout).to.match(/^Error: sqrt was recorded here\n +at culprit \(/)
      expect(stdout).not.to.match(/\/lib\/|\/dist\//)
    }
  })

  it('keeps the limit of stacks', () => {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    const error = caught(() => detectAnomaly(() => zeroTimesRoot(leaf(0)).backward()))
    expect(Error.stackTraceLimit).to.equal(0)
    Error.stackTraceLimit = stackTraceLimit
    expect(error.message).to.include('recorded at zeroTimesRoot')
  })

  it('says so where the operation was recorded outside', () => {
    const y = zeroTimesRoot(leaf(0))
    const error = caught(() => detectAnomaly(() => y.backward()))
    expect(error.message).to.match(/sqrt gave NaN .*; where it was recorded is not known: outside of detectAnomaly$/)
    expect(error.cause).to.equal(undefined)
  })

  it('finds gradients that add up to NaN', () => {
    const act = (x: Tensor) => () => detectAnomaly(() => x.sqrt().sub(x.sqrt()).sum().backward())
    expect(act(leaf(0, 1))).to.throw(
      /^backward: an infinity and its negative, which add up to NaN, met in the gradient of a leaf, of shape \[2\]$/,
    )
    const passed = (x: Tensor) => x.reshape([2, 1])
    const error = caught(() => detectAnomaly(act(passed(leaf(0, 1)))))
    expect(error.message).to.include('met in the gradient of the result of reshape, of shape [2,1]; ')
    const x = leaf(0)
    x.grad = tensor([-Infinity])
    expect(() => detectAnomaly(() => x.sqrt().backward())).to.throw('met in the gradient of a leaf')
    expect(x.grad.toArray()).to.deep.equal([-Infinity])
  })

  it('lets pass what was NaN before', () => {
    const x = leaf(1)
    x.grad = tensor([NaN])
    detectAnomaly(() => x.mul(2).backward())
    expect(x.grad.toArray()).to.deep.equal([NaN])
    const y = leaf(1)
    detectAnomaly(() => y.backward(tensor([NaN])))
    expect(y.grad?.toArray()).to.deep.equal([NaN])
  })

  it('lets infinities pass, and what no leaf needs', () => {
    const x = leaf(0)
    detectAnomaly(() =>
      x
        .sqrt()
        .add(zeroTimesRoot(tensor([0])))
        .sum()
        .backward(),
    )
    expect(x.grad?.toArray()).to.deep.equal([Infinity])
  })

  it('changes no gradient when it throws, and keeps the graph', () => {
    const [x, w] = [leaf(0, 1), leaf(1, 1)]
    const y = zeroTimesRoot(x).mul(w).sum()
    expect(() => detectAnomaly(() => y.backward())).to.throw('sqrt gave NaN')
    expect([x.grad, w.grad]).to.deep.equal([null, null])
    y.backward()
    expect(x.grad?.toArray()).to.deep.equal([NaN, 0])
    expect(w.grad?.toArray()).to.deep.equal([0, 0])
  })

  it('returns what the function returns, and ends with it', () => {
    const y = detectAnomaly(() => zeroTimesRoot(leaf(0)))
    expect(y.toArray()).to.deep.equal([0])
    y.backward()
    expect(() =>
      detectAnomaly(() => {
        throw new Error('from inside')
      }),
    ).to.throw('from inside')
    zeroTimesRoot(leaf(0)).backward()
  })

  it('nests, in itself and with noGrad', () => {
    const act = () =>
      detectAnomaly(() => {
        detectAnomaly(() => 0)
        noGrad(() => zeroTimesRoot(leaf(0)))
        zeroTimesRoot(leaf(0)).backward()
      })
    expect(act).to.throw('sqrt gave NaN')
  })

  it('rejects functions that return a promise, and what is no function', () => {
    expect(() => detectAnomaly(() => Promise.resolve())).to.throw(
      TypeError,
      'detectAnomaly: expected fn to be synchronous',
    )
    expect(() => detectAnomaly(7 as never)).to.throw(
      TypeError,
      'detectAnomaly: expected fn to be a function, got number 7',
    )
    zeroTimesRoot(leaf(0)).backward()
  })
})
