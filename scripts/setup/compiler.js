import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './machine.js'

/** @import { Machine } from './machine.js' */

/** Where the probes' programs go. */
const program = join(root, 'build', 'probe')

/** Beside the compiler's own folders: where Fedora keeps OpenBLAS's headers. */
const flags = ['-std=c++20', '-I/usr/include/openblas']

/**
 * A C++ compiler, tried out with small programs.
 *
 * @typedef {object} Compiler
 * @property {string[]} command
 * @property {(source: string, libraries?: string[]) => boolean} builds whether a program compiles and links
 * @property {(source: string, libraries?: string[]) => boolean} runs whether it exits with 0, too
 */

/**
 * The first compiler that takes C++20: `$CXX`, or else in the order in which CMake tries them.
 *
 * @param {Machine} machine
 * @returns {Compiler | undefined}
 */
export function findCompiler(machine) {
  const { CXX } = machine.env
  const commands = CXX ? [existsSync(CXX) ? [CXX] : CXX.split(/\s+/)] : [['c++'], ['g++'], ['clang++']]
  return commands.map((command) => compilerOf(machine, command)).find(takesCpp20)
}

/**
 * @param {Machine} machine
 * @param {string[]} command
 * @returns {Compiler}
 */
function compilerOf(machine, command) {
  /** @type {Compiler['builds']} */
  const builds = (source, libraries = []) => {
    mkdirSync(dirname(program), { recursive: true })
    const build = [...command, ...flags, '-x', 'c++', '-', '-o', program, ...libraries]
    return machine.which(command[0]) !== undefined && machine.capture(build, source).ok
  }
  return {
    command,
    builds,
    runs: (source, libraries) => builds(source, libraries) && machine.capture([program]).ok,
  }
}

/** @param {Compiler} compiler */
function takesCpp20(compiler) {
  return compiler.builds('#include <span>\nint main() { int x[1] = {}; return std::span<int>(x)[0]; }\n')
}
