/** A boolean as Python prints it. */
export function pythonBoolean(value: boolean): string {
  return value ? 'True' : 'False'
}

/** A number as Python prints a float: `1.0`, `1e-05`, `inf`. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value).toLowerCase().replace('infinity', 'inf')
  const exponential = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e16)
  if (!exponential) return Number.isInteger(value) ? value.toFixed(1) : String(value)
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

/** A shape as Python prints a tuple: `(4,)`, `(2, 3)`. */
export function pythonTuple(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/**
 * A module as PyTorch lays it out: its name, and indented below what else it says of itself and the texts of its children.
 * A single line stands between the parentheses.
 */
export function moduleTree(name: string, children: readonly [key: string, text: string][], extra = ''): string {
  const extraLines = extra === '' ? [] : extra.split('\n')
  if (children.length === 0 && extraLines.length <= 1) return `${name}(${extra})`
  const childLines = children.map(([key, text]) => `(${key}): ${text.replaceAll('\n', '\n  ')}`)
  return `${name}(\n${[...extraLines, ...childLines].map((line) => `  ${line}\n`).join('')})`
}
