import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { backend } from '../lib/index.js'
import { needsAddon } from './backends.js'

/** Runs a program in a process of its own, with the library as it is built in `folder`. */
function run(program: string, env: Record<string, string>, folder = process.cwd()) {
  const library = pathToFileURL(join(folder, 'dist/index.js')).href
  const script = `import * as evenkeel from ${JSON.stringify(library)}\n${program}`
  const options = { encoding: 'utf8' as const, env: { ...process.env, EVENKEEL_BACKEND: '', ...env } }
  return spawnSync(process.execPath, ['--input-type=module', '--eval', script], options)
}

const PRINT = 'console.log(evenkeel.backend().name)'

/** A copy of the built library where there is no addon. */
function withoutAddon<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  try {
    for (const part of ['dist', 'package.json']) cpSync(part, join(folder, part), { recursive: true })
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the native backend', () => {
  needsAddon()

  it('is native where the addon loads', () => {
    const { stdout, stderr } = run('console.log(JSON.stringify(evenkeel.backend()))', {})
    expect(stderr).to.equal('')
    const info = JSON.parse(stdout) as Record<string, unknown>
    expect(info.name).to.equal('native')
    expect(info.blas).to.match(/^(OpenBLAS|BLIS|MKL) \d|^Accelerate$/)
    expect(info.simd).to.be.a('string').that.is.not.empty
    expect(info.threads).to.equal(availableParallelism())
  })

  it('puts the setting for OpenBLAS back, for the sake of child processes', () => {
    const { stdout } = run(`${PRINT}; console.log(process.env.OPENBLAS_NUM_THREADS)`, {})
    expect(stdout).to.equal('native\nundefined\n')
    const chosen = run(`${PRINT}; console.log(process.env.OPENBLAS_NUM_THREADS)`, { OPENBLAS_NUM_THREADS: '2' })
    expect(chosen.stdout).to.equal('native\n2\n')
  })

  it('lets processes start while matrices are multiplied, and starts no threads but those it may', function () {
    if (process.platform !== 'linux') this.skip()
    const { status, stdout } = run(
      `import { spawn } from 'node:child_process'
      import { readdirSync } from 'node:fs'
      const threads = () => readdirSync('/proc/self/task').length
      const before = threads()
      const x = evenkeel.randn([512, 512])
      const multiply = () => evenkeel.nn.functional.linear(x, x)
      multiply()
      console.log(threads() - before)
      const ends = []
      for (let i = 0; i < 20; i++) {
        multiply()
        ends.push(new Promise((resolve) => spawn('true').on('exit', resolve)))
        multiply()
      }
      console.log((await Promise.all(ends)).every((code) => code === 0))`,
      { EVENKEEL_NUM_THREADS: '3' },
    )
    expect([status, stdout]).to.deep.equal([0, '2\ntrue\n'])
  })

  it('loads in worker threads, one after the other and side by side, and survives their end', () => {
    const options = { encoding: 'utf8' as const, env: { ...process.env, EVENKEEL_BACKEND: 'native' } }
    const { status, stdout } = spawnSync(process.execPath, ['test/fixtures/workers.js'], options)
    expect([status, stdout]).to.deep.equal([0, 'native 3\n'.repeat(4)])
  })
})

describe('the TypeScript backend', () => {
  it('is TypeScript on demand, without a warning', () => {
    const { stdout, stderr } = run(PRINT, { EVENKEEL_BACKEND: 'typescript' })
    expect([stdout, stderr]).to.deep.equal(['typescript\n', ''])
  })

  it('rejects a backend that does not exist', () => {
    const { status, stderr } = run(PRINT, { EVENKEEL_BACKEND: 'gpu' })
    expect(status).to.not.equal(0)
    expect(stderr).to.include('EVENKEEL_BACKEND: expected native or typescript, got "gpu"')
  })

  it('falls back with one warning that says why and what to do', () => {
    withoutAddon((folder) => {
      const { status, stdout, stderr } = run(`${PRINT}; evenkeel.ones([2]).add(1); ${PRINT}`, {}, folder)
      expect([status, stdout]).to.deep.equal([0, 'typescript\ntypescript\n'])
      expect(stderr.match(/evenkeel: using the TypeScript kernels/g)).to.have.length(1)
      expect(stderr).to.include(`${process.platform}-${process.arch}`)
      expect(stderr).to.include(join(folder, 'build/addon/Release/evenkeel.node: no such file'))
      expect(stderr).to.include('npm run setup')
      expect(stderr).to.include('EVENKEEL_BACKEND=typescript')
    })
  })

  it('fails where native is demanded and cannot be had', () => {
    withoutAddon((folder) => {
      const { status, stderr } = run(PRINT, { EVENKEEL_BACKEND: 'native' }, folder)
      expect(status).to.not.equal(0)
      expect(stderr).to.include('no native addon could be loaded')
    })
  })
})

describe('the loader', () => {
  const platform = `${process.platform}-${process.arch}`
  const native = { EVENKEEL_BACKEND: 'native' }
  const built = 'build/addon/Release/evenkeel.node'
  let libc: string
  before(function () {
    if (process.platform !== 'linux') this.skip()
    const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
    libc = header.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
  })

  /** A binary that loads: the one that was built here, else the prebuilt one. */
  function whole(): Buffer {
    return readFileSync(existsSync(built) ? built : `prebuilds/${platform}/evenkeel.${libc}.node`)
  }

  /** Ships a file as the prebuilt binary of this platform, with a manifest that tells of `original`. */
  function ship(folder: string, original: string | Buffer, content: string | Buffer = original): void {
    const prebuilds = join(folder, 'prebuilds', platform)
    mkdirSync(prebuilds, { recursive: true })
    writeFileSync(join(prebuilds, `evenkeel.${libc}.node`), content)
    const sha256 = createHash('sha256').update(original).digest('hex')
    const openblas = { version: '0.3.21', cores: ['HASWELL', 'ZEN'] }
    const file = `evenkeel.${libc}.node`
    const from = { file, platform, glibc: '2.99', commit: 'c0ffee', compiler: 'g++ 10', openblas, highway: '1' }
    const manifest = { ...from, bytes: Buffer.byteLength(original), sha256 }
    writeFileSync(join(prebuilds, 'manifest.json'), JSON.stringify(manifest))
  }

  it('takes the prebuilt binary where none was built', function () {
    if (backend().name !== 'native') this.skip()
    withoutAddon((folder) => {
      ship(folder, whole())
      const { stdout, stderr } = run(PRINT, native, folder)
      expect([stdout, stderr]).to.deep.equal(['native\n', ''])
    })
  })

  it('says what the binary was made of where it does not load', () => {
    withoutAddon((folder) => {
      ship(folder, 'no binary')
      const { stderr } = run(PRINT, native, folder)
      expect(stderr).to.include(`no native addon could be loaded on ${platform} with ${libc}`)
      expect(stderr).to.include(join(folder, `prebuilds/${platform}/evenkeel.${libc}.node: `))
      expect(stderr).to.include(
        `${platform}, glibc 2.99 or later: commit c0ffee, g++ 10, OpenBLAS 0.3.21 for HASWELL ZEN`,
      )
      expect(stderr).to.not.include('damaged')
    })
  })

  it('tells a damaged binary from one for another system', () => {
    withoutAddon((folder) => {
      ship(folder, 'a whole binary', 'a wh?le binary')
      expect(run(PRINT, native, folder).stderr).to.include('The file is damaged: install the package again.')
    })
  })

  it('does not ask for a compiler where a binary that was shipped is gone', () => {
    withoutAddon((folder) => {
      ship(folder, 'a binary')
      rmSync(join(folder, 'prebuilds', platform, `evenkeel.${libc}.node`))
      const { stderr } = run(PRINT, native, folder)
      expect(stderr).to.include('which is gone: install the package again, or copy all of it.')
      expect(stderr).to.not.include('npm run setup')
    })
  })

  const manifests: [what: string, write: (manifest: object) => string | undefined][] = [
    ['there is no manifest', () => undefined],
    ['the manifest is broken off', (manifest) => JSON.stringify(manifest).slice(0, 40)],
    ['the manifest is null', () => 'null'],
    ['the manifest tells of another file', (manifest) => JSON.stringify({ ...manifest, file: 'another.node' })],
    ['the manifest tells no size', (manifest) => JSON.stringify({ ...manifest, bytes: null })],
  ]
  for (const [what, write] of manifests) {
    it(`survives half a binary where ${what}`, function () {
      if (backend().name !== 'native') this.skip()
      withoutAddon((folder) => {
        const binary = whole()
        ship(folder, binary, binary.subarray(0, binary.length / 2))
        const path = join(folder, 'prebuilds', platform, 'manifest.json')
        const text = write(JSON.parse(readFileSync(path, 'utf8')) as object)
        if (text === undefined) rmSync(path)
        else writeFileSync(path, text)
        const { status, stderr } = run(PRINT, native, folder)
        expect(status).to.equal(1)
        expect(stderr).to.include(`evenkeel.${libc}.node: no manifest.json beside it, that can be read, tells what`)
        expect(stderr).to.include('The file is damaged: install the package again.')
        expect(run(PRINT, {}, folder).stdout).to.equal('typescript\n')
      })
    })
  }

  it('survives a binary whose end is missing', function () {
    if (backend().name !== 'native') this.skip()
    withoutAddon((folder) => {
      const binary = whole()
      ship(folder, binary, binary.subarray(0, binary.length / 2))
      const { status, stderr } = run(PRINT, native, folder)
      expect(status).to.equal(1)
      expect(stderr).to.include(`evenkeel.${libc}.node: the end of the file is missing`)
      expect(stderr).to.include('The file is damaged: install the package again.')
      expect(run(PRINT, {}, folder).stdout).to.equal('typescript\n')
    })
  })

  it('survives a binary with other contents', function () {
    if (backend().name !== 'native') this.skip()
    withoutAddon((folder) => {
      const binary = whole()
      const altered = Buffer.from(binary).fill(0, Math.floor(binary.length / 2), Math.floor(binary.length / 2) + 40_000)
      ship(folder, binary, altered)
      const { status, stderr } = run(PRINT, native, folder)
      expect(status).to.equal(1)
      expect(stderr).to.include(`evenkeel.${libc}.node: the file has other contents than its checksum tells of`)
      expect(stderr).to.include('The file is damaged: install the package again.')
      expect(run(PRINT, {}, folder).stdout).to.equal('typescript\n')
    })
  })

  it('says that there is nothing for musl', () => {
    withoutAddon((folder) => {
      ship(folder, 'for glibc')
      const onMusl = `const { header, ...rest } = process.report.getReport()
        process.report.getReport = () => ({ ...rest, header: { ...header, glibcVersionRuntime: undefined } })`
      const { stdout, stderr } = run(`${onMusl}\n${PRINT}`, {}, folder)
      expect(stdout).to.equal('typescript\n')
      expect(stderr).to.include(`prebuilds/${platform}/evenkeel.musl.node: no such file`)
      expect(stderr).to.include('There are no binaries for musl (Alpine)')
    })
  })

  it('says so where a bundler has taken it out of its package', () => {
    withoutAddon((folder) => {
      writeFileSync(join(folder, 'package.json'), '{ "name": "someone", "type": "module" }')
      expect(run(PRINT, native, folder).stderr).to.include('mark evenkeel as external')
    })
  })

  it('takes no substitute for a binary that was built in the folder', () => {
    withoutAddon((folder) => {
      ship(folder, 'never looked at')
      mkdirSync(join(folder, 'build/addon/Release'), { recursive: true })
      writeFileSync(join(folder, built), 'broken off')
      const { stderr } = run(PRINT, native, folder)
      expect(stderr).to.include(join(folder, `${built}: `))
      expect(stderr).to.include('To build it anew, run `npm run setup`')
      expect(stderr).to.not.include(`evenkeel.${libc}.node:`)
    })
  })
})
