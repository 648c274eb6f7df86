import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkCount, rangeError, typeError } from '../check.js'
import { Tensor } from '../tensor.js'
import { convert } from './formats.js'
import { RUN, runsOf } from './runs.js'
import { decodeHeader, decodeHeaderLength, encode, type Entry, named, PREFIX } from './safetensors.js'

/** The most bytes that are read at a time. */
const CHUNK = 2 ** 23

/** Opens a named pipe at once, where a thread of libuv would wait for a writer for ever. Windows has no such flag. */
const NO_WAIT = process.platform === 'win32' ? 0 : constants.O_NONBLOCK

/**
 * Writes tensors into a safetensors file, which `safetensors.torch.load_file` reads in Python.
 *
 * The values are copied before `save` returns its promise: training may go on while the file is being written. The file
 * is written under another name in the same folder, synced to the disk and renamed: whatever fails, a reader finds the
 * old file or the new one. If the process is killed, a file `.evenkeel-*.tmp` may be left behind. A symbolic link at
 * `path` is replaced, not followed.
 *
 * Tensors are stored as F64, F32, I32 and BOOL. Ones that share memory are stored once each. Gradients and
 * `requiresGrad` are not stored.
 *
 * @param path a path or a `file:` URL
 * @param dict as of `model.stateDict()`, `optimizer.stateDict()`
 * @throws TypeError if `path` is neither, or if `dict` is not a map of strings to tensors
 * @throws RangeError if a tensor or a name cannot be stored
 * @throws Error as the file system reports it
 * @see https://huggingface.co/docs/safetensors
 */
export async function save(path: string | URL, dict: ReadonlyMap<string, Tensor>): Promise<void> {
  checkCount('save', arguments.length, 2)
  const file = checkPath('save', path)
  checkLittleEndian('save')
  const pieces = encode('save', dict)
  const folder = dirname(file)
  const temporary = join(folder, `.evenkeel-${randomUUID()}.tmp`)
  try {
    await writeSynced(temporary, pieces)
    await rename(temporary, file)
    await syncFolder(folder)
  } catch (error) {
    // The first error says what is wrong; this one would only follow from it.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw ofFile(error, temporary, file)
  }
}

/** The error of the file system, about the file that was asked for. */
function ofFile(error: unknown, temporary: string, file: string): unknown {
  if (!(error instanceof Error)) return error
  error.message = `save: ${error.message.replaceAll(temporary, file)}`
  if ('path' in error) error.path = file
  return error
}

async function writeSynced(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    for (const piece of pieces) await handle.writeFile(piece)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a new name in a folder outlast a loss of power. Windows cannot open folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Reads the tensors of a safetensors file, such as {@link save} or Python's `safetensors.torch.save_file` writes, in the
 * order in which they stand in it.
 *
 * F32, F64, I32 and BOOL become `float32`, `float64`, `int32` and `bool`. F16 and BF16 become `float32`, exactly, and
 * the other integers `int32`. The tensors own their memory, which is allocated once the header has been found to agree
 * with the size of the file.
 *
 * @param path a path or a `file:` URL
 * @throws TypeError if `path` is neither
 * @throws RangeError if a tensor has another dtype, too many dimensions or elements for a tensor, or an integer beyond int32
 * @throws Error if the file is not a whole safetensors file, with what is wrong; or as the file system reports it
 * @see https://huggingface.co/docs/safetensors
 */
export async function load(path: string | URL): Promise<Map<string, Tensor>> {
  checkCount('load', arguments.length, 1)
  const file = checkPath('load', path)
  checkLittleEndian('load')
  const where = `load: ${file}`
  const handle = await open(file, constants.O_RDONLY | NO_WAIT)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new Error(`${where}: expected a file`)
    return await readTensors(where, handle, stats.size)
  } finally {
    await handle.close()
  }
}

/** @internal The tensors in a file of that size. */
export async function readTensors(where: string, handle: FileHandle, fileSize: number): Promise<Map<string, Tensor>> {
  if (fileSize < PREFIX) throw new Error(`${where}: expected a safetensors file, got ${fileSize} bytes`)
  const read = (bytes: Uint8Array, position: number) => readFully(where, handle, bytes, position)
  const prefix = Buffer.alloc(PREFIX)
  await read(prefix, 0)
  const header = Buffer.alloc(decodeHeaderLength(where, prefix, fileSize))
  await read(header, PREFIX)
  const start = PREFIX + header.length
  const tensors = new Map<string, Tensor>()
  const entries = decodeHeader(where, header, fileSize - start)
  const buffer = Buffer.allocUnsafeSlow(Math.min(RUN, fileSize - start))
  for (const run of runsOf(entries, ({ begin, end }) => end - begin)) {
    const readOne = run.length === 1 ? read : await readRun(run, start, read, buffer)
    for (const entry of run) tensors.set(entry.name, await readTensor(where, entry, start, readOne))
  }
  return tensors
}

type Read = (bytes: Uint8Array, position: number) => Promise<void>

/** Reads a run into a buffer, and gives what copies the elements of its tensors from there. */
async function readRun(run: readonly Entry[], start: number, read: Read, buffer: Uint8Array): Promise<Read> {
  const first = start + run[0].begin
  await read(buffer.subarray(0, start + run[run.length - 1].end - first), first)
  return (bytes, position) => {
    bytes.set(buffer.subarray(position - first, position - first + bytes.length))
    return Promise.resolve()
  }
}

async function readTensor(where: string, entry: Entry, start: number, read: Read): Promise<Tensor> {
  const { name, format, shape, begin, end } = entry
  const tensor: Tensor = Tensor.empty(shape, format.dtype)
  const { data } = tensor
  if (format.conversion === undefined) {
    await read(new Uint8Array(data.buffer), start + begin)
    return tensor
  }
  const width = format.view.BYTES_PER_ELEMENT
  const stored = new Uint8Array(Math.min(CHUNK, end - begin))
  for (let from = begin; from < end; from += CHUNK) {
    const length = Math.min(CHUNK, end - from)
    await read(stored.subarray(0, length), start + from)
    const first = (from - begin) / width
    const misfit = convert(format, format.conversion, stored.buffer, data.subarray(first, first + length / width))
    if (misfit !== undefined) {
      throw rangeError(where, `every ${format.name} of ${named(name)}`, format.conversion.expected, misfit)
    }
  }
  return tensor
}

async function readFully(where: string, handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(CHUNK, bytes.length - done)
    const { bytesRead } = await handle.read(bytes, done, length, position + done)
    if (bytesRead === 0) throw new Error(`${where}: the file was cut short while it was being read`)
    done += bytesRead
  }
}

/** @internal The path of a file, of a string or a `file:` URL. */
export function checkPath(where: string, path: unknown): string {
  if (typeof path === 'string') return path
  if (!(path instanceof URL)) throw typeError(where, 'path', 'a string or a URL', path)
  if (path.protocol !== 'file:') throw rangeError(where, 'path', 'a file: URL', path.href)
  return fileURLToPath(path)
}

/** The elements stand in files as little-endian machines have them in memory. */
function checkLittleEndian(where: string): void {
  if (endianness() !== 'LE') throw new Error(`${where}: expected a little-endian processor, got a big-endian one`)
}
