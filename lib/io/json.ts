/** How deep arrays and objects may be nested; the reference reader's limit is 128. */
const MAX_DEPTH = 100

const INTEGER = /^(0|[1-9]\d*)$/
const LITERAL = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/

/**
 * Reads JSON of a known form, from the front, and keeps nothing that was not asked for. `JSON.parse` would make gigabytes
 * of objects of a hundred megabytes of brackets, and would take the last of two equal keys.
 *
 * See RFC 8259.
 */
export class JsonReader {
  readonly #text: string
  readonly #fail: (problem: string) => Error
  #at = 0

  /** @param fail makes the error for a text that is not as expected, of a sentence on what is wrong */
  constructor(text: string, fail: (problem: string) => Error) {
    this.#text = text
    this.#fail = fail
  }

  /** Reads an object. `member` is called with each key, and reads its value. */
  object(member: (key: string) => void): void {
    this.#list('{', '}', () => {
      const key = this.string()
      this.#take(':')
      member(key)
    })
  }

  /** Reads an array. `item` is called for each of its items, and reads it. */
  array(item: () => void): void {
    this.#list('[', ']', item)
  }

  /** Reads a string, which UTF-8 has to be able to say: no half of a surrogate pair. */
  string(): string {
    this.#take('"')
    const start = this.#at - 1
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at++
    const value = parseString(this.#text.slice(start, this.#at))
    if (value === undefined) throw this.#expected('a string of valid escapes and whole characters', start)
    return value
  }

  /** Reads an integer of at least 0 that a number holds exactly; `1.0` and `1e0` are none. */
  integer(): number {
    const { start, token } = this.#scalar()
    const value = INTEGER.test(token) ? Number(token) : NaN
    if (!Number.isSafeInteger(value)) throw this.#expected(`an integer from 0 to ${Number.MAX_SAFE_INTEGER}`, start)
    return value
  }

  /** Reads a value of any kind. */
  skip(depth = 0): void {
    if (depth > MAX_DEPTH) throw this.#expected(`no more than ${MAX_DEPTH} levels of nesting`, this.#at)
    const next = this.#peek()
    if (next === '{') this.object(() => this.skip(depth + 1))
    else if (next === '[') this.array(() => this.skip(depth + 1))
    else if (next === '"') this.string()
    else this.#literal()
  }

  /** Checks that nothing but white space is left. */
  end(): void {
    if (this.#peek() !== '') throw this.#expected('nothing more', this.#at)
  }

  #literal(): void {
    const { start, token } = this.#scalar()
    if (!LITERAL.test(token)) throw this.#expected('a value', start)
  }

  #list(open: string, close: string, item: () => void): void {
    this.#take(open)
    if (this.#has(close)) return
    do item()
    while (this.#has(','))
    this.#take(close)
  }

  #take(char: string): void {
    if (!this.#has(char)) throw this.#expected(char, this.#at)
  }

  #has(char: string): boolean {
    if (this.#peek() !== char) return false
    this.#at++
    return true
  }

  /** The next character that is not white space, which is passed over; `''` at the end. */
  #peek(): string {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '?')) this.#at++
    return this.#text.charAt(this.#at)
  }

  #scalar(): { start: number; token: string } {
    this.#peek()
    const start = this.#at
    while (/[-+.\w]/.test(this.#text.charAt(this.#at))) this.#at++
    return { start, token: this.#text.slice(start, this.#at) }
  }

  #expected(what: string, at: number): Error {
    const given = at < this.#text.length ? JSON.stringify(this.#text.slice(at, at + 20)) : 'its end'
    return this.#fail(`expected ${what} at character ${at} of the header, got ${given}`)
  }
}

function parseString(token: string): string | undefined {
  try {
    const value = JSON.parse(token) as string
    return isWellFormed(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a string has no half of a surrogate pair, which UTF-8 cannot say. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
