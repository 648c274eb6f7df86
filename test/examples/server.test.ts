import { expect } from 'chai'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request as rawRequest } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { ask, imageOf, newFolder, openSite, samplesOf, type Site, statusWhen } from './support.js'

describe('the server of examples/server', () => {
  let site: Site
  before(async () => (site = await openSite(samplesOf(60))))
  after(() => site.close())

  it('serves a page, and all that the page loads', async () => {
    const html = await (await fetch(site.url)).text()
    const paths = Array.from(html.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path]) => path)
    expect(paths).to.have.members(['/uPlot.css', '/style.css', '/uPlot.js', '/app.js'])
    for (const path of paths) {
      const response = await fetch(site.url + path)
      expect([response.status, (await response.text()).length > 100]).to.deep.equal([200, true])
    }
    const head = await fetch(site.url, { method: 'HEAD' })
    expect([head.status, await head.text(), Number(head.headers.get('content-length'))]).to.deep.equal([
      200,
      '',
      Buffer.byteLength(html),
    ])
  })

  it('predicts', async () => {
    const { status, json } = await ask(`${site.url}/predict`, 'POST', { pixels: imageOf(3) })
    expect(status).to.equal(200)
    expect(json.probabilities).to.have.length(10)
    expect(json.probabilities.reduce((sum, each) => sum + each)).to.be.closeTo(1, 1e-6)
    expect(json.probabilities[json.digit]).to.equal(Math.max(...json.probabilities))
  })

  it('keeps samples that it is sent', async () => {
    const folder = await newFolder()
    try {
      const first = await openSite(samplesOf(5), folder)
      const post = (label: number) =>
        ask(`${first.url}/samples`, 'POST', { samples: [{ pixels: imageOf(label), label }] })
      const answers = await Promise.all([post(7), post(8)])
      expect(answers.map(({ status }) => status)).to.deep.equal([201, 201])
      await first.close()
      const again = await openSite(samplesOf(5), folder)
      expect((await ask(`${again.url}/status`)).json.samples).to.equal(7)
      await again.close()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('keeps no samples that it cannot save', async () => {
    const folder = await newFolder()
    try {
      const own = await openSite(samplesOf(5), folder)
      const post = () => ask(`${own.url}/samples`, 'POST', { samples: [{ pixels: imageOf(7), label: 7 }] })
      const inTheWay = join(folder, 'samples.safetensors')
      await mkdir(inTheWay)
      expect((await post()).status).to.equal(500)
      expect((await ask(`${own.url}/status`)).json.samples).to.equal(5)
      await rm(inTheWay, { recursive: true })
      const { status, json } = await post()
      expect([status, json.samples]).to.deep.equal([201, 6])
      await own.close()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('learns in the background, says how it goes, and predicts better then', async () => {
    const events = await fetch(`${site.url}/events`)
    expect(events.headers.get('content-type')).to.equal('text/event-stream')
    const started = await ask(`${site.url}/train`, 'POST', { epochs: 8, batchSize: 6 })
    expect([started.status, started.json.samples]).to.deep.equal([202, 60])
    const seen: string[] = []
    let text = ''
    for await (const chunk of events.body as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk)
      const whole = text.split('\n\n')
      text = whole.pop() ?? ''
      for (const event of whole) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? []
        seen.push(name === 'state' ? (JSON.parse(data) as { status: string }).status : name)
      }
      if (seen.lastIndexOf('idle') > 0) break
    }
    const epoch = [...Array.from({ length: 9 }, () => 'step'), 'epoch']
    expect(seen).to.deep.equal(['idle', 'training', ...Array.from({ length: 8 }, () => epoch).flat(), 'idle'])
    for (let label = 0; label < 10; label++) {
      expect((await ask(`${site.url}/predict`, 'POST', { pixels: imageOf(label) })).json.digit).to.equal(label)
    }
    const { status, error, epochs, losses } = (await ask(`${site.url}/status`)).json
    expect([status, error, epochs.length, losses.length]).to.deep.equal(['idle', null, 8, 72])
  })

  it('answers while it trains, trains once at a time, and stops when it is told to', async () => {
    expect((await ask(`${site.url}/train`, 'DELETE')).status).to.equal(409)
    const probabilities = async () =>
      (await ask(`${site.url}/predict`, 'POST', { pixels: imageOf(1) })).json.probabilities
    const before = await probabilities()
    expect((await ask(`${site.url}/train`, 'POST', { epochs: 1000, batchSize: 1 })).status).to.equal(202)
    await statusWhen(site.url, ({ losses }) => losses.length > 0)
    expect(await probabilities(), 'what has been learned so far').not.to.deep.equal(before)
    const predictions = Array.from({ length: 20 }, () => ask(`${site.url}/predict`, 'POST', { pixels: imageOf(1) }))
    expect((await Promise.all(predictions)).map(({ status }) => status)).to.deep.equal(Array(20).fill(200))
    const second = await ask(`${site.url}/train`, 'POST', {})
    expect([second.status, second.json.error]).to.deep.equal([409, 'expected no training to be under way'])
    const stopped = await ask(`${site.url}/train`, 'DELETE')
    expect([stopped.status, stopped.json.status, stopped.json.error]).to.deep.equal([200, 'idle', null])
    expect(stopped.json.epochs.length).to.be.lessThan(1000)
  })

  it('has nothing to train on without samples', async () => {
    const empty = await openSite([])
    const { status, json } = await ask(`${empty.url}/train`, 'POST')
    expect([status, json.error]).to.deep.equal([409, 'expected samples to train on; POST /samples takes them'])
    await empty.close()
  })

  describe('answers with an error in JSON to', () => {
    const pixels = imageOf(1)
    const json = { 'content-type': 'application/json' }
    const cases: [string, string, string, RequestInit, number, string][] = [
      ['an unknown path', 'GET', '/nothing', {}, 404, 'expected a known path, got /nothing'],
      ['a path of Object', 'GET', '/constructor', {}, 404, 'expected a known path'],
      ['a wrong method', 'GET', '/predict', {}, 405, 'expected POST for /predict, got GET'],
      ['an odd method', 'PUT', '/train', {}, 405, 'expected POST, DELETE for /train, got PUT'],
      ['bad JSON', 'POST', '/predict', { body: '{"pixels": [', headers: json }, 400, 'expected JSON: '],
      ['bad UTF-8', 'POST', '/predict', { body: Uint8Array.of(0x22, 0xff, 0x22), headers: json }, 400, 'expected JSON: '],
      ['another type', 'POST', '/predict', { body: 'a=1', headers: { 'content-type': 'text/plain' } }, 415, 'expected application/json, got text/plain'],
      ['no body', 'POST', '/predict', {}, 422, 'expected pixels to be an array of 784 numbers from 0 to 1'],
      ['a body that is no object', 'POST', '/predict', { body: '[1]', headers: json }, 422, 'expected the body to be an object { pixels }'],
      ['an unknown field', 'POST', '/predict', { body: '{"pixel":1}', headers: json }, 422, 'without "pixel"'],
      ['a short image', 'POST', '/predict', { body: '{"pixels":[0,1]}', headers: json }, 422, 'an array of 784 numbers'],
      ['pixels out of range', 'POST', '/predict', { body: JSON.stringify({ pixels: pixels.with(5, 1.5) }), headers: json }, 422, 'from 0 to 1'],
      ['pixels that are none', 'POST', '/predict', { body: JSON.stringify({ pixels: pixels.map(String) }), headers: json }, 422, 'from 0 to 1'],
      ['no samples', 'POST', '/samples', { body: '{"samples":[]}', headers: json }, 422, 'samples to be an array of one sample at least'],
      ['a wrong label', 'POST', '/samples', { body: JSON.stringify({ samples: [{ pixels, label: 10 }] }), headers: json }, 422, 'samples[0].label to be an integer from 0 to 9'],
      ['a sample that is none', 'POST', '/samples', { body: '{"samples":[1]}', headers: json }, 422, 'samples[0] to be an object { pixels, label }'],
      ['no epochs', 'POST', '/train', { body: '{"epochs":0}', headers: json }, 422, 'epochs to be an integer from 1 to 1000'],
      ['a huge batch', 'POST', '/train', { body: '{"batchSize":1e9}', headers: json }, 422, 'batchSize to be an integer from 1 to 4096'],
      ['a negative rate', 'POST', '/train', { body: '{"learningRate":-1}', headers: json }, 422, 'learningRate to be a number above 0'],
      ['an oversized body', 'POST', '/predict', { body: ' '.repeat(2 ** 20), headers: json }, 413, 'expected a body of at most 65536 bytes, got 1048576'],
    ] // prettier-ignore
    for (const [name, method, path, init, status, message] of cases) {
      it(name, async () => {
        const response = await fetch(site.url + path, { method, ...init })
        expect([response.status, response.headers.get('content-type')]).to.deep.equal([status, 'application/json'])
        expect(((await response.json()) as { error: string }).error).to.include(message)
        if (status === 405) expect(response.headers.get('allow')).to.be.a('string')
        expect((await ask(`${site.url}/status`)).json.samples, 'nothing has changed').to.equal(60)
      })
    }

    it('what is no HTTP', async () => {
      const { hostname, port } = new URL(site.url)
      const socket = connect(Number(port), hostname)
      socket.end('GET\r\n\r\n')
      const [head, body] = (await text(socket)).split('\r\n\r\n')
      expect(head).to.match(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/json\r\n/)
      expect((JSON.parse(body) as { error: string }).error).to.match(/^expected an HTTP request: Parse Error/)
    })

    it('nobody, if the client has gone', async () => {
      const client = rawRequest(`${site.url}/predict`, { method: 'POST', headers: { ...json, 'content-length': 1000 } })
      client.on('error', () => undefined)
      client.write('{')
      await once(client, 'socket')
      client.destroy()
      expect((await ask(`${site.url}/status`)).status).to.equal(200)
    })
  })
})

describe('the server of examples/server as a process', () => {
  const running = new Set<ChildProcess>()
  after(() => running.forEach((child) => child.kill('SIGKILL')))

  /** Starts it, and waits for the address that it prints. */
  async function launch(folder: string) {
    const env = { ...process.env, PORT: '0', SAMPLES: '120', STATE: folder }
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/server/main.ts'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.add(child)
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const [url] = /http:\/\/[\d.:]+/.exec(String(line)) ?? ['']
    return { child, url }
  }

  async function end(child: ChildProcess): Promise<void> {
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).to.deep.equal([0, null])
    running.delete(child)
  }

  /** How a server ends that cannot begin: its exit code, and what it says. */
  async function failure(settings: NodeJS.ProcessEnv): Promise<[code: number, said: string]> {
    const env = { ...process.env, ...settings }
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/server/main.ts'], { env })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number]>])
    return [code, said]
  }

  it('says so where another one listens already', async () => {
    const folder = await newFolder()
    try {
      const first = await launch(folder)
      const [code, said] = await failure({ PORT: new URL(first.url).port, SAMPLES: '120', STATE: folder })
      expect(code).to.equal(1)
      const expected = /^cannot listen on HOST=127\.0\.0\.1, PORT=\d+: listen EADDRINUSE.*\n$/
      expect(said).to.match(expected)
      await end(first.child)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says so where it cannot go on from its files', async () => {
    const folder = await newFolder()
    try {
      await writeFile(join(folder, 'run.json'), 'null')
      const [code, said] = await failure({ PORT: '0', SAMPLES: '120', STATE: folder })
      expect(code).to.equal(1)
      expect(said).to.match(/^cannot go on from STATE=.*: .*run\.json: expected a training that can go on;.*\n$/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('ends in order if SIGTERM comes twice', async () => {
    const folder = await newFolder()
    try {
      const { child, url } = await launch(folder)
      // As long as this is under way, the server has not ended.
      const unfinished = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
      const head = 'POST /predict HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n'
      unfinished.write(head)
      await once(unfinished, 'data')
      child.kill('SIGTERM')
      await once(child.stdout, 'data')
      child.kill('SIGTERM')
      setTimeout(() => unfinished.end('{}'), 200)
      expect(await once(child, 'exit')).to.deep.equal([0, null])
      running.delete(child)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('goes on to train after SIGTERM and a restart, to the bit', async () => {
    const [whole, broken] = [await newFolder(), await newFolder()]
    const options = { epochs: 80, batchSize: 27 }
    try {
      const [unbroken, first] = await Promise.all([launch(whole), launch(broken)])
      for (const { url } of [unbroken, first]) await ask(`${url}/train`, 'POST', options)
      await statusWhen(first.url, ({ epochs }) => epochs.length >= 2)
      await end(first.child)
      expect(existsSync(join(broken, 'run.safetensors')), 'it was broken off').to.be.true

      const second = await launch(broken)
      const { epochs, error } = await statusWhen(second.url, ({ status }) => status === 'idle')
      expect([error, epochs.map(({ epoch }) => epoch)]).to.deep.equal([
        null,
        Array.from({ length: 80 }, (_, i) => i + 1),
      ])
      const expected = await statusWhen(unbroken.url, ({ status }) => status === 'idle')
      expect(epochs.map(({ loss }) => loss)).to.deep.equal(expected.epochs.map(({ loss }) => loss))
      await Promise.all([end(second.child), end(unbroken.child)])
      const model = (folder: string) => readFile(join(folder, 'model.safetensors'))
      expect((await model(broken)).equals(await model(whole))).to.be.true
    } finally {
      await Promise.all([whole, broken].map((folder) => rm(folder, { recursive: true })))
    }
  })
})
