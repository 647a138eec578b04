/** Elementary functions with the same bits in every engine. Those of `Math` may differ in the last one, and learners amplify it. */

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10

/** The exponential function. Its argument is reduced to [-ln 2 / 2, ln 2 / 2] for a Taylor series; relative error below 1e-15. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > 709) return Number.POSITIVE_INFINITY
  if (x < -745) return 0
  const k = Math.round(x / Math.LN2)
  const r = x - k * LN2_HIGH - k * LN2_LOW
  let sum = 1
  for (let n = 13; n > 0; n--) sum = 1 + (r / n) * sum
  return scaledByPowerOf2(sum, k)
}

/** The natural logarithm of a positive normal number: 2 artanh((m - 1) / (m + 1)) of its mantissa m, near 1; relative error below 1e-15. */
export function log(x: number): number {
  let [m, k] = [x, 0]
  for (; m > Math.SQRT2; k++) m /= 2
  for (; m < Math.SQRT1_2; k--) m *= 2
  const t = (m - 1) / (m + 1)
  let sum = 0
  for (let n = 23; n > 0; n -= 2) sum = sum * t * t + 1 / n
  return k * LN2_HIGH + (2 * t * sum + k * LN2_LOW)
}

/** The logistic function, 1 / (1 + exp(-x)). */
export function logistic(x: number): number {
  return 1 / (1 + exp(-x))
}

function scaledByPowerOf2(value: number, exponent: number): number {
  let [result, rest, factor] = [value, Math.abs(exponent), exponent < 0 ? 0.5 : 2]
  for (; rest > 0; rest >>>= 1) {
    if (rest & 1) result *= factor
    factor *= factor
  }
  return result
}
