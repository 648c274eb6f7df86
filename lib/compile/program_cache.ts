import { isGradEnabled } from '../autograd.js'
import type { DType } from '../dtype.js'
import { sameShape, type Shape } from '../shape.js'
import type { Tensor } from '../tensor.js'
import type { Program } from './program.js'

/** What decides about the kernels beside the state of the library's objects. */
export interface Kind {
  readonly isGradEnabled: boolean
  readonly inputs: readonly { readonly dtype: DType; readonly shape: Shape }[]
}

export function kindOf(inputs: readonly Tensor[]): Kind {
  return { isGradEnabled: isGradEnabled(), inputs: inputs.map(({ dtype, shape }) => ({ dtype, shape })) }
}

export function areOfKind(inputs: readonly Tensor[], kind: Kind): boolean {
  if (kind.isGradEnabled !== isGradEnabled() || kind.inputs.length !== inputs.length) return false
  return inputs.every(({ dtype, shape }, i) => dtype === kind.inputs[i].dtype && sameShape(shape, kind.inputs[i].shape))
}

/** The programs of a function: at most so many, of which the one goes that was not used for longest. */
export class ProgramCache {
  /** The latest first. */
  readonly #entries: { readonly kind: Kind; readonly program: Program }[] = []
  readonly #most: number

  /** @param most how many are kept */
  constructor(most: number) {
    this.#most = most
  }

  /** The program that was used last. */
  get latest(): Program | undefined {
    return this.#entries.at(0)?.program
  }

  /** The program for such inputs, if everything is as it was when it was recorded. */
  find(inputs: readonly Tensor[]): Program | undefined {
    const entries = this.#entries
    const i = entries.findIndex(({ kind, program }) => areOfKind(inputs, kind) && program.holds())
    if (i > 0) entries.unshift(...entries.splice(i, 1))
    return i < 0 ? undefined : entries[0].program
  }

  add(kind: Kind, program: Program): void {
    this.#entries.unshift({ kind, program })
    if (this.#entries.length > this.#most) this.#entries.pop()
  }
}
