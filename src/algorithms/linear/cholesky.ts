/** Symmetric positive definite matrices and their factors, as lower triangles by rows: element (i, j) at i (i + 1) / 2 + j, j <= i. */

/** The index of the first element of a row. */
export function rowAt(i: number): number {
  return (i * (i + 1)) / 2
}

/**
 * The Cholesky factor L of A = L L'. Golub & Van Loan (2013), "Matrix computations", section 4.2. A pivot that rounding makes smaller than
 * `leastPivot` counts as that: the matrices here have it on their diagonals as a ridge.
 * @param lower A as a lower triangle; shape [D (D + 1) / 2]. @returns L, of the same shape
 */
export function choleskyFactor(lower: Float64Array, dimension: number, leastPivot: number): Float64Array {
  const factor = new Float64Array(lower.length)
  for (let i = 0; i < dimension; i++) {
    const row = rowAt(i)
    for (let j = 0; j <= i; j++) {
      const other = rowAt(j)
      let sum = lower[row + j] as number
      for (let k = 0; k < j; k++) sum -= (factor[row + k] as number) * (factor[other + k] as number)
      factor[row + j] = i === j ? Math.sqrt(Math.max(sum, leastPivot)) : sum / (factor[other + j] as number)
    }
  }
  return factor
}

/** The solution x of L x = b, by forward substitution. @param factor L. @param b shape [D]. @returns shape [D] */
export function solveLower(factor: Float64Array, b: Float64Array): Float64Array {
  const x = new Float64Array(b.length)
  for (let i = 0; i < b.length; i++) {
    const row = rowAt(i)
    let sum = b[i] as number
    for (let k = 0; k < i; k++) sum -= (factor[row + k] as number) * (x[k] as number)
    x[i] = sum / (factor[row + i] as number)
  }
  return x
}

/** The solution x of L' x = b, by back substitution. @param factor L. @param b shape [D]. @returns shape [D] */
export function solveUpper(factor: Float64Array, b: Float64Array): Float64Array {
  const x = b.slice()
  for (let i = b.length - 1; i >= 0; i--) {
    const row = rowAt(i)
    const value = (x[i] as number) / (factor[row + i] as number)
    x[i] = value
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (factor[row + k] as number) * value
  }
  return x
}
