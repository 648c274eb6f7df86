// A server that reads digits, and learns to read them better while it answers.
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { noGrad, tensor } from 'evenkeel'
import { checkImage, checkSamples, checkTraining, type Sample } from './checks.js'
import { EventStream } from './events.js'
import { HttpError, readJson, refuse, sendJson } from './http.js'
import { PIXELS } from './model.js'
import { Samples } from './samples.js'
import { Trainer } from './trainer.js'

const KIBIBYTE = 1024

/** The largest bodies that are taken, in bytes. */
const LIMITS = { '/predict': 64 * KIBIBYTE, '/samples': 16 * KIBIBYTE * KIBIBYTE, '/train': KIBIBYTE }

/** The most samples that are kept. */
const MOST_SAMPLES = 100_000

/** How long requests under way may take once the server is being closed, in milliseconds. */
const PATIENCE = 5000

export interface DigitServer {
  readonly server: Server
  /** Stops training with a checkpoint, ends every connection and lets go of the port. */
  readonly close: () => Promise<void>
}

interface App {
  readonly samples: Samples
  readonly trainer: Trainer
  readonly events: EventStream
}

type Handler = (app: App, request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** @param folder where samples, what was learned and checkpoints are kept; @param given the samples to begin with */
export async function openServer(folder: string, given: readonly Sample[]): Promise<DigitServer> {
  await mkdir(folder, { recursive: true })
  const events = new EventStream()
  const samples = await Samples.open(given, join(folder, 'samples.safetensors'))
  const trainer = await Trainer.open(folder, samples, events)
  const app: App = { samples, trainer, events }
  const server = createServer((request, response) => void answer(app, request, response))
  server.requestTimeout = 30_000
  server.on('clientError', refuse)
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    await trainer.shutDown()
    events.close()
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), PATIENCE).unref()
    await closed
  }
  return { server, close }
}

async function answer(app: App, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await handlerOf(request)(app, request, response)
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy()
    const isKnown = error instanceof HttpError
    if (!isKnown) console.error(error)
    const [status, message] = isKnown ? [error.status, error.message] : [500, 'internal error']
    sendJson(response, status, { error: message }, isKnown ? error.headers : {})
  }
}

function handlerOf({ method = 'GET', url = '/' }: IncomingMessage): Handler {
  const [path] = url.split('?')
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (methods === undefined) throw new HttpError(404, `expected a known path, got ${path}`)
  if (Object.hasOwn(methods, method)) return methods[method]
  const allow = Object.keys(methods).join(', ')
  throw new HttpError(405, `expected ${allow} for ${path}, got ${method}`, { allow })
}

const predict: Handler = async ({ trainer }, request, response) => {
  const pixels = checkImage(await readJson(request, LIMITS['/predict']))
  const scores = noGrad(() => trainer.served.forward(tensor(pixels, { shape: [1, PIXELS] })).softmax(1))
  sendJson(response, 200, { digit: scores.argmax(1).item(), probabilities: Array.from(scores.data) })
}

const addSamples: Handler = async ({ samples }, request, response) => {
  const added = checkSamples(await readJson(request, LIMITS['/samples']))
  if (samples.length + added.length > MOST_SAMPLES) throw new HttpError(409, `expected ${MOST_SAMPLES} samples at most`)
  await samples.add(added)
  sendJson(response, 201, { samples: samples.length })
}

const startTraining: Handler = async ({ trainer }, request, response) => {
  sendJson(response, 202, await trainer.start(checkTraining(await readJson(request, LIMITS['/train']))))
}

const stopTraining: Handler = async ({ trainer }, _request, response) => {
  await trainer.stop()
  sendJson(response, 200, trainer.state)
}

const status: Handler = ({ samples, trainer }, _request, response) => {
  sendJson(response, 200, { samples: samples.length, ...trainer.state })
}

const listen: Handler = ({ trainer, events }, _request, response) => events.add(response, 'state', trainer.state)

/** A file of the page, which loads nothing from elsewhere. */
function file(path: string | URL, type: string): Record<string, Handler> {
  const body = readFileSync(path)
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-length': body.length,
    'content-security-policy': "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  }
  const GET: Handler = (_app, _request, response) => void response.writeHead(200, headers).end(body)
  return { GET, HEAD: GET }
}

const page = (name: string) => new URL(`page/${name}`, import.meta.url)
const { resolve } = createRequire(import.meta.url)

const routes: Record<string, Record<string, Handler>> = {
  '/': file(page('index.html'), 'text/html'),
  '/app.js': file(page('app.js'), 'text/javascript'),
  '/style.css': file(page('style.css'), 'text/css'),
  '/uPlot.js': file(resolve('uplot/dist/uPlot.iife.min.js'), 'text/javascript'),
  '/uPlot.css': file(resolve('uplot/dist/uPlot.min.css'), 'text/css'),
  '/predict': { POST: predict },
  '/samples': { POST: addSamples },
  '/train': { POST: startTraining, DELETE: stopTraining },
  '/status': { GET: status },
  '/events': { GET: listen },
}
