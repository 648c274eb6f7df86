import { kernels } from '../backend/index.js'
import { capture } from '../capture.js'
import { checkBoolean, checkCount, checkNumber, rangeError, readOptions, typeError } from '../check.js'
import { checkFloat, checkTensor, isFloatTensor } from '../operand.js'
import { broadcastShapes, broadcastsTo, formatShape } from '../shape.js'
import { type FloatTensor, Tensor } from '../tensor.js'
import { add } from './arithmetic.js'
import { multiply } from './matmul.js'
import { toFloat } from './promote.js'
import { reshape } from './reshape.js'
import { safeSoftmax } from './softmax.js'

/** The options of {@link scaledDotProductAttention}. */
export interface AttentionOptions {
  /**
   * Of a shape that broadcasts to (..., L, S). Bool: true where a query may attend to a key. Float: added to the scaled
   * products. Default: none.
   */
  attnMask?: Tensor | null | undefined
  /** Whether query `i` attends to keys `0` to `i` only. Not together with `attnMask`. Default: false. */
  isCausal?: boolean | undefined
  /** What the products are multiplied with. Default: `1 / sqrt(E)`. */
  scale?: number | null | undefined
  /** Whether key and value may have fewer heads than the query, which then share them in groups. Default: false. */
  enableGqa?: boolean | undefined
}

interface Settings {
  attnMask: Tensor | undefined
  isCausal: boolean
  scale: number | undefined
  enableGqa: boolean
}

const where = 'scaledDotProductAttention'

/**
 * Attention: `softmax(scale * query key^T + mask) value`. A query whose keys are all masked gets zeros.
 *
 * @param query of shape (..., L, E); with `enableGqa` (..., Hq, L, E)
 * @param key of shape (..., S, E); with `enableGqa` (..., H, S, E), where H divides Hq
 * @param value of shape (..., S, Ev); with `enableGqa` (..., H, S, Ev), where H divides Hq
 * @returns a tensor of shape (..., L, Ev); the dimensions before broadcast
 * @throws TypeError if an argument is of the wrong kind, or dtypes differ
 * @throws RangeError if shapes do not fit, or both `attnMask` and `isCausal` are given
 * @see Vaswani et al., "Attention Is All You Need", 2017, https://arxiv.org/abs/1706.03762
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options?: AttentionOptions,
): FloatTensor {
  checkCount(where, arguments.length, 4)
  checkFloat(where, 'query', query)
  checkFloat(where, 'key', key, query.dtype)
  checkFloat(where, 'value', value, query.dtype)
  const { attnMask, isCausal, scale, enableGqa } = checkOptions(options, query)
  checkShapes({ query, key, value }, enableGqa)
  const [length, keys] = [query.shape.at(-2) ?? 0, key.shape.at(-2) ?? 0]
  // Without features, every product is 0, which 1 / sqrt(0) would make NaN.
  const factor = scale ?? 1 / Math.sqrt(Math.max(query.shape.at(-1) ?? 1, 1))
  const compare = (a: FloatTensor, b: FloatTensor) => multiply(where, a, b, factor, true)
  const combine = (a: FloatTensor, b: FloatTensor) => multiply(where, a, b)

  const scores = enableGqa ? grouped(compare, query, key) : compare(query, key)
  const mask = attnMask ? asAddend(attnMask, scores) : isCausal ? causalMask(length, keys, query.dtype) : undefined
  const weights = safeSoftmax(mask ? add(scores, mask) : scores)
  return enableGqa ? grouped(combine, weights, value) : combine(weights, value)
}

function checkOptions(options: AttentionOptions | undefined, query: FloatTensor): Settings {
  const defaults: AttentionOptions = { attnMask: undefined, isCausal: false, scale: undefined, enableGqa: false }
  const { attnMask, isCausal, scale, enableGqa } = readOptions(where, options, defaults)
  if (attnMask !== undefined) {
    checkTensor(where, 'attnMask', attnMask)
    if (attnMask.dtype !== 'bool' && attnMask.dtype !== query.dtype)
      throw typeError(where, 'attnMask', `a bool or ${query.dtype} tensor`, attnMask)
  }
  checkBoolean(where, 'isCausal', isCausal)
  if (attnMask !== undefined && isCausal) throw rangeError(where, 'isCausal', 'false where attnMask is given', isCausal)
  if (scale !== undefined) checkNumber(where, 'scale', scale)
  checkBoolean(where, 'enableGqa', enableGqa)
  return { attnMask, isCausal, scale, enableGqa }
}

function checkShapes(inputs: Record<'query' | 'key' | 'value', Tensor>, enableGqa: boolean): void {
  const least = enableGqa ? 3 : 2
  for (const [argument, tensor] of Object.entries(inputs)) {
    if (tensor.shape.length < least) throw rangeError(where, argument, `of ${least} dimensions at least`, tensor)
  }
  const { query, key, value } = inputs
  const [features, keys] = [query.shape.at(-1), key.shape.at(-2)]
  if (key.shape.at(-1) !== features) throw rangeError(where, 'key', `of shape [...,S,${features}] as query is`, key)
  if (value.shape.at(-2) !== keys) throw rangeError(where, 'value', `of shape [...,${keys},Ev] as key is`, value)
  if (enableGqa) {
    checkHeads('key', key, query)
    checkHeads('value', value, query)
  }
  const [q, k, v] = [query, key, value].map(({ shape }) => shape.slice(0, -least))
  broadcastShapes(where, broadcastShapes(where, q, k), v)
}

function checkHeads(argument: string, tensor: Tensor, query: Tensor): void {
  const [heads, own] = [query, tensor].map(headsOf)
  if (own !== heads && heads % own !== 0)
    throw rangeError(where, argument, `of a number of heads that divides the ${heads} of query`, tensor)
}

function headsOf({ shape }: Tensor): number {
  return shape[shape.length - 3]
}

/** A product of matrices (..., Hq, *, *) and (..., H, *, *), where as many heads of the first as it takes share one. */
function grouped(
  product: (a: FloatTensor, b: FloatTensor) => FloatTensor,
  a: FloatTensor,
  b: FloatTensor,
): FloatTensor {
  const [heads, groups] = [headsOf(b), headsOf(a) / headsOf(b)]
  if (headsOf(a) === heads) return product(a, b)
  const split = reshape(a, [...a.shape.slice(0, -3), heads, groups, ...a.shape.slice(-2)])
  const shared = reshape(b, [...b.shape.slice(0, -2), 1, ...b.shape.slice(-2)])
  const y = product(split, shared)
  return reshape(y, [...y.shape.slice(0, -4), heads * groups, ...y.shape.slice(-2)])
}

/** A mask as what is added to the scores: a bool one as 0 and -infinity, the logarithms of 1 and 0. */
function asAddend(mask: Tensor, scores: FloatTensor): FloatTensor {
  if (!broadcastsTo(mask.shape, scores.shape))
    throw rangeError(where, 'attnMask', `of a shape that broadcasts to ${formatShape(scores.shape)}`, mask)
  if (isFloatTensor(mask)) return mask
  const addend = Tensor.empty(mask.shape, scores.dtype)
  kernels(scores.dtype).logForward(addend.elements, toFloat(mask, scores.dtype).elements)
  return addend
}

function causalMask(length: number, keys: number, dtype: FloatTensor['dtype']): FloatTensor {
  const mask = Tensor.empty([length, keys], dtype)
  for (let i = 0; i < length; i++) mask.elements.fill(-Infinity, i * keys + Math.min(i + 1, keys), (i + 1) * keys)
  capture?.keep(mask.elements)
  return mask
}
