import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Opponent } from '../opponents/index.js'
import type { Workload } from '../workloads/workload.js'
import type { Failed, Prepared, Ready, Request, Turn } from './protocol.js'

/**
 * An opponent in a process of its own: its heap and its threads are nobody else's. Between its turns it waits for a line
 * of input.
 */
export class OpponentProcess {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  #errors = ''

  private constructor(
    readonly opponent: Opponent,
    readonly threads: number,
  ) {
    const [program, ...args] = opponent.command(threads)
    const env = { ...process.env, ...opponent.env, EVENKEEL_NUM_THREADS: String(threads) }
    this.#child = spawn(program, args, { env, stdio: 'pipe' })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    this.#child.on('error', (error) => {
      this.#errors += error.message
    })
    if (this.#child.stdout === null) throw new Error('no output')
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts the process and waits until it has loaded what it needs. */
  static async start(opponent: Opponent, threads: number): Promise<{ process: OpponentProcess; about: string }> {
    const process = new OpponentProcess(opponent, threads)
    const { about } = await process.#answer<Ready>()
    return { process, about }
  }

  prepare(workload: Workload, data: string): Promise<Prepared> {
    return this.#ask({ ask: 'prepare', workload, data })
  }

  turn(iterations: number, each: boolean): Promise<Turn> {
    return this.#ask({ ask: 'turn', iterations, each })
  }

  /** The bytes of memory that the process has had at most, where the system tells (Linux). */
  peakMemory(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
    } catch {
      return undefined
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  async #ask<Answer extends object>(request: Request): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`)
    return this.#answer<Answer>()
  }

  async #answer<Answer extends object>(): Promise<Answer> {
    const line = await this.#lines.next()
    if (line.done === true) throw new Error(`${this.opponent.name} ended:\n${this.#errors}`)
    const answer = JSON.parse(line.value) as Answer | Failed
    if ('error' in answer) throw new Error(`${this.opponent.name}: ${answer.error}`)
    return answer
  }
}
