import type { Kernels } from '../../../binding.js'
import { checkLength } from './lengths.js'
import { logistic } from './sigmoid.js'

export const geluForward: Kernels['geluForward'] = (y, x, approximate) => {
  checkLength('geluForward', 'y', y, x.length)
  const distributionAt = approximate ? approximated : normal
  for (let i = 0; i < x.length; i++) y[i] = x[i] * distributionAt(x[i]).probability
}

export const geluBackward: Kernels['geluBackward'] = (dx, dy, x, approximate) => {
  checkLength('geluBackward', 'dx', dx, x.length)
  checkLength('geluBackward', 'dy', dy, x.length)
  const distributionAt = approximate ? approximated : normal
  for (let i = 0; i < x.length; i++) {
    const { probability, density } = distributionAt(x[i])
    dx[i] = dy[i] * (probability + x[i] * density)
  }
}

/** A distribution function at one place, and its derivative there. */
interface Distribution {
  readonly probability: number
  readonly density: number
}

/**
 * The Chebyshev coefficients of (1 + 2z) exp(z^2) erfc(z) as a function of (z - 3.75) / (z + 3.75), for z >= 0, computed
 * with 40 digits after Shepherd, Laframboise, "Chebyshev Approximation of (1 + 2x)exp(x^2)erfc x in 0 <= x < infinity",
 * Mathematics of Computation 36, 1981. The first counts half.
 */
const COEFFICIENTS = [
  2.3551578691348034, -0.004590054580646479, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753,
  0.009074997670705265, -0.0024131635404176077, 0.0004907758365258091, -0.00006916973302501177, 0.000004139027986073115,
  7.740383066198237e-7, -2.1886401049240143e-7, 1.0764999465671262e-8, 4.5219598113193615e-9, -7.754400206962459e-10,
  -6.318088319141842e-11, 2.868795029508694e-11, 1.9455880193083225e-13, -9.654696255109818e-13, 3.252549943720415e-14,
  3.347815343543842e-14, -1.8644791766112796e-15, -1.2506571865077357e-15, 7.435003658472619e-17,
  5.0840917843930165e-17,
]

/** The standard normal distribution, with the probability of the shorter tail to full relative precision. */
function normal(x: number): Distribution {
  // Beyond 40 the density is 0, and infinity would make NaN of the quotient.
  const z = Math.min(Math.abs(x) * Math.SQRT1_2, 40)
  const bell = Math.exp(-z * z)
  const beyond = (bell * chebyshev((z - 3.75) / (z + 3.75))) / (2 + 4 * z)
  return { probability: x < 0 ? beyond : 1 - beyond, density: bell / Math.sqrt(2 * Math.PI) }
}

/** The sum of the series at u, by Clenshaw's recurrence. */
function chebyshev(u: number): number {
  let [next, afterNext] = [0, 0]
  for (let k = COEFFICIENTS.length - 1; k > 0; k--) {
    ;[next, afterNext] = [2 * u * next - afterNext + COEFFICIENTS[k], next]
  }
  return u * next - afterNext + COEFFICIENTS[0] / 2
}

/** `(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2`, written as a logistic function. */
function approximated(x: number): Distribution {
  const scale = 2 * Math.sqrt(2 / Math.PI)
  const probability = logistic(scale * x * (1 + 0.044715 * x * x))
  return { probability, density: probability * (1 - probability) * scale * (1 + 3 * 0.044715 * x * x) }
}
