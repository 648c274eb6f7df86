import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import fs, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import { full, load, ones, save, zeros } from '../../lib/index.js'
import { rejection, useFolder } from './support.js'

const TEMPORARY = /^\.evenkeel-[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/
const STEPS = ['open', 'write', 'sync', 'close', 'rename', 'open folder', 'sync folder', 'close folder']

describe('save', () => {
  const folder = useFolder()
  const { open, rename } = fs
  let steps: string[] = []
  let failing = ''

  function step(name: string): void {
    steps.push(name)
    if (name === failing) throw new Error(`no luck: ${name}`)
  }

  /** Lets a handle report what is done with it, and fail before it is done. */
  function watch(handle: FileHandle, suffix: string): FileHandle {
    const [writeFile, sync, close] = [
      handle.writeFile.bind(handle),
      handle.sync.bind(handle),
      handle.close.bind(handle),
    ]
    handle.writeFile = async (...args) => {
      if (!steps.includes('write')) step('write')
      await writeFile(...args)
    }
    handle.sync = async () => {
      step(`sync${suffix}`)
      await sync()
    }
    handle.close = async () => {
      await close()
      step(`close${suffix}`)
    }
    return handle
  }

  beforeEach(async () => {
    await save(folder.path('x'), new Map([['w', zeros([4])]]))
    steps = []
    fs.open = async (path, ...rest) => {
      const suffix = path === folder.root ? ' folder' : ''
      step(`open${suffix}`)
      if (suffix === '') {
        expect(basename(String(path))).to.match(TEMPORARY)
        expect(rest).to.deep.equal(['wx'])
      }
      return watch(await open(path, ...rest), suffix)
    }
    fs.rename = async (...args) => {
      step('rename')
      await rename(...args)
    }
    syncBuiltinESMExports()
  })

  function restore(): void {
    Object.assign(fs, { open, rename })
    syncBuiltinESMExports()
    failing = ''
  }
  afterEach(restore)

  it('writes and syncs another file in the same folder, renames it, and syncs the folder', async function () {
    if (process.platform === 'win32') this.skip()
    await save(folder.path('x'), new Map([['w', ones([4])]]))
    expect(steps).to.deep.equal(STEPS)
    expect(readdirSync(folder.root)).to.deep.equal(['x'])
  })

  for (const name of STEPS) {
    it(`leaves one whole file and nothing else where this fails: ${name}`, async function () {
      if (process.platform === 'win32') this.skip()
      failing = name
      const error = await rejection(save(folder.path('x'), new Map([['w', ones([4])]])))
      expect(error.message).to.equal(`save: no luck: ${name}`)
      restore()
      expect(readdirSync(folder.root)).to.deep.equal(['x'])
      const values = name.endsWith('folder') ? [1, 1, 1, 1] : [0, 0, 0, 0]
      expect((await load(folder.path('x'))).get('w')?.toArray()).to.deep.equal(values)
    })
  }

  it('removes its file where the name is taken by a folder', async () => {
    restore()
    await fs.mkdir(folder.path('taken'))
    expect(await rejection(save(folder.path('taken'), new Map()))).to.have.property('code', 'EISDIR')
    expect(readdirSync(folder.root)).to.have.members(['taken', 'x'])
  })

  it('writes whole files when called many times at once', async () => {
    restore()
    await Promise.all(Array.from({ length: 8 }, (_, i) => save(folder.path('x'), new Map([['w', full([2 ** 16], i)]]))))
    expect(readdirSync(folder.root)).to.deep.equal(['x'])
    const values = (await load(folder.path('x'))).get('w')?.data ?? []
    expect(new Set(values).size).to.equal(1)
  })

  it('leaves a whole file when the process is killed', async () => {
    restore()
    const path = folder.path('killed')
    const program = `
      import { full, save } from 'evenkeel'
      for (let i = 0; ; i++) {
        await save(${JSON.stringify(path)}, new Map([['w', full([2 ** 21], i)]]))
        console.log(i)
      }`
    const args = ['--input-type=module', '--eval', program]
    for (const delay of [0, 3, 6, 9]) {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      await new Promise((resolve) => setTimeout(resolve, delay))
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(statSync(path).size).to.be.above(2 ** 23)
      const values = (await load(path)).get('w')?.data ?? []
      expect(values.length).to.equal(2 ** 21)
      expect((values as Float32Array).every((value) => value === values[0])).to.equal(true)
    }
  })
})
