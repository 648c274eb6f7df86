import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, type Tensor } from '../../lib/index.js'

/** A folder for the tests of one `describe`, empty before each of them. */
export function useFolder(): { path: (name: string) => string; readonly root: string } {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))
  })
  afterEach(() => {
    rmSync(root, { recursive: true })
  })
  return {
    path: (name) => join(root, name),
    get root() {
      return root
    },
  }
}

/** The bytes of a file with this header, as a text, as bytes or as what JSON makes of it, and `length` as its length. */
export function fileOf(
  header: unknown,
  data: Uint8Array = new Uint8Array(),
  length?: number | bigint,
): Buffer<ArrayBuffer> {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const json = header instanceof Uint8Array ? header : Buffer.from(text)
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(length ?? json.length))
  return Buffer.concat([prefix, json, data])
}

/** The tensors of a file of these bytes. */
export async function loadBytes(path: string, bytes: Uint8Array): Promise<Map<string, Tensor>> {
  writeFileSync(path, bytes)
  return load(path)
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
    throw new Error('rejected with something that is no error', { cause: error })
  }
  throw new Error('expected an error, got none')
}

/** Each tensor's dtype, shape and bytes, in order: what files have to keep. */
export function contents(tensors: ReadonlyMap<string, Tensor>): unknown[] {
  return [...tensors].map(([name, { dtype, shape, data }]) => {
    return [name, dtype, [...shape], Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')]
  })
}
