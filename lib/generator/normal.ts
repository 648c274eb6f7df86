import { fusedMultiplyAdd } from './fma.js'

const { clz32, cos, fround, log, log1p, sin, sqrt } = Math

/** How many numbers one block transform turns: eight pairs. */
export const BLOCK = 16

const HALF_BLOCK = BLOCK / 2

/** An array of floating-point numbers. */
export type FloatArray = Float32Array | Float64Array

/**
 * Turns two uniform numbers within [0, 1) into two normal ones, in double precision: PyTorch's way for fewer than 16.
 *
 *   sqrt(-2 ln(1 - u2)) * (cos(2 pi u1), sin(2 pi u1))
 *
 * JavaScript's functions and those of the C library agree to the last digit of a double or nearly so. That survives the
 * rounding to a 32-bit float less than once in 10^9 numbers.
 *
 * @see G. E. P. Box, M. E. Muller, "A Note on the Generation of Random Normal Deviates", Annals of Mathematical
 * Statistics 29(2), 1958
 * @see PyTorch, `normal_distribution` in aten/src/ATen/core/DistributionsHelper.h
 */
export function normalPair(u1: number, u2: number): [number, number] {
  const radius = sqrt(-2 * log1p(-u2))
  const theta = 2 * Math.PI * u1
  return [radius * cos(theta), radius * sin(theta)]
}

/**
 * Turns 16 uniform numbers within [0, 1) into normal ones, in place: PyTorch's way for 16 and more.
 *
 *   sqrt(-2 ln(1 - data[j])) * (cos, sin)(2 pi data[j + 8])  ->  (data[j], data[j + 8])
 *
 * @see PyTorch, `NormalFill16` in aten/src/ATen/native/cpu/DistributionTemplates.h
 */
export function normalBlock(data: FloatArray, start: number, mean: number, std: number): void {
  if (data instanceof Float32Array) normalBlockFloat32(data, start, fround(mean), fround(std))
  else normalBlockFloat64(data, start, mean, std)
}

function normalBlockFloat64(data: Float64Array, start: number, mean: number, std: number): void {
  for (let j = start; j < start + HALF_BLOCK; j++) {
    const radius = sqrt(-2 * log(1 - data[j]))
    const theta = 2 * Math.PI * data[j + HALF_BLOCK]
    data[j] = radius * cos(theta) * std + mean
    data[j + HALF_BLOCK] = radius * sin(theta) * std + mean
  }
}

const TWO_PI = fround(2 * Math.PI)
const FOUR_OVER_PI = fround(4 / Math.PI)

/**
 * Computes in 32-bit floats what PyTorch computes with AVX2 instructions, rounding where those round.
 *
 * The angle is split into a multiple of pi/2 (the quadrant) and a rest within [-pi/4, pi/4], whose cosine and sine,
 * swapped and negated as the quadrant asks, are those of the angle.
 */
function normalBlockFloat32(data: Float32Array, start: number, mean: number, std: number): void {
  for (let j = start; j < start + HALF_BLOCK; j++) {
    const radius = fround(sqrt(-2 * logFloat32(1 - data[j])))
    const theta = fround(TWO_PI * data[j + HALF_BLOCK])
    const octant = (fround(theta * FOUR_OVER_PI) + 1) & ~1
    const quadrant = (octant >> 1) & 3
    const rest = subtractOctants(theta, octant)
    const square = fround(rest * rest)
    const c = cosPolynomial(square)
    const s = sinPolynomial(rest, square)
    const isOdd = (quadrant & 1) === 1
    const x = fround(radius * (isOdd ? s : c))
    const y = fround(radius * (isOdd ? c : s))
    data[j] = fusedMultiplyAdd(quadrant === 1 || quadrant === 2 ? -x : x, std, mean)
    data[j + HALF_BLOCK] = fusedMultiplyAdd(quadrant >= 2 ? -y : y, std, mean)
  }
}

/**
 * A fused multiply-add in the functions below. They are functions of one of the 2^24 possible uniform numbers, and for
 * none of those does rounding twice differ from rounding once (all were compared with PyTorch's results), so that the
 * quick way is exact here.
 */
function multiplyAdd(a: number, b: number, c: number): number {
  return fround(a * b + c)
}

const SQRT_HALF = fround(Math.SQRT1_2)

/** ln 2 in two parts: the first has few bits, so that its multiples are exact. */
const LN2_HIGH = 0.693359375
const LN2_LOW = fround(-2.1219444e-4)

const LOG_0 = fround(7.0376836292e-2)
const LOG_1 = fround(-1.151461031e-1)
const LOG_2 = fround(1.167699874e-1)
const LOG_3 = fround(-1.2420140846e-1)
const LOG_4 = fround(1.4249322787e-1)
const LOG_5 = fround(-1.6668057665e-1)
const LOG_6 = fround(2.0000714765e-1)
const LOG_7 = fround(-2.4999993993e-1)
const LOG_8 = fround(3.3333331174e-1)

/** `2^(n - 8)` at `n`: what lifts a number of `24 - (n - 8)` bits after the point to at least 1/2. */
const LIFT = Float64Array.from({ length: 32 }, (_, n) => 2 ** (n - 8))

/**
 * The natural logarithm of a multiple of 2^-24 within (0, 1].
 *
 *   u = 2^e (1 + x), sqrt(1/2) <= 1 + x < sqrt(2):   ln u = e ln 2 + x - x^2/2 + x^3 P(x)
 *
 * @see S. L. Moshier, Cephes Mathematical Library, `logf`
 * @see PyTorch, `log256_ps` in aten/src/ATen/native/cpu/avx_mathfun.h, after J. Pommier's sse_mathfun.h
 */
function logFloat32(u: number): number {
  const leadingZeros = clz32(u * 2 ** 24)
  const mantissa = u * LIFT[leadingZeros]
  const isLow = mantissa < SQRT_HALF
  const e = isLow ? 7 - leadingZeros : 8 - leadingZeros
  const x = isLow ? 2 * mantissa - 1 : mantissa - 1
  const square = fround(x * x)
  let p = multiplyAdd(LOG_0, x, LOG_1)
  p = multiplyAdd(p, x, LOG_2)
  p = multiplyAdd(p, x, LOG_3)
  p = multiplyAdd(p, x, LOG_4)
  p = multiplyAdd(p, x, LOG_5)
  p = multiplyAdd(p, x, LOG_6)
  p = multiplyAdd(p, x, LOG_7)
  p = multiplyAdd(p, x, LOG_8)
  let y = multiplyAdd(fround(p * x), square, fround(e * LN2_LOW))
  y = multiplyAdd(square, -0.5, y)
  return multiplyAdd(e, LN2_HIGH, fround(x + y))
}

/** pi/4 in three parts, each with few bits, so that small multiples of the first two are exact. */
const QUARTER_PI_HIGH = fround(0.78515625)
const QUARTER_PI_MIDDLE = fround(2.418756484985352e-4)
const QUARTER_PI_LOW = fround(3.774894977445941e-8)

/** `theta - octants * pi / 4`, as exactly as 32-bit floats can. */
function subtractOctants(theta: number, octants: number): number {
  let rest = multiplyAdd(-octants, QUARTER_PI_HIGH, theta)
  rest = multiplyAdd(-octants, QUARTER_PI_MIDDLE, rest)
  return multiplyAdd(-octants, QUARTER_PI_LOW, rest)
}

const COS_0 = fround(2.443315711809948e-5)
const COS_1 = fround(-1.388731625493765e-3)
const COS_2 = fround(4.166664568298827e-2)

/**
 * The cosine of an angle within [-pi/4, pi/4], from the square of the angle.
 *
 * @see S. L. Moshier, Cephes Mathematical Library, `cosf`; PyTorch, `sincos256_ps` in avx_mathfun.h
 */
function cosPolynomial(square: number): number {
  const p = multiplyAdd(multiplyAdd(COS_0, square, COS_1), square, COS_2)
  return fround(multiplyAdd(fround(p * square), square, -0.5 * square) + 1)
}

const SIN_0 = fround(-1.9515295891e-4)
const SIN_1 = fround(8.3321608736e-3)
const SIN_2 = fround(-1.6666654611e-1)

/**
 * The sine of an angle within [-pi/4, pi/4].
 *
 * @see S. L. Moshier, Cephes Mathematical Library, `sinf`; PyTorch, `sincos256_ps` in avx_mathfun.h
 */
function sinPolynomial(x: number, square: number): number {
  const p = multiplyAdd(multiplyAdd(SIN_0, square, SIN_1), square, SIN_2)
  return multiplyAdd(fround(p * square), x, x)
}
