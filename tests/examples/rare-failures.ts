import { COLUMNS } from '../../examples/prioritization/cycles.ts'
import { seeded, shuffled } from '../../examples/prioritization/seeded.ts'

const TESTS = 80
const CYCLES = 90
/** The expected number of cycles in which a test begins to fail. */
const BEGINNINGS = 9

/** A log as CSV in which failures are rare: the same one for the same seed. */
export function rareFailures(
  seed: number,
  /** `slow`: the share of failures among the slowest third; `persistence`: the probability to fail once more in a row. */
  { slow, persistence }: { readonly slow: number; readonly persistence: number },
): string {
  const random = seeded(seed)
  const tests = Array.from({ length: TESTS }, (_, i) => ({
    name: `test-${i}`,
    duration: 1_000 * 10 ** (2 * random()),
    results: [] as number[],
    failuresLeft: 0,
  }))
  const slowest = tests.toSorted((a, b) => b.duration - a.duration).slice(0, TESTS / 3)
  const rows: (string | number)[][] = [[...COLUMNS]]
  let left = 21
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    // The first failure is certain, so that there are some.
    if (random() < BEGINNINGS / CYCLES || (left === 21 && cycle === CYCLES / 2)) {
      const failedBefore = tests.filter(({ results }) => results.includes(1))
      const fresh = random() < slow ? slowest : tests
      const from = failedBefore.length > 0 && random() < 0.4 ? failedBefore : fresh
      const failing = from[Math.floor(random() * from.length)]
      do {
        if (failing) failing.failuresLeft++
      } while (random() < persistence)
    }
    for (const test of shuffled(tests, random)) {
      if (random() < 0.2) continue
      const verdict = test.failuresLeft > 0 && left > 0 ? 1 : 0
      test.failuresLeft -= verdict
      left -= verdict
      const duration = Math.ceil(test.duration * (0.95 + 0.1 * random()))
      const results = `[${test.results.slice(0, 20).join(', ')}]`
      rows.push([rows.length, test.name, duration, 0, '2024-01-01 00:00:00', results, verdict, cycle])
      test.results.unshift(verdict)
    }
  }
  return rows.map((row) => `${row.join(';')}\n`).join('')
}
