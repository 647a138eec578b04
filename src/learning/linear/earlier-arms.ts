import { STATE } from '../../algorithms/features/feature-visitor.ts'
import { INTERCEPT } from '../../algorithms/features/sparse-vector.ts'
import { choleskyFactor, rowAt, solveLower, solveUpper } from '../../algorithms/linear/cholesky.ts'
import type { LinearSumsData } from '../../algorithms/linear/linear-sums.ts'
import type { LinearArmRow } from '../../tables/linear-arms.ts'

/**
 * The sums of an action of LinUCB as versions up to schema 4 stored it: the inverse of I + A, without an intercept. That is approximate:
 * the sums of products with the intercept, and of squared rewards, were not stored, and are taken for 0 and for the number of experiences; rewards
 * for numbers in [0, 1].
 * @param known names of features of some states, by which booleans are told from numbers
 */
export function sumsOfArm(
  { features, inverse, weighted, visits }: LinearArmRow,
  known: ReadonlySet<string>,
): LinearSumsData {
  const precision = inverted(inverse)
  const products = [visits]
  for (const [i, row] of precision.entries()) {
    products.push(0)
    for (let j = 0; j <= i; j++) products.push((row[j] ?? 0) - Number(i === j))
  }
  return {
    names: [INTERCEPT, ...features.map((name) => renamed(name, known))],
    products,
    targets: [0, ...weighted],
    squaredRewards: visits,
    rewardRange: [0, 1],
  }
}

/** Indexes were padded, and a boolean was the number 1 or 0. */
function renamed(name: string, known: ReadonlySet<string>): string {
  const path = name.replace(/(?:^|\.)(\d{4})(?=\.|$)/g, (_, index) => `[${Number(index)}]`)
  const full = path === '' || path.startsWith('[') ? `${STATE}${path}` : path
  return known.has(`${full}=true`) || known.has(`${full}=false`) ? `${full}=true` : full
}

/** The inverse of a symmetric positive definite matrix, shape [D, D]. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length
  const lower = new Float64Array(rowAt(size))
  for (const [i, row] of matrix.entries()) for (let j = 0; j <= i; j++) lower[rowAt(i) + j] = row[j] ?? 0
  const factor = choleskyFactor(lower, size, Number.MIN_VALUE)
  return matrix.map((_, i) => {
    const unit = Float64Array.from({ length: size }, (_, j) => Number(i === j))
    return [...solveUpper(factor, solveLower(factor, unit))]
  })
}
