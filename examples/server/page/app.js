/** The side of an image, in pixels, and that of the box that its digit is fitted into, as in the samples. */
const SIDE = 28
const BOX = 20

/**
 * The element of that id.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 */
function element(id, kind) {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`)
  return found
}

const canvas = element('drawing', HTMLCanvasElement)
const message = element('message', HTMLElement)
const digit = element('digit', HTMLOutputElement)
const trainButton = element('train', HTMLButtonElement)
const stopButton = element('stop', HTMLButtonElement)
const training = element('training', HTMLOutputElement)
const samples = element('samples', HTMLOutputElement)

/** @param {HTMLCanvasElement} of */
function contextOf(of) {
  const context = of.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('the browser has no 2d canvas')
  return context
}

const pen = contextOf(canvas)
pen.lineWidth = 22
pen.lineCap = pen.lineJoin = 'round'
pen.strokeStyle = '#fff'

/**
 * Asks the server; its errors are shown on the page.
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function request(method, path, body) {
  const headers = body === undefined ? undefined : { 'content-type': 'application/json' }
  const response = await fetch(path, { method, headers, body: JSON.stringify(body) })
  const answer = await response.json()
  message.textContent = response.ok ? '' : answer.error
  return response.ok ? answer : undefined
}

/** What was drawn, as the samples are: within a box of 20 by 20, its centre of mass in the middle of 28 by 28. */
function pixelsOfDrawing() {
  const { width, height } = canvas
  const { data } = pen.getImageData(0, 0, width, height)
  let [left, top, right, bottom, mass, massX, massY] = [width, height, 0, 0, 0, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = data[4 * (y * width + x) + 3]
      if (ink === 0) continue
      ;[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)]
      mass += ink
      massX += ink * x
      massY += ink * y
    }
  }
  if (mass === 0) return undefined
  const scale = BOX / Math.max(right - left + 1, bottom - top + 1)
  const small = contextOf(Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE }))
  small.imageSmoothingQuality = 'high'
  small.translate(SIDE / 2 - (massX / mass) * scale, SIDE / 2 - (massY / mass) * scale)
  small.scale(scale, scale)
  small.drawImage(canvas, 0, 0)
  const image = small.getImageData(0, 0, SIDE, SIDE).data
  return Array.from({ length: SIDE * SIDE }, (_, i) => image[4 * i + 3] / 255)
}

const meters = Array.from({ length: 10 }, () => {
  const item = document.createElement('li')
  const meter = document.createElement('meter')
  item.append(meter)
  element('probabilities', HTMLElement).append(item)
  return meter
})

async function predict() {
  const pixels = pixelsOfDrawing()
  if (pixels === undefined) return
  const answer = await request('POST', '/predict', { pixels })
  if (answer === undefined) return
  digit.value = answer.digit
  meters.forEach((meter, i) => (meter.value = answer.probabilities[i]))
}

function clear() {
  pen.clearRect(0, 0, canvas.width, canvas.height)
  digit.value = '–'
  for (const meter of meters) meter.value = 0
}

let isDrawing = false
canvas.addEventListener('pointerdown', (event) => {
  isDrawing = true
  canvas.setPointerCapture(event.pointerId)
  pen.beginPath()
  pen.moveTo(event.offsetX, event.offsetY)
})
canvas.addEventListener('pointermove', (event) => {
  if (!isDrawing) return
  pen.lineTo(event.offsetX, event.offsetY)
  pen.stroke()
})
canvas.addEventListener('pointerup', () => {
  isDrawing = false
  void predict()
})
element('clear', HTMLButtonElement).addEventListener('click', clear)

for (let label = 0; label < 10; label++) {
  const button = document.createElement('button')
  button.textContent = String(label)
  button.addEventListener('click', async () => {
    const pixels = pixelsOfDrawing()
    if (pixels === undefined) return
    const answer = await request('POST', '/samples', { samples: [{ pixels, label }] })
    if (answer === undefined) return
    samples.value = answer.samples
    clear()
  })
  element('labels', HTMLElement).append(button)
}

trainButton.addEventListener('click', () => {
  void request('POST', '/train', { epochs: element('epochs', HTMLInputElement).valueAsNumber })
})
stopButton.addEventListener('click', () => void request('DELETE', '/train'))

/**
 * @param {string} id
 * @param {string} title
 * @param {string} label of what the curves go along
 * @param {{ label: string, stroke: string }[]} lines
 */
function plot(id, title, label, lines) {
  const options = { title, width: 520, height: 260, scales: { x: { time: false } }, series: [{ label }, ...lines] }
  return new uPlot(options, [[], ...lines.map(() => [])], element(id, HTMLElement))
}

const lossPlot = plot('loss', 'Loss of each step', 'step', [{ label: 'loss', stroke: '#06c' }])
const accuracyPlot = plot('accuracy', 'Accuracy of each epoch', 'epoch', [
  { label: 'training', stroke: '#06c' },
  { label: 'validation', stroke: '#c60' },
])

/** @typedef {{ epoch: number, metrics: { accuracy: number }, validation?: { metrics: { accuracy: number } } }} Epoch */

/** @type {number[]} */
let losses = []
/** @type {Epoch[]} */
let epochs = []

let isDrawn = true
/** Draws the curves once for all that comes between two frames. */
function show() {
  if (!isDrawn) return
  isDrawn = false
  requestAnimationFrame(() => {
    isDrawn = true
    lossPlot.setData([losses.map((_, i) => i + 1), losses])
    const validation = epochs.map((epoch) => epoch.validation?.metrics.accuracy ?? null)
    accuracyPlot.setData([epochs.map(({ epoch }) => epoch), epochs.map(({ metrics }) => metrics.accuracy), validation])
  })
}

const events = new EventSource('/events')
events.addEventListener('state', ({ data }) => {
  const state = JSON.parse(data)
  losses = state.losses
  epochs = state.epochs
  training.value = state.status
  trainButton.disabled = state.status === 'training'
  stopButton.disabled = state.status !== 'training'
  message.textContent = state.error ?? ''
  show()
})
events.addEventListener('step', ({ data }) => {
  const { epoch, step, steps, loss } = JSON.parse(data)
  losses.push(loss)
  training.value = `epoch ${epoch}, step ${step} of ${steps}`
  show()
})
events.addEventListener('epoch', ({ data }) => {
  epochs.push(JSON.parse(data))
  show()
})

void request('GET', '/status').then((status) => (samples.value = status?.samples ?? '?'))
