import { checkBoolean, checkCount, readOptions } from '../check.js'
import type { FloatDType } from '../dtype.js'
import { checkFloat } from '../operand.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/** The options of {@link Parameter}. */
export interface ParameterOptions {
  /** Whether gradients are computed for it. Default: true. */
  requiresGrad?: boolean | undefined
}

/**
 * A tensor that a module learns: as a property of a {@link Module}, it is one of its `parameters()`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 */
export class Parameter extends Tensor<FloatDType> {
  /**
   * @param data the initial values, shared with the parameter
   * @throws TypeError if `data` is not a float tensor
   */
  constructor(data: FloatTensor, options?: ParameterOptions) {
    checkCount('Parameter', arguments.length, 2)
    checkFloat('Parameter', 'data', data)
    const { requiresGrad } = readOptions('Parameter', options, { requiresGrad: true })
    checkBoolean('Parameter', 'requiresGrad', requiresGrad)
    data.storage.own()
    super(data.storage, data.shape)
    this.requiresGrad = requiresGrad
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`
  }
}
