import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { arange, load, manualSeed, nn, ones, optim, randn, save, type Tensor, tensor, zeros } from '../../lib/index.js'
import { readTensors } from '../../lib/io/files.js'
import { contents, fileOf, loadBytes, rejection, useFolder } from './support.js'

function makeModel(seed: number): nn.Sequential {
  manualSeed(seed)
  const model = new nn.Sequential(new nn.LayerNorm(8), new nn.Linear(8, 4), new nn.ReLU(), new nn.Linear(4, 2))
  model.registerBuffer('steps', tensor([seed], { dtype: 'int32' }))
  return model
}

function train(model: nn.Sequential, optimizer: optim.Adam, steps: number): void {
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad()
    model
      .forward(arange(24).reshape([3, 8]).mul(0.1))
      .sum()
      .backward()
    optimizer.step()
  }
}

describe('save and load', () => {
  const folder = useFolder()

  it('keep every dtype, empty tensors and single numbers, to the bit', async () => {
    const nan = new Float32Array(Uint32Array.of(0x7fc12345, 0xff800001, 0x80000000).buffer)
    const dict = new Map<string, Tensor>([
      ['double', tensor([0.1, -0, NaN, 5e-324], { dtype: 'float64' })],
      ['empty double', zeros([0], { dtype: 'float64' })],
      ['empty', zeros([3, 0, 2])],
      ['nan', tensor(nan)],
      ['single', tensor(1.5)],
      ['int32', tensor([-(2 ** 31), 2 ** 31 - 1], { dtype: 'int32' })],
      ['single int32', tensor(-3, { dtype: 'int32' })],
      ['bool', tensor([[true], [false]])],
    ])
    await save(folder.path('x'), dict)
    expect(contents(await load(folder.path('x')))).to.deep.equal(contents(dict))
  })

  it('keep any name', async () => {
    const names = ['', '\0', '"\\/', '10', '9', '__proto__', 'constructor', 'toString', 'ä', '\ufffd', '\u{1f600}']
    const dict = new Map(names.map((name, i) => [name, tensor(i)]))
    await save(folder.path('x'), dict)
    const loaded = await load(folder.path('x'))
    expect([...loaded].map(([name, x]) => [name, x.item()])).to.deep.equal([...dict].map(([n, x]) => [n, x.item()]))
    expect(Object.keys(Object.prototype)).to.deep.equal([])
  })

  it('keep an empty dict', async () => {
    await save(folder.path('x'), new Map())
    expect((await load(folder.path('x'))).size).to.equal(0)
    expect(readFileSync(folder.path('x'), 'latin1')).to.equal('\x08\0\0\0\0\0\0\0{}      ')
  })

  it('carry a state dict from one model to another', async () => {
    const [from, to] = [makeModel(1), makeModel(2)]
    await save(folder.path('model.safetensors'), from.stateDict())
    to.loadStateDict(await load(folder.path('model.safetensors')))
    expect(contents(to.stateDict())).to.deep.equal(contents(from.stateDict()))
    expect(to.forward(ones([1, 8])).toArray()).to.deep.equal(from.forward(ones([1, 8])).toArray())
  })

  it('let training go on where it stood', async () => {
    const model = makeModel(3)
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.01, weightDecay: 0.1, amsgrad: true })
    train(model, optimizer, 3)
    await save(folder.path('model'), model.stateDict())
    await save(folder.path('optimizer'), optimizer.stateDict())
    train(model, optimizer, 4)
    const resumed = makeModel(4)
    const other = new optim.Adam(resumed.parameters(), { amsgrad: true })
    resumed.loadStateDict(await load(folder.path('model')))
    other.loadStateDict(await load(folder.path('optimizer')))
    train(resumed, other, 4)
    expect(contents(resumed.stateDict())).to.deep.equal(contents(model.stateDict()))
    expect(contents(other.stateDict())).to.deep.equal(contents(optimizer.stateDict()))
  })

  it('read and write tensors of more than one chunk', async () => {
    const [floats, flags] = [randn([3, 2 ** 20]), tensor(new Uint8Array(2 ** 23 + 5).fill(1), { dtype: 'bool' })]
    flags.data.set([0], 2 ** 23)
    const dict = new Map<string, Tensor>([
      ['floats', floats],
      ['flags', flags],
    ])
    await save(folder.path('x'), dict)
    const loaded = await load(folder.path('x'))
    for (const [name, { data }] of dict) {
      expect(
        loaded.get(name)?.data.every((value, i) => value === data[i]),
        name,
      ).to.equal(true)
    }
    const longs = BigInt64Array.from({ length: 2 ** 20 + 3 }, (_, i) => BigInt(-i))
    const header = { x: { dtype: 'I64', shape: [longs.length], data_offsets: [0, longs.byteLength] } }
    const read = await loadBytes(folder.path('y'), fileOf(header, new Uint8Array(longs.buffer)))
    expect(read.get('x')?.data.every((value, i) => value === -i)).to.equal(true)
  })

  it('take a view of a larger array for what it is, and give tensors memory of their own', async () => {
    const whole = Float32Array.of(1, 2, 3, 4)
    const view = tensor(whole.subarray(1, 3))
    await save(folder.path('x'), new Map([['view', view]]))
    const [first, second] = [await load(folder.path('x')), await load(folder.path('x'))].map((x) => x.get('view')?.data)
    expect(first).to.deep.equal(Float32Array.of(2, 3))
    expect(first?.buffer.byteLength).to.equal(8)
    expect(first?.buffer).to.not.equal(second?.buffer)
  })

  it('write the values of the call, whatever changes while the file is written', async () => {
    const x = zeros([2 ** 20])
    const dict = new Map([['x', x]])
    const saved = save(folder.path('x'), dict)
    x.data.fill(1)
    dict.clear()
    await saved
    expect((await load(folder.path('x'))).get('x')?.data.every((value) => value === 0)).to.equal(true)
  })

  it('take URLs', async () => {
    const url = pathToFileURL(folder.path('with space #1.safetensors'))
    await save(url, new Map([['x', ones([2])]]))
    expect(readdirSync(folder.root)).to.deep.equal(['with space #1.safetensors'])
    expect((await load(url)).get('x')?.toArray()).to.deep.equal([1, 1])
  })

  it('replace a link, not what it points to', async () => {
    writeFileSync(folder.path('target'), 'untouched')
    symlinkSync(folder.path('target'), folder.path('link'))
    await save(folder.path('link'), new Map([['x', ones([2])]]))
    expect(readFileSync(folder.path('target'), 'utf8')).to.equal('untouched')
    expect((await load(folder.path('link'))).size).to.equal(1)
  })

  const transferred = new Float32Array(2)
  const goneTensor = tensor(transferred)
  structuredClone(transferred, { transfer: [transferred.buffer] })
  const wrongBool = zeros([2], { dtype: 'bool' })
  wrongBool.data[1] = 7

  const one = (name: unknown, value: unknown) => new Map([[name, value]]) as never
  const rejected: [call: () => Promise<unknown>, type: typeof TypeError | typeof RangeError, message: string][] = [
    [() => save(3 as never, new Map()), TypeError, 'save: expected path to be a string or a URL, got number 3'],
    [() => load(undefined as never), TypeError, 'load: expected path to be a string or a URL, got undefined'],
    [
      () => load(new URL('https://x.org/a')),
      RangeError,
      'load: expected path to be a file: URL, got "https://x.org/a"',
    ],
    [() => save('x', {} as never), TypeError, 'save: expected dict to be a map of names to tensors, got an object'],
    [() => save('x', one(3, ones([1]))), TypeError, 'save: expected every name in dict to be a string, got number 3'],
    [() => save('x', one('w', [1])), TypeError, 'save: expected the value of tensor "w" to be a tensor, got [1]'],
    [() => save('x', one('__metadata__', ones([1]))), RangeError, 'every name in dict to be other than __metadata__'],
    [() => save('x', one('\ud83d', ones([1]))), RangeError, 'to be without halves of surrogate pairs'],
    [
      () => save('x', one('w', goneTensor)),
      RangeError,
      'save: the value of tensor "w" has lost its elements: its buffer was transferred or resized, or it was made in a captured function',
    ],
    [
      () => save('x', one('w', wrongBool)),
      RangeError,
      'save: expected every element of tensor "w" to be 0 or 1, got number 7',
    ],
    [
      () => save('x', one('w'.repeat(1e8), ones([1]))),
      RangeError,
      'save: expected the header to be of at most 100000000 bytes',
    ],
  ]
  for (const [call, type, message] of rejected) {
    it(`reject: ${message}`, async () => {
      const error = await rejection(call())
      expect(error).to.be.instanceOf(type)
      expect(error.message).to.include(message)
    })
  }

  it('reject a machine whose bytes stand the other way round', async () => {
    const { endianness } = os
    os.endianness = () => 'BE'
    syncBuiltinESMExports()
    try {
      for (const call of [save(folder.path('x'), new Map()), load(folder.path('x'))]) {
        expect((await rejection(call)).message).to.include('expected a little-endian processor')
      }
      expect(readdirSync(folder.root)).to.deep.equal([])
    } finally {
      os.endianness = endianness
      syncBuiltinESMExports()
    }
  })

  it('reject a folder that is missing, by the name of the file that was asked for', async () => {
    const file = folder.path(join('missing', 'model.safetensors'))
    const error = await rejection(save(file, one('x', ones([1]))))
    expect(error.message).to.equal(`save: ENOENT: no such file or directory, open '${file}'`)
    expect(error).to.include({ code: 'ENOENT', path: file })
  })

  it('reject a folder, a missing file and one that shrinks while it is read', async () => {
    expect((await rejection(load(folder.root))).message).to.equal(`load: ${folder.root}: expected a file`)
    expect(await rejection(load(folder.path('missing')))).to.have.property('code', 'ENOENT')
    const bytes = fileOf({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(4))
    writeFileSync(folder.path('x'), bytes)
    const handle = await open(folder.path('x'))
    try {
      const error = await rejection(readTensors('load: x', handle, bytes.length + 4))
      expect(error.message).to.equal('load: x: the file was cut short while it was being read')
    } finally {
      await handle.close()
    }
  })

  it('reject a named pipe at once, instead of waiting for a writer', async function () {
    if (process.platform === 'win32') this.skip()
    const path = join(folder.root, 'pipe')
    execFileSync('mkfifo', [path])
    expect((await rejection(load(path))).message).to.equal(`load: ${path}: expected a file`)
  })
})
