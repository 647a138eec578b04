import { describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import { readRuvectorIntelligence } from '../../../src/transfer/ruvector/intelligence.ts'
import { refusal, taken, utf8 } from '../sources.ts'

const second = 1_768_677_795
const pattern = { state: 'cmd_shell', action: 'success', q_value: 0.79, visits: 43, last_update: second }
const event = {
  id: `traj_${second}`,
  state: 'cmd_shell',
  action: 'success',
  outcome: 'completed',
  reward: 0.8,
  timestamp: second,
}
const file = {
  patterns: { 'cmd_shell|success': pattern, 'edit|x|y': 0.5 },
  memories: [
    { id: 'mem_1', content: 'x' },
    { id: 'mem_1', content: 'y' },
  ],
  trajectories: [
    event,
    event,
    { ...event, state: 'edit' },
    { id: 'traj_9', context: 'c', agent: 'coder', steps: [], quality: 1 },
  ],
  errors: {},
  file_sequences: [],
  stats: { total_patterns: 2, total_memories: 2 },
  embeddingProvenance: null,
  lastEditedFile: 'a.ts',
}
const bytes = (content: unknown): Uint8Array => utf8(JSON.stringify(content, null, 2))

describe('the intelligence of RuVector', () => {
  test('has patterns that become values, and trajectories that become experiences', () => {
    const { values, experiences, agents, skipped } = taken(readRuvectorIntelligence(bytes(file)))
    const own = { agentId: 'ruvector', lastUpdated: '2026-01-17 19:23:15.000' }
    expect(values).toEqual([
      { ...own, state: 'cmd_shell', action: 'success', value: 0.79, visits: 43 },
      { ...own, state: 'edit', action: 'x|y', value: 0.5, visits: 1, lastUpdated: null },
    ])
    expect(experiences.map(({ state, timestamp }) => [state, timestamp])).toEqual([
      ['cmd_shell', '2026-01-17 19:23:15.000'],
      ['cmd_shell', '2026-01-17 19:23:15.000'],
      ['edit', '2026-01-17 19:23:15.000'],
    ])
    expect(agents).toEqual([{ id: 'ruvector', configuration: {} }])
    expect(skipped.map(({ what, count }) => [what, count])).toEqual([
      ['trajectories', 1],
      ['trajectories: outcome', 3],
      ['memories', 2],
      ['stats', 2],
      ['lastEditedFile', 1],
    ])
  })

  test('can list its patterns, and lack either part', () => {
    const list = taken(readRuvectorIntelligence(bytes({ patterns: [pattern, { ...pattern, action: 'b' }] })))
    expect(list.values.map(({ action }) => action)).toEqual(['success', 'b'])
    expect(taken(readRuvectorIntelligence(bytes({ patterns: {}, trajectories: [event] }))).experiences).toHaveLength(1)
  })

  test.each<[string, unknown]>([
    ['the file to be an object, got a list', []],
    ['patterns to be an object, got "x"', { patterns: 'x' }],
    ['trajectories to be a list, got', { trajectories: {} }],
    ['trajectories[0] to be an object, got null', { trajectories: [null] }],
    ['trajectories[0].reward to be a finite number, got "1"', { trajectories: [{ ...event, reward: '1' }] }],
    ['trajectories[0].timestamp to be a time', { trajectories: [{ ...event, timestamp: -1e300 }] }],
    ['patterns["k"] to be an object, got "x"', { patterns: { k: 'x' } }],
    ['patterns["k"].state to be a non-empty string', { patterns: { k: 1 } }],
    ['patterns["s|a"].q_value to be a finite number, got null', { patterns: { 's|a': { ...pattern, q_value: null } } }],
    ['patterns[0].visits to be an integer of at least 0, got -1', { patterns: [{ ...pattern, visits: -1 }] }],
    ['patterns[0].last_update to be a time', { patterns: [{ ...pattern, last_update: 'now' }] }],
    ['patterns[1] to be the only pattern of its state and action', { patterns: [pattern, pattern] }],
  ])('is refused: %s', (message, content) => {
    expect(refusal(readRuvectorIntelligence(bytes(content)))).toContain(`INVALID_ARGUMENT: Expected ${message}`)
  })

  test('is imported once, whole, and with the times of its values', async () => {
    await using store = await openLearningStore({ storage: 'memory:' })
    const tried = await store.importFile(bytes(file), { dryRun: true })
    const first = await store.importFile(bytes(file))
    expect(tried).toEqual({ ...first, dryRun: true })
    expect(first.format).toBe('ruvector-intelligence')
    expect(first.changes).toEqual([
      { what: 'agents', added: 1, known: 0 },
      { what: 'experiences', added: 3, known: 0 },
      { what: 'values', added: 2, known: 0 },
    ])
    const values = await store.values.list({ agentId: 'ruvector' })
    expect(values.find(({ stateKey }) => stateKey.includes('cmd_shell'))).toMatchObject({
      value: 0.79,
      visits: 43,
      lastUpdated: '2026-01-17T19:23:15.000Z',
    })
    const again = await store.importFile(bytes(file))
    expect(again.changes.map(({ added }) => added)).toEqual([0, 0, 0])
    expect(await store.values.list({ agentId: 'ruvector' })).toEqual(values)
  })
})
