/** The most bytes of neighbouring tensors that are read or written at once. */
export const RUN = 2 ** 18

/**
 * Items that stand one after the other in a file, in runs of at most {@link RUN} bytes: a call of the file system costs
 * more than copying a small tensor. An item of more bytes is a run of its own.
 *
 * @param bytesOf how many bytes an item takes
 */
export function* runsOf<T>(items: readonly T[], bytesOf: (item: T) => number): Generator<T[]> {
  let run: T[] = []
  let bytes = 0
  for (const item of items) {
    const more = bytesOf(item)
    if (run.length > 0 && bytes + more > RUN) {
      yield run
      run = []
      bytes = 0
    }
    run.push(item)
    bytes += more
  }
  if (run.length > 0) yield run
}
