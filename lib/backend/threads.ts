import { availableParallelism } from 'node:os'

/** The most threads that may be asked for. */
export const MAX_THREADS = 1024

/** How many threads to begin with: what the environment asks for, or as many as the process may use processors. */
export function threadsWanted(wish: string | undefined): number {
  const processors = Math.min(availableParallelism(), MAX_THREADS)
  if (wish === undefined || wish === '') return processors
  const count = Number(wish)
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count
  console.warn(
    `evenkeel: EVENKEEL_NUM_THREADS is ${JSON.stringify(wish)}, expected an integer from 1 to ${MAX_THREADS}; ` +
      `using ${processors}, the number of processors.`,
  )
  return processors
}
