import { SetUpError, say } from './machine.js'

/**
 * Runs a command-line program: sets the exit code it returns, and shows a `SetUpError` by its message alone.
 *
 * @param {() => Promise<number>} program
 */
export async function main(program) {
  try {
    process.exitCode = await program()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}
