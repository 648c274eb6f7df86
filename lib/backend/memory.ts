import { totalmem } from 'node:os'

/** More is not kept, however large the machine. */
const MOST = 2 ** 29

/** What may be kept of the memory that the process may use. */
const SHARE = 1 / 8

/**
 * How many bytes of freed memory to keep for the results to come. `undefined` where the user has given glibc's allocator
 * thresholds of their own.
 */
export function memoryToKeep(environment: NodeJS.ProcessEnv): number | undefined {
  const { MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_, GLIBC_TUNABLES = '' } = environment
  if ([MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_].some((threshold) => threshold !== undefined)) return undefined
  if (/glibc\.malloc\.(mmap|trim)_threshold=/.test(GLIBC_TUNABLES)) return undefined
  // Nothing, or more than there is, where the process is not constrained.
  const allowed = process.constrainedMemory() || Infinity
  return Math.floor(Math.min(MOST, SHARE * Math.min(allowed, totalmem())))
}
