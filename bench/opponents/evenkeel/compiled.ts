import { compile, type Tensor } from '../../../dist/index.js'

/** The function itself, or in the process of the opponent that is compiled, what `compile` makes of it. */
export function maybeCompiled<Inputs extends readonly Tensor[]>(
  fn: (...inputs: Inputs) => Tensor,
): (...inputs: Inputs) => Tensor {
  return process.env.EVENKEEL_BENCH_COMPILED === '1' ? compile(fn) : fn
}
