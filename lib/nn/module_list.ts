import { checkCount, typeError } from '../check.js'
import { Module } from './module.js'
import { ModuleSequence } from './module_sequence.js'
import { moduleTree } from '../repr.js'

/**
 * Modules in a list, whose parameters are found. Their names are `0`, `1` and so on. It computes nothing itself: a model
 * calls the modules of the list.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 */
export class ModuleList<M extends Module = Module> extends ModuleSequence<M> {
  /**
   * @throws TypeError if `modules` is not an array of modules
   */
  constructor(modules: readonly M[] = []) {
    checkCount('ModuleList', arguments.length, 1)
    super()
    const given: unknown = modules
    if (!Array.isArray(given)) throw typeError('ModuleList', 'modules', 'an array of modules', given)
    // Not forEach, which passes over holes.
    for (const [i, module] of modules.entries()) {
      if (!(module instanceof Module)) throw typeError('ModuleList', `modules[${i}]`, 'a module', module)
      this.append(module)
    }
  }

  /**
   * @throws Error always: a list does not say what to do with its modules
   */
  override forward(): never {
    throw new Error('ModuleList: expected its modules to be called, which it does not do itself')
  }

  /** The list, laid out as PyTorch prints it: neighbours that print alike are shown once, with their number. */
  override toString(): string {
    const runs: { first: number; last: number; text: string }[] = []
    for (const [i, module] of [...this].entries()) {
      const text = module.toString()
      const run = runs.at(-1)
      if (run?.text === text) run.last = i
      else runs.push({ first: i, last: i, text })
    }
    const children = runs.map(({ first, last, text }): [string, string] =>
      first === last ? [String(first), text] : [`${first}-${last}`, `${last - first + 1} x ${text}`],
    )
    return moduleTree(this.constructor.name, children)
  }
}
