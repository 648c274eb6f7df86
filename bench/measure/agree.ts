/** How far numbers of float32 arithmetic in another order may be off: relatively, and absolutely near zero. */
const [RELATIVE, ABSOLUTE] = [1e-3, 1e-4]

/**
 * Makes sure that an opponent computes what we do.
 *
 * @throws Error that shows both, if it does not
 */
export function checkAgreement(
  who: string,
  what: string,
  actual: readonly number[],
  expected: readonly number[],
): void {
  const agrees =
    actual.length === expected.length &&
    actual.every((value, i) => Math.abs(value - expected[i]) <= ABSOLUTE + RELATIVE * Math.abs(expected[i]))
  if (agrees) return
  throw new Error(
    `${who} does not compute what evenkeel does (${what}):\n  ${who}: ${actual.join(', ')}\n  evenkeel: ${expected.join(', ')}`,
  )
}
