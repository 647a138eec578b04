/** Up to this many degrees of freedom Student's distribution is summed exactly; above, its normal expansion is as accurate. */
const EXACT_DEGREES = 200

/** The quantile of the standard normal distribution. @param p in (0, 1). */
export function normalQuantile(p: number): number {
  return upperQuantile(p, normalExcess, (z) => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI))
}

/** The quantile of Student's t distribution. @param p in (0, 1). @param degrees of freedom, an integer >= 1. */
export function studentQuantile(p: number, degrees: number): number {
  if (degrees > EXACT_DEGREES) return expandedStudentQuantile(normalQuantile(p), degrees)
  const atZero = studentDensityAtZero(degrees)
  return upperQuantile(
    p,
    (t) => studentExcess(t, degrees),
    (t) => atZero * (1 + (t * t) / degrees) ** (-(degrees + 1) / 2),
  )
}

/**
 * Newton's method from 0, mirrored for p < 1/2. Above 0 these distribution functions are concave, so every step approaches from
 * below and none overshoots.
 * @param excess returns the probability between 0 and x, for x >= 0.
 */
function upperQuantile(p: number, excess: (x: number) => number, density: (x: number) => number): number {
  const wanted = Math.abs(p - 0.5)
  let x = 0
  for (let i = 0; i < 100; i++) {
    const move = (wanted - excess(x)) / density(x)
    x += move
    if (Math.abs(move) <= 1e-14 * x) break
  }
  return p < 0.5 ? -x : x
}

/** Marsaglia (2004), "Evaluating the normal distribution": a series without cancellation. */
function normalExcess(z: number): number {
  let term = z
  let sum = z
  for (let i = 3; term > 1e-17 * sum; i += 2) {
    term *= (z * z) / i
    sum += term
  }
  return (sum * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)
}

/** Abramowitz & Stegun (1964), eq. 26.7.3 and 26.7.4: finite sums. */
function studentExcess(t: number, degrees: number): number {
  const theta = Math.atan(t / Math.sqrt(degrees))
  const cosine = Math.cos(theta)
  const isOdd = degrees % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = degrees === 1 ? 0 : term
  for (let i = isOdd ? 3 : 2; i < degrees; i += 2) {
    term *= (cosine * cosine * (i - 1)) / i
    sum += term
  }
  return isOdd ? (theta + Math.sin(theta) * sum) / Math.PI : (Math.sin(theta) * sum) / 2
}

/** Gamma((n + 1)/2) / (sqrt(n pi) Gamma(n/2)), by the recursion of Gamma. */
function studentDensityAtZero(degrees: number): number {
  let ratio = degrees % 2 === 1 ? 1 / Math.sqrt(Math.PI) : Math.sqrt(Math.PI) / 2
  for (let n = degrees % 2 === 1 ? 1 : 2; n < degrees; n += 2) ratio *= (n + 1) / n
  return ratio / Math.sqrt(degrees * Math.PI)
}

/** Abramowitz & Stegun (1964), eq. 26.7.5. */
function expandedStudentQuantile(z: number, n: number): number {
  const g1 = (z ** 3 + z) / 4
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + g1 / n + g2 / n ** 2 + g3 / n ** 3
}
