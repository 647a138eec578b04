import * as main from 'learning-store'
import * as edge from 'learning-store/edge'
import { expect, test } from 'vitest'

/** Where there are no threads and no files. */
export function mainEntryOfTheEdge(): void {
  test('learning-store resolves to the entry of the edge', () => {
    expect({ ...main }).toEqual({ ...edge })
    expect(main.openLearningStore).toBe(edge.openLearningStore)
  })
}
