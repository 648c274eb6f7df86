import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Resident } from './results.js'

const program = fileURLToPath(new URL('../../examples/resident-memory.ts', import.meta.url))

const modes = ['eager', 'compiled'] as const

/** What a process holds while it trains at (32, 128), each way in a process of its own. */
export async function measureResident(): Promise<Resident[]> {
  const measured: Resident[] = []
  for (const mode of modes) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, mode])
    const [, numbers, steps] = /: ([\d ]+) MiB, every (\d+) steps/.exec(stdout) ?? []
    measured.push({ mode, steps: Number(steps), mebibytes: numbers.split(' ').map(Number) })
  }
  return measured
}
