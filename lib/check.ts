/** The checks of arguments that every public function shares, and the one wording of their errors. */

/** A short text for what a caller passed: the kind of value, and the value itself where that is short. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return describeArray(value)
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'function':
      return value.name === '' ? 'a function' : `the function ${value.name}`
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'symbol':
      return `${typeof value} ${String(value)}`
    default:
      return describeObject(value)
  }
}

function describeArray(value: readonly unknown[]): string {
  if (value.some((item) => Array.isArray(item))) return 'a nested array'
  const isShort = value.length <= 16 && value.every((item) => typeof item !== 'object')
  return isShort ? `[${value.join(',')}]` : `an array of length ${value.length}`
}

function describeObject(value: object): string {
  const { name } = (value as { constructor?: { name?: string } }).constructor ?? {}
  const { shape, dtype } = tensorFields(value)
  if (shape !== undefined) return `${dtype === 'int32' ? 'an' : 'a'} ${dtype} tensor of shape [${shape.join(',')}]`
  if (value instanceof DataView) return `a DataView of ${value.byteLength} bytes`
  if (ArrayBuffer.isView(value)) return `a ${name ?? 'view'} of ${(value as Uint8Array).length} elements`
  return name === undefined || name === 'Object' ? 'an object' : `a ${name}`
}

/** Whether a value looks like a tensor, whichever copy of the package made it. */
export function looksLikeTensor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && tensorFields(value).shape !== undefined
}

/** What a tensor shows of itself; nothing for an object whose getters throw, such as one with its prototype alone. */
function tensorFields(value: object): { shape?: readonly unknown[]; dtype?: string } {
  try {
    const { shape, dtype } = value as { shape?: unknown; dtype?: unknown }
    return Array.isArray(shape) && typeof dtype === 'string' ? { shape, dtype } : {}
  } catch {
    return {}
  }
}

/** The error for an argument of the wrong kind: `where: expected argument to be ..., got ...`. */
export function typeError(where: string, argument: string, expected: string, given: unknown): TypeError {
  return new TypeError(`${where}: expected ${argument} to be ${expected}, got ${describe(given)}`)
}

/** The error for a value out of range: `where: expected argument to be ..., got ...`. */
export function rangeError(where: string, argument: string, expected: string, given: unknown): RangeError {
  return new RangeError(`${where}: expected ${argument} to be ${expected}, got ${describe(given)}`)
}

/** The error for a tensor whose array no longer has the elements that its shape says. */
export function lostElements(where: string, argument: string): RangeError {
  return new RangeError(
    `${where}: ${argument} has lost its elements: its buffer was transferred or resized, or it was made in a captured function`,
  )
}

/** Rejects what is not a number. NaN and the infinities pass. */
export function checkNumber(where: string, argument: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw typeError(where, argument, 'a number', value)
}

/** Rejects what is not a number of at least `least`; NaN too. */
export function checkAtLeast(where: string, argument: string, value: unknown, least: number): asserts value is number {
  checkNumber(where, argument, value)
  if (!(value >= least)) throw rangeError(where, argument, `at least ${least}`, value)
}

/** Rejects what is not an integer within [least, most]. */
export function checkInteger(
  where: string,
  argument: string,
  value: unknown,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  checkNumber(where, argument, value)
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw rangeError(where, argument, integerRange(least, most), value)
}

function integerRange(least: number, most: number): string {
  if (least === Number.MIN_SAFE_INTEGER && most === Number.MAX_SAFE_INTEGER) return 'an integer'
  if (most === Number.MAX_SAFE_INTEGER) return `an integer of at least ${least}`
  return `an integer from ${least} to ${most}`
}

/** Rejects what is not a boolean. */
export function checkBoolean(where: string, argument: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw typeError(where, argument, 'a boolean', value)
}

/** Rejects what is not a function. */
export function checkFunction(where: string, argument: string, value: unknown): void {
  if (typeof value !== 'function') throw typeError(where, argument, 'a function', value)
}

/** What `fn` returns. Rejects a promise: what it awaits would run after the caller has gone on. */
export function callSynchronous<T>(where: string, fn: () => T): T {
  checkFunction(where, 'fn', fn)
  const result = fn()
  if (isThenable(result)) throw typeError(where, 'fn', 'synchronous', fn)
  return result
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** Rejects a value that is not one of the given ones. */
export function checkOneOf<T extends string>(
  where: string,
  argument: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  if (choices.includes(value as T)) return
  const expected = `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`
  if (typeof value !== 'string') throw typeError(where, argument, expected, value)
  throw rangeError(where, argument, expected, value)
}

/** Rejects arguments after the first `most`: each is one that the caller counts on, such as PyTorch's `inplace`. */
export function checkCount(where: string, given: number, most: number): void {
  if (given > most) throw new TypeError(`${where}: expected at most ${most} arguments, got ${given}`)
}

/** Options as {@link readOptions} returns them: those that may be absent are never null. */
type Options<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], null> : T[K] }

/**
 * The options a caller passed, completed by their defaults. An option that is not among the defaults is an error which
 * names the nearest one, so that a misspelled option never passes unnoticed. As in PyTorch, `null` stands for an option
 * that is absent unless given.
 */
export function readOptions<T extends object>(where: string, given: unknown, defaults: T): Options<T> {
  if (given === undefined) return defaults as Options<T>
  if (!isPlainObject(given)) {
    throw typeError(where, 'options', `an object { ${Object.keys(defaults).join(', ')} }`, given)
  }
  const options = { ...defaults }
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(defaults, key)) throw unknownOption(where, key, Object.keys(defaults))
    const value: unknown = given[key as keyof typeof given]
    const isAbsent = value === undefined || (value === null && defaults[key as keyof T] === undefined)
    if (!isAbsent) options[key as keyof T] = value as T[keyof T]
  }
  return options as Options<T>
}

/** Whether a value is an object of options, and not an array, a tensor or anything else with a class of its own. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Rejects the first key that is not among the names, and suggests the nearest one. */
export function checkNames(where: string, given: object, names: readonly string[]): void {
  for (const key in given) if (!names.includes(key)) throw unknownOption(where, key, names)
}

function unknownOption(where: string, key: string, names: readonly string[]): TypeError {
  const nearest = names.toSorted((a, b) => editDistance(key, a) - editDistance(key, b))[0]
  const isNear = nearest !== undefined && editDistance(key, nearest) <= Math.min(3, key.length / 2)
  // `approx` or `smoothing` is far from the whole name that it is a part of.
  const meant = isNear ? nearest : names.find((name) => key.length > 2 && plain(name).includes(plain(key)))
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return new TypeError(`${where}: unknown option ${key} (known: ${names.join(', ')})${hint}`)
}

/** A name without case and underscores, so that PyTorch's `label_smoothing` finds `labelSmoothing`. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

/** Levenshtein's distance of {@link plain} names. */
function editDistance(a: string, b: string): number {
  const [from, to] = [plain(a), plain(b)]
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const substitution = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(substitution, previous[column] + 1, current[column - 1] + 1))
    }
    previous = current
  }
  return previous[to.length]
}
