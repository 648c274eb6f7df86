import { checkCount } from '../check.js'
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
    checkCount(name, rest.length, operation.length - 1)
    return operation(this, ...rest)
  }
}
