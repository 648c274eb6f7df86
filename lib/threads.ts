import { threads } from './backend/index.js'
import { MAX_THREADS } from './backend/threads.js'
import { checkCount, checkInteger } from './check.js'

/**
 * How many threads may work on one operation, the calling one among them. At first as many as the process may use
 * processors, or what the environment variable `EVENKEEL_NUM_THREADS` says; 1 on the TypeScript kernels.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_num_threads.html
 */
export function getNumThreads(): number {
  checkCount('getNumThreads', arguments.length, 0)
  return threads().getNumThreads()
}

/**
 * Sets how many threads may work on one operation, for all of the process, its worker threads included. Results do not
 * depend on it, to the bit. Small operations stay on the calling thread. Without effect on the TypeScript kernels.
 *
 * @param count from 1 to 1024
 * @throws TypeError if `count` is not a number
 * @throws RangeError if it is not an integer from 1 to 1024
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_num_threads.html
 */
export function setNumThreads(count: number): void {
  checkCount('setNumThreads', arguments.length, 1)
  checkInteger('setNumThreads', 'count', count, 1, MAX_THREADS)
  threads().setNumThreads(count)
}
