import { expect } from 'chai'
import { backend, compile, nn, ones, profile, type Profile, zeros } from '../lib/index.js'

describe('profile', () => {
  const work = () => {
    const model = new nn.Linear(2, 3)
    const y = model.forward(ones([4, 2])).relu()
    y.sum().backward()
    return y
  }

  it('counts the kernels that ran, with their time and bytes', () => {
    const report = profile(work)
    expect(report.result.shape).to.deep.equal([4, 3])
    const [relu] = report.operations.filter(({ name }) => name === 'reluForward')
    expect([relu.calls, relu.bytes]).to.deep.equal([1, 2 * 4 * 3 * 4])
    expect(relu.mean).to.equal(relu.total)
    const [linear] = report.operations.filter(({ name }) => name === 'linearBackward')
    expect(linear.calls).to.equal(1)
    const totals = report.operations.map(({ total }) => total)
    expect(totals).to.deep.equal(totals.toSorted((a, b) => b - a))
    expect(totals.reduce((sum, total) => sum + total)).to.be.within(0, report.total)
  })

  it('is over when the function has returned, or thrown', () => {
    const report = profile(() => ones([1]).add(1))
    const before = report.operations
    ones([1]).add(1)
    expect(report.operations).to.deep.equal(before)
    const fail = () => {
      throw new Error('no')
    }
    expect(() => profile(fail)).to.throw('no')
    expect(profile(() => profile(() => ones([1]).add(1)).operations.length).result).to.equal(1)
  })

  it('shows a table, what was not spent in kernels last', () => {
    const lines = String(profile(work)).split('\n')
    expect(lines[0]).to.match(/^kernel +calls +total ms +mean us +share +MiB$/)
    expect(lines.slice(2, -1).map((line) => line.split(' ')[0])).to.include.members([
      'linearForward',
      'reluForward',
      'sum',
    ])
    expect(lines.at(-1)).to.match(/^\(outside of kernels\) +\d+\.\d{3} +\d+\.\d %/)
    expect(new Set(lines.slice(0, 2).map((line) => line.length)).size).to.equal(1)
  })

  it('gives a trace of every call', () => {
    const report = profile(work)
    const { traceEvents } = JSON.parse(report.toChromeTrace()) as {
      traceEvents: { name: string; ph: string; ts: number; dur: number }[]
    }
    const [whole, ...calls] = traceEvents
    expect([whole.name, whole.ph, whole.ts]).to.deep.equal(['profile', 'X', 0])
    expect(calls.length).to.equal(report.operations.reduce((sum, { calls: count }) => sum + count, 0))
    for (const { ts, dur } of calls) expect(ts + dur).to.be.at.most(whole.dur + 1e-6)
  })

  it('sees the kernels of a compiled function while it is captured', () => {
    const f = compile((x: ReturnType<typeof zeros>) => x.mul(2).add(1))
    const x = zeros([3])
    const names = () => profile(() => f(x)).operations.map(({ name }) => name)
    expect(names()).to.include.members(['mul', 'add'])
    expect(names()).to.include(backend().name === 'native' ? 'captured function' : 'mul')
  })

  it('sees what runs within another profile, as does the other one', () => {
    const names = ({ operations }: Profile<unknown>) => operations.map(({ name }) => name).sort()
    const outer = profile(() => {
      zeros([3]).mul(2)
      return profile(() => zeros([3]).add(1))
    })
    expect(names(outer.result)).to.deep.equal(['add'])
    expect(names(outer)).to.deep.equal(['add', 'mul'])
  })

  it('takes a function that is synchronous', () => {
    expect(() => profile(1 as never)).to.throw(TypeError, 'profile: expected fn to be a function, got number 1')
    expect(() => profile(async () => Promise.resolve())).to.throw(TypeError, 'profile: expected fn to be synchronous')
  })
})
