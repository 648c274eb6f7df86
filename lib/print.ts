import { isFloat } from './dtype.js'
import { gradFnOf } from './graph.js'
import { type Shape, sizeOf } from './shape.js'
import type { Tensor } from './tensor.js'

// PyTorch's defaults, torch.set_printoptions.
const PRECISION = 4
const THRESHOLD = 1000
const EDGE_ITEMS = 3
const LINE_WIDTH = 80

const PREFIX = 'tensor('

/** Formats an element of one tensor, padded to the width that suits all of them. */
interface ElementFormat {
  readonly width: number
  format(value: number): string
}

/** What `print(tensor)` shows in PyTorch, from the same rules as its torch/_tensor_str.py. */
export function formatTensor(tensor: Tensor): string {
  const { data, shape } = tensor
  const summarize = tensor.size > THRESHOLD
  const values = summarize ? summarizedIndices(shape).map((i) => data[i]) : Array.from(data)
  const element = elementFormat(tensor, values)
  const at = (index: number) => element.format(data[index])
  const body = tensor.size === 0 ? '[]' : formatDims(shape, 0, PREFIX.length, { at, width: element.width, summarize })
  return addSuffixes(PREFIX + body, suffixesOf(tensor))
}

/** The offsets of the elements that a summary shows: the first and the last few along every dimension. */
function summarizedIndices(shape: Shape): number[] {
  let offsets = [0]
  for (const length of shape) {
    const hidden = Math.max(length - 2 * EDGE_ITEMS, 0)
    const shown = Array.from({ length: length - hidden }, (_, i) => (i < EDGE_ITEMS ? i : i + hidden))
    offsets = offsets.flatMap((offset) => shown.map((i) => offset * length + i))
  }
  return offsets
}

interface Elements {
  at(index: number): string
  readonly width: number
  readonly summarize: boolean
}

function formatDims(shape: Shape, offset: number, indent: number, elements: Elements): string {
  const [length, ...inner] = shape
  if (length === undefined) return elements.at(offset)
  const size = sizeOf(inner)
  const item = (i: number) =>
    inner.length === 0 ? elements.at(offset + i) : formatDims(inner, offset + i * size, indent + 1, elements)
  const items = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => item(from + i))
  const shortened = elements.summarize && length > 2 * EDGE_ITEMS
  const dots = inner.length === 0 ? ' ...' : '...'
  const parts = shortened ? [...items(0, EDGE_ITEMS), dots, ...items(length - EDGE_ITEMS, length)] : items(0, length)
  const margin = ' '.repeat(indent + 1)
  if (inner.length > 0) return `[${parts.join(',' + '\n'.repeat(inner.length) + margin)}]`
  return `[${breakLines(parts, indent, elements.width).join(',\n' + margin)}]`
}

function breakLines(parts: readonly string[], indent: number, width: number): string[] {
  const perLine = Math.max(1, Math.floor((LINE_WIDTH - indent) / (width + 2)))
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '))
  return lines
}

function elementFormat(tensor: Tensor, values: readonly number[]): ElementFormat {
  const convert = isFloat(tensor.dtype) ? floatConversion(values) : (value: number) => discrete(tensor, value)
  // As in PyTorch, zeros, infinities and NaN are not measured.
  const measured = isFloat(tensor.dtype) ? values.filter(isNonzeroFinite) : values
  const width = measured.reduce((most, value) => Math.max(most, convert(value).length), 1)
  return { width, format: (value) => convert(value).padStart(width) }
}

function discrete(tensor: Tensor, value: number): string {
  if (tensor.dtype !== 'bool') return String(value)
  return value === 0 ? 'False' : 'True'
}

function isNonzeroFinite(value: number): boolean {
  return Number.isFinite(value) && value !== 0
}

/** How PyTorch writes the numbers of one tensor: as integers, fixed or in scientific notation, whichever suits all. */
function floatConversion(values: readonly number[]): (value: number) => string {
  const magnitudes = values.filter(isNonzeroFinite).map(Math.abs)
  const largest = magnitudes.reduce((a, b) => Math.max(a, b), 0)
  const smallest = magnitudes.reduce((a, b) => Math.min(a, b), Infinity)
  if (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4) return named(scientific)
  if (magnitudes.every(Number.isInteger)) return named((value) => `${signed(value, value.toFixed(0))}.`)
  return named(fixed)
}

/** Python's names for what is not a number. */
function named(convert: (value: number) => string): (value: number) => string {
  return (value) => {
    if (Number.isNaN(value)) return 'nan'
    if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
    return convert(value)
  }
}

/** JavaScript drops the sign of a negative zero, Python keeps it. */
function signed(value: number, text: string): string {
  return (value < 0 || Object.is(value, -0)) && !text.startsWith('-') ? `-${text}` : text
}

/** Python's `:.4f`. */
function fixed(value: number): string {
  const text = signed(value, value.toFixed(PRECISION))
  // A decimal tie at four digits is an odd multiple of 1/32. toFixed rounds it away from zero, Python to even.
  const tie = Math.abs((value * 32) % 2) === 1
  return tie ? evenNeighbour(text, (digits) => (digits - 1) / 10 ** PRECISION, PRECISION) : text
}

function evenNeighbour(text: string, lower: (digits: number) => number, precision: number): string {
  const digits = Number(text.replace(/[-.]/g, ''))
  if (digits % 2 === 0) return text
  return (text.startsWith('-') ? '-' : '') + lower(digits).toFixed(precision)
}

/** Python's `:.4e`, with at least two digits of exponent. */
function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(PRECISION).split('e')
  const exact = value.toExponential(20).split('e')[0]
  const tie = /^-?\d\.\d{4}50*$/.test(exact)
  const rounded = tie ? evenMantissa(exact, mantissa) : mantissa
  return `${signed(value, rounded)}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

/** The mantissa rounded down where that leaves an even digit; rounding up to even is what toExponential has done. */
function evenMantissa(exact: string, up: string): string {
  const down = exact.slice(0, exact.indexOf('.') + 1 + PRECISION)
  return Number(down.at(-1)) % 2 === 0 ? down : up
}

function suffixesOf(tensor: Tensor): string[] {
  const suffixes: string[] = []
  if (tensor.size === 0 && tensor.shape.length !== 1) suffixes.push(`size=(${tupleOf(tensor.shape)})`)
  const isDefault = tensor.dtype === 'float32' || (tensor.dtype === 'bool' && tensor.size > 0)
  if (!isDefault) suffixes.push(`dtype=torch.${tensor.dtype}`)
  if (tensor.node !== null) suffixes.push(`grad_fn=<${gradFnOf(tensor.node)}>`)
  else if (tensor.requiresGrad) suffixes.push('requires_grad=True')
  return suffixes
}

function tupleOf(shape: Shape): string {
  return shape.length === 1 ? `${shape[0]},` : shape.join(', ')
}

function addSuffixes(text: string, suffixes: readonly string[]): string {
  let lastLine = text.length - text.lastIndexOf('\n') + 1
  for (const suffix of suffixes) {
    const breakLine = lastLine + suffix.length + 2 > LINE_WIDTH
    text += breakLine ? `,\n${' '.repeat(PREFIX.length)}${suffix}` : `, ${suffix}`
    lastLine = breakLine ? PREFIX.length + suffix.length : lastLine + suffix.length + 2
  }
  return `${text})`
}
