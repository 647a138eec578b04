import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexAt, priorityAt, sumTree, totalOf, withPriorities } from '../../src/algorithms/sum-tree.ts'

// Integers, whose sums are exact: the scan and the tree must agree on every boundary.
const priorities = fc.array(fc.nat(9), { minLength: 1, maxLength: 20 })

function scan(list: readonly number[], mass: number): number {
  let rest = mass
  return list.findIndex((priority) => {
    rest -= priority
    return rest < 0
  })
}

test('indexAt returns the index that a linear scan finds', () => {
  fc.assert(
    fc.property(priorities, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (list, u) => {
      const tree = sumTree(list)
      const total = list.reduce((sum, priority) => sum + priority, 0)
      expect(totalOf(tree)).toBe(total)
      if (total > 0) expect(indexAt(tree, u * total)).toBe(scan(list, u * total))
      for (let mass = 0; mass < total; mass++) expect(indexAt(tree, mass)).toBe(scan(list, mass))
    }),
  )
})

test('withPriorities returns the tree of the changed priorities and does not change the original', () => {
  const changes = fc.array(fc.tuple(fc.nat(19), fc.nat(9)), { maxLength: 10 })
  fc.assert(
    fc.property(priorities, changes, (list, all) => {
      const valid = all.filter(([index]) => index < list.length)
      const changed = [...list]
      for (const [index, priority] of valid) changed[index] = priority
      const tree = sumTree(list)
      expect(withPriorities(tree, valid)).toEqual(sumTree(changed))
      expect(list.map((_, i) => priorityAt(tree, i))).toEqual(list)
    }),
  )
})

test('indexAt never returns an index of priority 0, even with rounding', () => {
  expect(indexAt(sumTree([0.1, 0.2, 0.3, 0, 0]), 0.6000000000000001)).toBe(2)
})
