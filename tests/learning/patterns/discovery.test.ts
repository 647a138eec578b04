import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/algorithms/random.ts'
import type { Execution } from '../../../src/learning/executions/execution.ts'
import { clockedStore } from '../clocked-store.ts'

const STRATEGIES = 400
const USES = 50

/** The share of strategies that became a pattern within their uses, looking after each use. */
function shareDiscovered(successRate: number, discovery: Execution['discovery']): number {
  const { store, connection } = clockedStore()
  const random = seededRandom(14, `discovery ${successRate}`)
  let discovered = 0
  for (let one = 0; one < STRATEGIES; one++) {
    for (let use = 0; use < USES; use++) {
      const success = random.next() < successRate
      const task = { agentId: 'a', taskType: 't', strategy: `strategy ${one}`, success }
      if (store.patterns.recordUse({ ...task, ...(discovery && { discovery }) }).discovered) discovered++
    }
  }
  connection.close()
  return discovered / STRATEGIES
}

test('strategies that succeed in 6 of 10 uses become patterns in less than 5 of 100 cases', () => {
  // 1.6 % by the exact distribution.
  expect(shareDiscovered(0.6, undefined)).toBeLessThan(0.05)
})

test('strategies that succeed in 9 of 10 uses become patterns within 50 uses', () => {
  // 97.2 % by the exact distribution.
  expect(shareDiscovered(0.9, undefined)).toBeGreaterThan(0.94)
})

test('the rule of agentic-qe finds a pattern in most strategies that succeed in 6 of 10 uses', () => {
  // 57.5 % by the exact distribution; three standard errors of 400 cases are 7.4 %.
  expect(Math.abs(shareDiscovered(0.6, 'rate') - 0.575)).toBeLessThan(0.075)
})

test('learning from a task discovers by the lower bound, and lists what has evidence', () => {
  const { store, connection } = clockedStore()
  const agent = store.agent('a')
  const learn = (success: boolean, discovery?: Execution['discovery']) =>
    agent.learnFromExecution({
      ...{ state: 's', action: 'x', reward: success ? 1 : 0, success, taskType: 't' },
      ...(discovery && { discovery }),
    })
  // The lower bound of 8 in 8 is .676, of 9 in 9 .701.
  for (let i = 0; i < 8; i++) expect(learn(true)).toMatchObject({ discovered: undefined, patterns: [] })
  const { discovered, patterns } = learn(true)
  expect([discovered?.usageCount, discovered?.lacksEvidence, patterns.length]).toEqual([9, false, 1])
  expect(store.patterns.list()).toEqual(patterns)

  // Below the bound again: marked and left out of lists, but its row stays.
  expect(learn(false).patterns).toEqual([])
  expect(store.patterns.list()).toEqual([])
  expect(store.patterns.list({ minLowerBound: 0 })).toMatchObject([{ usageCount: 10, lacksEvidence: true }])
  expect(store.patterns.get(discovered?.id ?? 0)).toMatchObject({ usageCount: 10, lacksEvidence: true })
  expect(agent.getStatistics()).toMatchObject({ patterns: 1, patternsLackingEvidence: 1, failurePatterns: 1 })
  expect(learn(true, 'rate').patterns).toMatchObject([{ lacksEvidence: true }])
  connection.close()
})

test('failure patterns are no patterns', () => {
  const { store, connection } = clockedStore()
  const use = { agentId: 'a', taskType: 't', strategy: 's' }
  const { failure } = store.patterns.recordUse({ ...use, success: false })
  store.agent('a')
  expect(store.patterns.list({ minLowerBound: 0 })).toEqual([])
  expect(store.patterns.get(failure?.id ?? 0)).toBeUndefined()
  expect(store.agent('a').getStatistics()).toMatchObject({ patterns: 0, failurePatterns: 1 })
  expect(store.resetAgent('a')).toMatchObject({ patterns: 0, failurePatterns: 1 })
  connection.close()
})

test.each(['sometimes', { rule: 'sometimes' }])('refuses the rule %j', (discovery) => {
  const { store, connection } = clockedStore()
  const use = { agentId: 'a', taskType: 't', strategy: 's', success: true }
  expect(() => store.patterns.recordUse({ ...use, discovery: discovery as 'rate' })).toThrow(
    'discovery to be one of lower-bound, rate',
  )
  connection.close()
})
