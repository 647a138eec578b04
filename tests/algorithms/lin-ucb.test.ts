import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coefficientsOf, linearArm, linearArmUpdated, linUcb } from '../../src/algorithms/lin-ucb.ts'

test('with one feature it is ridge regression: theta = sum xr / (1 + sum xx), width alpha |x| / sqrt(1 + sum xx)', () => {
  const arm = linearArmUpdated(linearArmUpdated(linearArm(1), [1], 3), [2], 4)
  expect(coefficientsOf(arm)[0]).toBeCloseTo(11 / 6, 12)
  expect(linUcb(arm, [3], 2)).toBeCloseTo(33 / 6 + 2 * (3 / Math.sqrt(6)), 12)
})

test('the bound of an arm without observations is alpha |x| / sqrt(ridge)', () => {
  expect(linUcb(linearArm(2, 4), [3, 4], 0.5)).toBeCloseTo((0.5 * 5) / 2, 12)
})

test('updates keep the inverse of ridge I + the sum of x x`', () => {
  const x = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(x, { maxLength: 20 }), (rows) => {
      const { inverse } = rows.reduce((arm, row) => linearArmUpdated(arm, row, 1), linearArm(3))
      for (const i of [0, 1, 2]) {
        for (const j of [0, 1, 2]) {
          const a = (k: number): number =>
            rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[k] ?? 0), i === k ? 1 : 0)
          const product = [0, 1, 2].reduce((sum, k) => sum + a(k) * (inverse[k]?.[j] ?? 0), 0)
          expect(product).toBeCloseTo(i === j ? 1 : 0, 8)
        }
      }
    }),
  )
})

test('an update does not change the arm that was passed', () => {
  const arm = linearArm(2)
  linearArmUpdated(arm, [1, 2], 3)
  expect(arm).toEqual(linearArm(2))
})
