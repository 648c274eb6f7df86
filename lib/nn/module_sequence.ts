import { capture } from '../capture.js'
import { checkCount, checkInteger, typeError } from '../check.js'
import { Module } from './module.js'

/** Modules in order, under the names `0`, `1` and so on: what {@link Sequential} and {@link ModuleList} share. */
export abstract class ModuleSequence<M extends Module> extends Module {
  /** How many modules there are. */
  get length(): number {
    return this.#modules().length
  }

  /**
   * One of the modules, counted from the end if `index` is negative.
   *
   * @throws TypeError or RangeError if `index` is not an integer within the length
   */
  at(index: number): M {
    checkCount('at', arguments.length, 1)
    const modules = this.#modules()
    checkInteger('at', 'index', index, -modules.length, modules.length - 1)
    return modules[index < 0 ? index + modules.length : index]
  }

  /**
   * Adds a module at the end; returns this.
   *
   * @throws TypeError if it is not a module
   */
  append(module: M): this {
    checkCount('append', arguments.length, 1)
    if (!(module instanceof Module)) throw typeError('append', 'module', 'a module', module)
    Object.assign(this, { [this.length]: module })
    return this
  }

  /** The modules, in order. */
  [Symbol.iterator](): IterableIterator<M> {
    return this.#modules()[Symbol.iterator]()
  }

  #modules(): M[] {
    // Who takes modules out of it does not call its forward.
    capture?.owners.add(this)
    return Object.values(this).filter((value): value is M => value instanceof Module)
  }
}
