import { STATE } from '../../algorithms/features/feature-visitor.ts'
import { INTERCEPT } from '../../algorithms/features/sparse-vector.ts'
import { choleskyFactor, rowAt, solveLower, solveUpper } from '../../algorithms/linear/cholesky.ts'
import type { LinearSumsData } from '../../algorithms/linear/linear-sums.ts'
import type { LinearArmRow } from '../../tables/linear-arms.ts'

/**
 * The sums of an action of LinUCB, from the inverse of I + A that versions up to schema 4 stored. They are approximate, because those versions
 * had no intercept: its products with the features are taken for 0, the sum of squared rewards for the number of experiences, and the
 * rewards for numbers in [0, 1].
 * @param names the names of features in some states. They show which features of the row are booleans.
 */
export function sumsOfArm(
  { features, inverse, weighted, visits }: LinearArmRow,
  names: ReadonlySet<string>,
): LinearSumsData {
  const precision = inverted(inverse)
  const products = [visits]
  for (const [i, row] of precision.entries()) {
    products.push(0)
    for (let j = 0; j <= i; j++) products.push((row[j] ?? 0) - Number(i === j))
  }
  return {
    names: [INTERCEPT, ...features.map((name) => renamed(name, names))],
    products,
    targets: [0, ...weighted],
    squaredRewards: visits,
    rewardRange: [0, 1],
  }
}

/** The present name of a feature: earlier versions padded indexes, and took a boolean for the number 1 or 0. */
function renamed(name: string, names: ReadonlySet<string>): string {
  const path = name.replace(/(?:^|\.)(\d{4})(?=\.|$)/g, (_, index) => `[${Number(index)}]`)
  const full = path === '' || path.startsWith('[') ? `${STATE}${path}` : path
  return names.has(`${full}=true`) || names.has(`${full}=false`) ? `${full}=true` : full
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
