import * as main from 'learning-store'
import * as edge from 'learning-store/edge'
import { expect, test } from 'vitest'

/** Where there are no threads and no files. */
export function mainEntryOfTheEdge(): void {
  test('what is imported from learning-store is that of the edge', () => {
    expect({ ...main }).toEqual({ ...edge })
    expect(main.openLearningStore).toBe(edge.openLearningStore)
  })
}
