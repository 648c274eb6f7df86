import { gradientsFor, record } from '../autograd.js'
import { kernels } from '../backend/index.js'
import { checkCount, rangeError } from '../check.js'
import { checkFloat, checkOptionalFloat } from '../operand.js'
import { checkShape, formatShape, sameShape, type Shape, sizeOf, withoutLast } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'

/**
 * The affine map `y = x W^T + b` of the last dimension.
 *
 * @param input of shape (..., inFeatures)
 * @param weight W, of shape (outFeatures, inFeatures) or (inFeatures)
 * @param bias b, of shape (outFeatures), or () for a weight of one dimension; absent: none is added
 * @returns a tensor of shape (..., outFeatures), or (...) for a weight of one dimension
 * @throws TypeError if an argument is not a float tensor, or their dtypes differ
 * @throws RangeError if the shapes do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 */
export function linear(input: Tensor, weight: Tensor, bias?: Tensor | null): FloatTensor {
  checkCount('linear', arguments.length, 3)
  bias ??= undefined
  checkFloat('linear', 'input', input)
  checkFloat('linear', 'weight', weight, input.dtype)
  checkOptionalFloat('linear', 'bias', bias, input.dtype)
  const leading = withoutLast(input.shape)
  const out = withoutLast(weight.shape)
  checkShapes(input, weight, bias, out)
  const rows = sizeOf(leading)
  const outFeatures = sizeOf(out)
  const inFeatures = input.shape[leading.length]
  const compute = kernels(input.dtype)

  const shape = checkShape('linear', 'the shape of the result', [...leading, ...out])
  const y = Tensor.uninitialized(shape, input.dtype)
  compute.linearForward(
    y.elements,
    input.elements,
    weight.elements,
    bias?.elements,
    rows,
    outFeatures,
    inFeatures,
    false,
  )

  return record({ name: 'linear', gradFn: gradFnOf(leading, bias) }, y, [input, weight, bias], (dy) => {
    const [dx, dWeight, dBias] = gradientsFor(input, weight, bias)
    compute.linearBackward(
      dx?.elements,
      dWeight?.elements,
      dBias?.elements,
      undefined,
      dy.elements,
      undefined,
      input.elements,
      weight.elements,
      rows,
      outFeatures,
      inFeatures,
    )
    return [dx, dWeight, dBias]
  })
}

function checkShapes(input: FloatTensor, weight: FloatTensor, bias: FloatTensor | undefined, out: Shape): void {
  if (weight.shape.length !== 1 && weight.shape.length !== 2) {
    throw rangeError('linear', 'weight', 'of shape [outFeatures,inFeatures] or [inFeatures]', weight)
  }
  const inFeatures = weight.shape[out.length]
  if (input.shape[input.shape.length - 1] !== inFeatures) {
    const expected = `of shape [...,${inFeatures}] for a weight of shape ${formatShape(weight.shape)}`
    throw rangeError('linear', 'input', expected, input)
  }
  if (bias && !sameShape(bias.shape, out)) {
    throw rangeError('linear', 'bias', `of shape ${formatShape(out)}`, bias)
  }
}

/** PyTorch multiplies matrices, and makes others into matrices and back. */
function gradFnOf({ length }: Shape, bias: Tensor | undefined): string {
  if (length === 1) return bias ? 'AddmmBackward0' : 'MmBackward0'
  if (bias) return 'ViewBackward0'
  return length === 0 ? 'SqueezeBackward4' : 'UnsafeViewBackward0'
}
