import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  getRngState,
  load,
  manualSeed,
  nn,
  ones,
  optim,
  rand,
  randint,
  randn,
  randperm,
  save,
  setRngState,
  type Tensor,
  tensor,
} from '../lib/index.js'

/** Draws of every kind; the odd number of normals leaves one to spare. */
function draws(): number[] {
  const tensors: Tensor[] = [rand([5]), randn([3]), randn([40]), randint(0, 99, [4]), randperm(9), randn([2])]
  return tensors.flatMap(({ data }) => Array.from(data as ArrayLike<number>))
}

/** A model with dropout and its optimizer, and a step of training on random samples. */
function trainer() {
  const model = new nn.Sequential(new nn.Linear(8, 30), new nn.Dropout(), new nn.Linear(30, 3))
  const [criterion, optimizer] = [new nn.CrossEntropyLoss(), new optim.Adam(model.parameters())]
  const step = () => {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(randn([4, 8])), randint(0, 3, [4]))
    loss.backward()
    optimizer.step()
    return loss.item()
  }
  return { model, optimizer, step }
}

describe('the state of the random numbers', () => {
  it('gives the same numbers again, from wherever it is taken', () => {
    manualSeed(11)
    for (let i = 0; i < 50; i++) {
      const state = getRngState()
      const expected = draws()
      setRngState(state)
      expect(draws(), `round ${i}`).to.deep.equal(expected)
    }
  })

  it('does not change when numbers are drawn, or when it is changed after it was set', () => {
    const state = getRngState()
    const values = Array.from(state.data)
    const expected = draws()
    expect(Array.from(state.data)).to.deep.equal(values)
    setRngState(state)
    state.data.fill(0)
    expect(draws()).to.deep.equal(expected)
  })

  it('lets training with dropout go on from a file as if it had never stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-'))
    try {
      manualSeed(5)
      const first = trainer()
      for (let i = 0; i < 5; i++) first.step()
      const [path, optimizerPath] = [join(folder, 'model.safetensors'), join(folder, 'optimizer.safetensors')]
      await save(path, new Map([...first.model.stateDict(), ['rng', getRngState()]]))
      await save(optimizerPath, first.optimizer.stateDict())
      const expected = Array.from({ length: 5 }, first.step)

      const second = trainer()
      const saved = new Map(await load(path))
      const rng = saved.get('rng')
      saved.delete('rng')
      second.model.loadStateDict(saved)
      second.optimizer.loadStateDict(await load(optimizerPath))
      if (rng) setRngState(rng)
      expect(Array.from({ length: 5 }, second.step)).to.deep.equal(expected)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('rejects what is none, and changes nothing', () => {
    const state = getRngState()
    const expected = draws()
    setRngState(state)
    const bad = state.clone()
    bad.data[624] = 700
    expect(() => setRngState(bad)).to.throw(RangeError, 'setRngState: expected state to be one that getRngState gave')
    expect(() => setRngState(tensor([1, 2], { dtype: 'int32' }))).to.throw(
      RangeError,
      'got an int32 tensor of shape [2]',
    )
    for (const given of [ones([630]), 1, undefined, Array.from(state.data)]) {
      expect(() => setRngState(given as Tensor)).to.throw(
        TypeError,
        /^setRngState: expected state to be an? (int32 )?tensor, got/,
      )
    }
    expect(draws()).to.deep.equal(expected)
  })
})
