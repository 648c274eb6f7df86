import { Tensor } from '../tensor.js'

type Operation = (self: Tensor, ...rest: unknown[]) => unknown

/** Makes operations methods of all tensors, under their names; `this` becomes their first argument. */
export function defineMethods(operations: Record<string, unknown>): void {
  for (const [name, operation] of Object.entries(operations)) {
    Object.defineProperty(Tensor.prototype, name, {
      value: method(name, operation as Operation),
      writable: true,
      configurable: true,
    })
  }
}

function method(name: string, operation: Operation): (this: Tensor, ...rest: unknown[]) => unknown {
  return function (...rest) {
    // An argument too many is one that the caller counts on, such as PyTorch's flatten(startDim).
    if (rest.length >= operation.length) {
      throw new TypeError(`${name}: expected at most ${operation.length - 1} arguments, got ${rest.length}`)
    }
    return operation(this, ...rest)
  }
}
