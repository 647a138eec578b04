import type { AgentAction, QeAgentType } from '../../src/entry/node.ts'

/** A real task of an agent, with a right and a wrong strategy. */
export interface RealTask {
  readonly type: string
  readonly right: AgentAction
  readonly wrong: AgentAction
  /** Performs the work by a strategy. @param n the number of the task @returns whether the result is right */
  work(strategy: string, n: number): boolean
}

const action = (strategy: string, parallelization?: number): AgentAction =>
  parallelization === undefined ? { strategy } : { strategy, parallelization }

/** A pseudo-random integer below `most`, which depends on `n` only. */
const drawn = (n: number, most: number): number => (Math.imul(n + 1, 2654435761) >>> 8) % most

const numbers = (n: number, count: number): number[] => Array.from({ length: count }, (_, i) => drawn(n * 97 + i, 1000))

/** Wrong for negative numbers. */
const brokenAbs = (x: number): number => (x < -5 ? x : Math.abs(x))

const ordered = (list: readonly number[]): boolean => list.every((x, i) => i === 0 || (list[i - 1] ?? 0) <= x)

export const REAL_TASKS: { readonly [T in QeAgentType]: RealTask } = {
  'qe-test-generator': {
    type: 'test-generation',
    right: action('boundary-values', 0.5),
    wrong: action('small-values', 0.5),
    work: (strategy) => {
      const inputs = strategy === 'boundary-values' ? [-1000, -1, 0, 1, 1000] : [0, 1, 2, 3]
      return inputs.some((x) => brokenAbs(x) !== Math.abs(x))
    },
  },
  'qe-test-executor': {
    type: 'test-run',
    right: action('dependencies-first', 0.8),
    wrong: action('by-name', 0.8),
    work: (strategy) => {
      const needs: Record<string, string[]> = { a: ['c'], b: [], c: ['b'] }
      const done = new Set<string>()
      for (const one of strategy === 'by-name' ? ['a', 'b', 'c'] : ['b', 'c', 'a']) {
        if (needs[one]?.some((other) => !done.has(other))) throw new Error(`${one} ran before what it needs`)
        done.add(one)
      }
      return done.size === 3
    },
  },
  'qe-coverage-analyzer': {
    type: 'coverage-gap-analysis',
    right: action('sublinear'),
    wrong: action('first-only'),
    work: (strategy, n) => {
      const covered = Array.from({ length: 64 }, (_, i) => i < 10 + (n % 40))
      let [low, high] = [0, covered.length]
      while (strategy === 'sublinear' && low < high) {
        const middle = (low + high) >> 1
        if (covered[middle]) low = middle + 1
        else high = middle
      }
      return low === covered.indexOf(false)
    },
  },
  'qe-quality-gate': {
    type: 'gate',
    right: action('all-thresholds'),
    wrong: action('average'),
    work: (strategy, n) => {
      const scores = [0.99, 0.98, 0.3 + (n % 3) / 100]
      const passes =
        strategy === 'average' ? scores.reduce((a, b) => a + b) / 3 > 0.7 : scores.every((one) => one > 0.7)
      return !passes
    },
  },
  'qe-quality-analyzer': {
    type: 'trend',
    right: action('least-squares'),
    wrong: action('last-two'),
    work: (strategy, n) => {
      const series = Array.from({ length: 20 }, (_, i) => i + (i % 2 ? 3 : 0) + (n % 2))
      const mid = (series.length - 1) / 2
      const slope = series.reduce((sum, y, x) => sum + (x - mid) * y, 0)
      const rises = strategy === 'last-two' ? (series.at(-1) ?? 0) < (series.at(-2) ?? 0) : slope > 0
      return rises
    },
  },
  'qe-performance-tester': {
    type: 'bottleneck',
    right: action('percentile'),
    wrong: action('mean'),
    work: (strategy, n) => {
      const times = Array.from({ length: 100 }, (_, i) => (i < 5 ? 500 : 10 + ((i + n) % 3))).sort((a, b) => a - b)
      const figure = strategy === 'mean' ? times.reduce((a, b) => a + b) / 100 : (times[97] ?? 0)
      return figure > 100
    },
  },
  'qe-security-scanner': {
    type: 'sast',
    right: action('parse-tags'),
    wrong: action('literal-match'),
    work: (strategy, n) => {
      const text = `<p>${n}</p><ScRiPt src=x>`
      return strategy === 'parse-tags' ? /<\s*script\b/i.test(text) : text.includes('<script')
    },
  },
  'qe-requirements-validator': {
    type: 'bdd',
    right: action('given-when-then'),
    wrong: action('keyword'),
    work: (strategy, n) => {
      const vague = `When it is fast enough (${n})`
      const valid = strategy === 'keyword' ? vague.includes('When') : /Given .* When .* Then /.test(vague)
      return !valid
    },
  },
  'qe-production-intelligence': {
    type: 'incident-replay',
    right: action('by-time'),
    wrong: action('as-logged'),
    work: (strategy, n) => {
      const log = [3, 1, 2].map((at) => at + n)
      return ordered(strategy === 'by-time' ? log.toSorted((a, b) => a - b) : log)
    },
  },
  'qe-fleet-commander': {
    type: 'assignment',
    right: action('least-loaded', 1),
    wrong: action('always-first', 1),
    work: (strategy, n) => {
      const loads = [0, 0, 0]
      for (const job of numbers(n, 30)) {
        const at = strategy === 'least-loaded' ? loads.indexOf(Math.min(...loads)) : 0
        loads[at] = (loads[at] ?? 0) + job
      }
      return Math.max(...loads) < 0.5 * loads.reduce((a, b) => a + b)
    },
  },
  'qe-deployment-readiness': {
    type: 'decision',
    right: action('worst-risk'),
    wrong: action('product-of-risks'),
    work: (strategy, n) => {
      const risks = [0.9, 0.01 * (1 + (n % 5)), 0.02]
      const risk = strategy === 'worst-risk' ? Math.max(...risks) : risks.reduce((a, b) => a * b)
      return risk > 0.5
    },
  },
  'qe-regression-risk-analyzer': {
    type: 'test-selection',
    right: action('changed-files'),
    wrong: action('first-tests'),
    work: (strategy, n) => {
      const tests = Array.from({ length: 50 }, (_, i) => ({ covers: i, fails: i === 10 + (n % 30) }))
      const chosen =
        strategy === 'first-tests' ? tests.slice(0, 5) : tests.filter(({ covers }) => covers === 10 + (n % 30))
      return chosen.some(({ fails }) => fails)
    },
  },
  'qe-test-data-architect': {
    type: 'data-generation',
    right: action('numbered'),
    wrong: action('drawn'),
    work: (strategy, n) => {
      const ids = Array.from({ length: 60 }, (_, i) => (strategy === 'numbered' ? i : drawn(n * 60 + i, 100)))
      if (new Set(ids).size < ids.length) throw new Error('Two rows have one key')
      return true
    },
  },
  'qe-api-contract-validator': {
    type: 'breaking-change',
    right: action('compare-fields'),
    wrong: action('compare-counts'),
    work: (strategy, n) => {
      const before = ['id', 'name', `field${n}`]
      const after = ['id', 'title', `field${n}`]
      return strategy === 'compare-counts' ? before.length !== after.length : before.some((one) => !after.includes(one))
    },
  },
  'qe-flaky-test-hunter': {
    type: 'flaky-detection',
    right: action('rerun'),
    wrong: action('single-run'),
    work: (strategy, n) => {
      const runs = strategy === 'rerun' ? 10 : 1
      const outcomes = Array.from({ length: runs }, (_, i) => (i + n) % 4 !== 0)
      return new Set(outcomes).size === 2
    },
  },
  'qe-visual-tester': {
    type: 'comparison',
    right: action('tolerance'),
    wrong: action('exact'),
    work: (strategy, n) => {
      const before = numbers(n, 100)
      const after = before.map((pixel) => pixel + (pixel % 2))
      const differs = before.some((pixel, i) => Math.abs(pixel - (after[i] ?? 0)) > (strategy === 'exact' ? 0 : 2))
      return !differs
    },
  },
  'qe-chaos-engineer': {
    type: 'failure-injection',
    right: action('one-at-a-time'),
    wrong: action('all-at-once'),
    work: (strategy, n) => {
      const replicas = Array.from({ length: 3 + (n % 3) }, () => true)
      const killed = strategy === 'one-at-a-time' ? 1 : replicas.length
      if (replicas.slice(killed).length === 0) throw new Error('No replica is left')
      return true
    },
  },
  'qe-code-complexity': {
    type: 'complexity',
    right: action('branches'),
    wrong: action('lines'),
    work: (strategy, n) => {
      const dense = `if (a) b(); else if (c) d(); for (;;) if (e) break // ${n}`
      const figure = strategy === 'lines' ? dense.split('\n').length : (dense.match(/\b(if|for|while)\b/g)?.length ?? 0)
      return figure > 3
    },
  },
}
