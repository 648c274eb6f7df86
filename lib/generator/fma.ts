const { fround } = Math

/**
 * Fused multiply-add of 32-bit floats: `a * b + c`, rounded once.
 *
 * The product of two 32-bit floats is exact in a double. Rounding the sum to a double and then to a float goes wrong
 * only where the double lies half-way between two floats: there the sum's own rounding error has to break the tie.
 *
 * @see S. Boldo, G. Melquiond, "When double rounding is odd", 17th IMACS World Congress, 2005
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b
  const sum = product + c
  const nearest = fround(sum)
  const beyond = sum + (sum - nearest)
  if (beyond === nearest || fround(beyond) !== beyond || !Number.isFinite(beyond)) return nearest
  const error = sumError(product, c, sum)
  if (error === 0) return nearest
  return error > 0 ? Math.max(nearest, beyond) : Math.min(nearest, beyond)
}

/**
 * What rounding took from `a + b` to make it `sum`, exactly.
 *
 * @see D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2, theorem B
 */
function sumError(a: number, b: number, sum: number): number {
  const bRounded = sum - a
  return a - (sum - bRounded) + (b - bRounded)
}
