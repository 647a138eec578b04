import { COLUMNS } from './cycles.ts'
import { seeded, shuffled } from './seeded.ts'

const TESTS = 60
const CYCLES = 80
const FIRST_DAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000

/** A test is intact or broken, which is hidden. The probabilities to break, to be repaired, and to fail in either state. */
interface Kind {
  readonly breaks: number
  readonly repaired: number
  readonly failsBroken: number
  readonly failsIntact: number
}

const SOLID: Kind = { breaks: 0.004, repaired: 0.5, failsBroken: 0.9, failsIntact: 0.005 }
const BRITTLE: Kind = { breaks: 0.05, repaired: 0.3, failsBroken: 0.9, failsIntact: 0.02 }
const SHAKY: Kind = { breaks: 0.2, repaired: 0.3, failsBroken: 0.6, failsIntact: 0.15 }

/** A generated log as CSV in the format of RETECS: the same one for the same seed. */
export function workload(seed: number): string {
  const random = seeded(seed)
  const tests = Array.from({ length: TESTS }, (_, i) => ({
    name: `test-${String(i + 1).padStart(2, '0')}`,
    kind: kindAt(random()),
    duration: 60_000 * Math.exp(0.8 * normal(random)),
    isBroken: false,
    lastRun: FIRST_DAY,
    results: [] as number[],
  }))
  const rows: (string | number)[][] = [[...COLUMNS]]
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    for (const test of shuffled(tests, random)) {
      const { name, kind, results } = test
      test.isBroken = test.isBroken ? random() >= kind.repaired : random() < kind.breaks
      const verdict = random() < (test.isBroken ? kind.failsBroken : kind.failsIntact) ? 1 : 0
      const duration = Math.ceil(test.duration * Math.exp(0.05 * normal(random)))
      if (random() < 0.3) continue // Not in this cycle; its state changes anyway.
      const lastResults = `[${results.slice(0, 20).join(', ')}]`
      rows.push([rows.length, name, duration, 0, timeText(test.lastRun), lastResults, verdict, cycle])
      results.unshift(verdict)
      test.lastRun = FIRST_DAY + cycle * DAY_MS
    }
  }
  return rows.map((row) => `${row.join(';')}\n`).join('')
}

/** Half of the tests are solid, three of ten brittle. */
function kindAt(draw: number): Kind {
  return draw < 0.5 ? SOLID : draw < 0.8 ? BRITTLE : SHAKY
}

/** A draw from the standard normal distribution. Box & Muller (1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
