import { backward, type BackwardOptions } from '../autograd.js'
import type { DType } from '../dtype.js'
import { defineMethods } from './methods.js'

declare module '../tensor.js' {
  interface Tensor<D extends DType> {
    /**
     * Computes the gradient of this tensor with respect to every leaf it was computed from, and adds it to the leaf's
     * `grad`. The graph is let go, unless `retainGraph`.
     *
     * @param gradient the gradient of what follows with respect to this tensor; may be left out for a single element
     * @throws Error if this tensor needs no gradient, or its graph was let go
     * @throws RangeError if the gradient has another shape, or is left out for several elements
     * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
     */
    backward(gradient?: Tensor | null, options?: BackwardOptions): void
    /** The same for a tensor of a single element, with options alone. */
    backward(options: BackwardOptions): void
  }
}

defineMethods({ backward })
