// What requests may ask for. Everything else is answered with 422 and what was expected.
import { HttpError } from './http.js'
import { CLASSES, PIXELS } from './model.js'

/** An image with the digit that it shows. */
export interface Sample {
  readonly pixels: Float32Array
  readonly label: number
}

/** How to train. */
export interface TrainingOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
}

const defaults: TrainingOptions = { epochs: 5, batchSize: 64, learningRate: 2e-3 }

function unprocessable(what: string, expected: string): HttpError {
  return new HttpError(422, `expected ${what} to be ${expected}`)
}

/** The fields of an object, of which none may be there that is not known. */
function fieldsOf(what: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  const expected = `an object { ${known.join(', ')} }`
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unprocessable(what, expected)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw unprocessable(what, `${expected}, without ${JSON.stringify(unknown)}`)
  return value as Record<string, unknown>
}

/** `{ pixels }` of POST /predict. */
export function checkImage(body: unknown): Float32Array {
  return checkPixels('pixels', fieldsOf('the body', body, ['pixels']).pixels)
}

/** `{ samples: [{ pixels, label }] }` of POST /samples. */
export function checkSamples(body: unknown): Sample[] {
  const { samples } = fieldsOf('the body', body, ['samples'])
  if (!Array.isArray(samples) || samples.length === 0) throw unprocessable('samples', 'an array of one sample at least')
  return samples.map((sample: unknown, i) => {
    const { pixels, label } = fieldsOf(`samples[${i}]`, sample, ['pixels', 'label'])
    if (!Number.isInteger(label) || (label as number) < 0 || (label as number) >= CLASSES) {
      throw unprocessable(`samples[${i}].label`, `an integer from 0 to ${CLASSES - 1}`)
    }
    return { pixels: checkPixels(`samples[${i}].pixels`, pixels), label: label as number }
  })
}

function checkPixels(what: string, value: unknown): Float32Array {
  const isPixel = (pixel: unknown) => typeof pixel === 'number' && pixel >= 0 && pixel <= 1
  if (Array.isArray(value) && value.length === PIXELS && value.every(isPixel))
    return Float32Array.from(value as number[])
  throw unprocessable(what, `an array of ${PIXELS} numbers from 0 to 1`)
}

/** `{ epochs, batchSize, learningRate }` of POST /train, each of which may be absent. */
export function checkTraining(body: unknown): TrainingOptions {
  const given = fieldsOf('the body', body, Object.keys(defaults))
  const options = { ...defaults, ...given } as Record<keyof TrainingOptions, unknown>
  const isCount = (value: unknown, most: number) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
  if (!isCount(options.epochs, 1000)) throw unprocessable('epochs', 'an integer from 1 to 1000')
  if (!isCount(options.batchSize, 4096)) throw unprocessable('batchSize', 'an integer from 1 to 4096')
  const { learningRate } = options
  if (typeof learningRate !== 'number' || !(learningRate > 0 && learningRate <= 1)) {
    throw unprocessable('learningRate', 'a number above 0, of at most 1')
  }
  return options as TrainingOptions
}
