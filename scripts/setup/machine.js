import { spawn, spawnSync } from 'node:child_process'
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodeOf } from './child.js'

/** The folder of the project. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * What set-up asks of the machine that it runs on. Tests hand in one of their own.
 *
 * @typedef {object} Machine
 * @property {NodeJS.ProcessEnv} env what commands see; set-up may add to it
 * @property {boolean} isRoot
 * @property {boolean} hasTerminal whether somebody is there to type a password
 * @property {(message: string) => void} say prints a line of progress
 * @property {(name: string) => string | undefined} which the path of a program, if it is installed
 * @property {(command: readonly string[], input?: string) => Outcome} capture runs a command without showing it
 * @property {(name: string, command: readonly string[]) => Promise<Outcome>} log the same for one that takes
 *   long, and keeps its output in build/log
 */

/**
 * @typedef {object} Outcome
 * @property {boolean} ok whether the command could be started and exited with 0
 * @property {string} output what it printed
 */

/** A failure whose message says everything: it is shown without a stack trace. */
export class SetUpError extends Error {}

/**
 * Prints a line of progress.
 *
 * @param {string} message
 */
export function say(message) {
  process.stderr.write(`evenkeel set-up: ${message}\n`)
}

/**
 * The machine itself.
 *
 * @returns {Machine}
 */
export function thisMachine() {
  const env = { ...process.env }
  return {
    env,
    isRoot: process.getuid !== undefined && process.getuid() === 0,
    hasTerminal: process.stdin.isTTY && process.stderr.isTTY,
    say,
    which: (name) => which(name, env),
    capture: (command, input = '') => capture(command, input, env),
    log: (name, command) => log(name, command, env),
  }
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
function which(name, env) {
  const candidates = name.includes('/') ? [name] : (env.PATH || '').split(delimiter).map((folder) => join(folder, name))
  return candidates.find(isProgram)
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * @param {readonly string[]} command
 * @param {string} input
 * @param {NodeJS.ProcessEnv} env
 * @returns {Outcome}
 */
function capture([program, ...args], input, env) {
  const child = spawnSync(program, args, { cwd: root, env, input, encoding: 'utf8', maxBuffer: 2 ** 26 })
  return { ok: child.status === 0, output: `${child.stdout || ''}${child.stderr || ''}` }
}

/**
 * @param {string} name
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Outcome>}
 */
async function log(name, [program, ...args], env) {
  const path = logPath(name)
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  try {
    const code = await exitCodeOf(spawn(program, args, { cwd: root, env, stdio: ['ignore', file, file] }))
    return { ok: code === 0, output: code === 127 ? `cannot run ${program}` : readFileSync(path, 'utf8') }
  } finally {
    closeSync(file)
  }
}

/**
 * Where `Machine.log` keeps the output of a command.
 *
 * @param {string} name
 */
export function logPath(name) {
  return join(root, 'build', 'log', `${name}.log`)
}

/**
 * The end of a command's output, and where the rest of it is.
 *
 * @param {string} name
 * @param {Outcome} outcome
 */
export function logTail(name, outcome) {
  const lines = outcome.output.trimEnd().split('\n').slice(-30)
  return `${lines.join('\n')}\n(all of it: ${logPath(name)})`
}
