import { pythonBoolean, pythonFloat } from '../repr.js'

/** The options of a parameter group, named and written as PyTorch prints them. */
export function optionLines(group: object): string[] {
  return Object.entries(group)
    .filter(([name]) => name !== 'params')
    .map(([name, value]) => `    ${snakeCase(name)}: ${pythonValue(value)}`)
    .sort()
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function pythonValue(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(pythonValue).join(', ')})`
  if (typeof value === 'boolean') return pythonBoolean(value)
  return typeof value === 'number' && !Number.isInteger(value) ? pythonFloat(value) : String(value)
}
