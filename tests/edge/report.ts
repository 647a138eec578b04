import { describe, test } from 'vitest'
import type { Outcome } from './vitest-in-runtime.ts'

/** Every test that ran in a runtime as one of ours. */
export function report(runtime: string, outcomes: readonly Outcome[]): void {
  describe(runtime, () => {
    // Where nothing ran nothing was shown.
    test('ran tests', ({ expect }) => {
      expect(outcomes.filter(({ state }) => state === 'passed')).not.toEqual([])
    })
    for (const { name, state, error } of outcomes) {
      test.skipIf(state === 'skipped')(name, () => {
        if (state !== 'failed') return
        const failed = new Error(`In ${runtime}: ${error}`)
        failed.stack = failed.message
        throw failed
      })
    }
  })
}
