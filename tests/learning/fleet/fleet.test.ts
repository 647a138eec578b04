import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockedStore } from '../clocked-store.ts'

test('a record with a lifetime exists until its last millisecond, and its id is free afterwards', () => {
  const { store, clock } = clockedStore()
  const { events, artifacts, workflows, proposals } = store.fleet
  const create = {
    events: () => events.create({ id: 'x', type: 't', source: 's', ttlMs: 10_000 }),
    artifacts: () => artifacts.create({ id: 'x', kind: 'k', path: 'p', sha256: 'h', ttlMs: 10_000 }),
    workflows: () => workflows.create({ id: 'x', step: 's', ttlMs: 10_000 }),
    proposals: () => proposals.create({ id: 'x', decision: 'd', proposer: 'p', quorum: 1, ttlMs: 10_000 }),
  }
  for (const operation of Object.values(create)) operation()
  const groups = [events, artifacts, workflows, proposals]
  clock.now += 9_999
  expect(groups.map((group) => [group.get('x')?.id, group.list().length])).toEqual(Array(4).fill(['x', 1]))
  clock.now += 1
  expect(groups.map((group) => [group.get('x'), group.list().length])).toEqual(Array(4).fill([undefined, 0]))
  expect(groups.map((group) => [group.update('x', {}), group.delete('x')])).toEqual(Array(4).fill([false, false]))
  create.events()
  expect(store.memory.prune()).toMatchObject({ events: 0, artifacts: 1, workflows: 1, proposals: 1 })
  expect(events.list()).toHaveLength(1)
  for (const operation of [create.artifacts, create.workflows, create.proposals]) operation()
})

test('default lifetimes are those of agentic-qe', () => {
  const { store, clock } = clockedStore()
  const { events, artifacts, workflows, proposals } = store.fleet
  events.create({ type: 't', source: 's' })
  artifacts.create({ kind: 'k', path: 'p', sha256: 'h' })
  workflows.create({ step: 's' })
  proposals.create({ decision: 'd', proposer: 'p', quorum: 1 })
  store.memory.patterns.create({ pattern: 'p', confidence: 1 })
  store.memory.as({ agentId: 'a' }).set({ key: 'k', partition: 'shared', value: 1 })
  const counts = (): unknown[] => Object.values(store.memory.prune())
  const none = {
    entries: 0,
    crossSession: 0,
    hints: 0,
    patterns: 0,
    events: 0,
    artifacts: 0,
    workflows: 0,
    proposals: 0,
  }
  for (const [time, expired] of [
    [1_800, { entries: 1 }],
    [604_800, { patterns: 1, proposals: 1 }],
    [2_592_000, { events: 1 }],
    [1e9, {}],
  ] as const) {
    clock.now = Date.UTC(2026, 0, 1) + time * 1000 - 1
    expect(counts()).toEqual(Object.values(none))
    clock.now += 1
    expect(store.memory.prune()).toEqual({ ...none, ...expired })
  }
})

test('the lifetime of a workflow counts from its last update, that of an event from its creation', () => {
  const { store, clock } = clockedStore()
  const { events, workflows } = store.fleet
  const workflow = workflows.create({ step: '1', ttlMs: 10_000 })
  const event = events.create({ type: 't', source: 's', ttlMs: 10_000 })
  clock.now += 9_000
  workflows.update(workflow, { step: '2' })
  events.update(event, { ttlMs: 12_000 })
  clock.now += 9_000
  expect([workflows.get(workflow)?.step, events.get(event)]).toEqual(['2', undefined])
})

test('a vote on an expired proposal returns expired, and changes nothing', () => {
  const { store, clock, connection } = clockedStore()
  const id = store.fleet.proposals.create({ decision: 'd', proposer: 'p', quorum: 1, ttlMs: 10_000 })
  clock.now += 10_000
  const { sequence } = connection
  expect(store.fleet.proposals.vote(id, { agentId: 'a', approve: true })).toEqual({
    counted: false,
    status: 'expired',
    version: 1,
  })
  expect(connection.sequence).toBe(sequence)
  store.memory.prune()
  expect(store.fleet.proposals.vote(id, { agentId: 'a', approve: true })).toBeUndefined()
})

test('a quorum is reached exactly if enough distinct voters are in favor before too many are against', () => {
  const voter = fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__')
  const ballots = fc.array(fc.record({ agentId: voter, approve: fc.boolean() }), { maxLength: 15 })
  const { store } = clockedStore()
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.boolean(), ballots, (quorum, isCounted, cast) => {
      const voters = isCounted ? 6 : null
      const id = store.fleet.proposals.create({ decision: 'd', proposer: 'p', quorum, voters })
      const first = new Map<string, boolean>()
      let expected = 'pending'
      for (const vote of cast) {
        const counts = expected === 'pending' && !first.has(vote.agentId)
        if (counts) first.set(vote.agentId, vote.approve)
        const approvals = [...first.values()].filter(Boolean).length
        const rejections = first.size - approvals
        if (approvals >= quorum) expected = 'approved'
        else if (voters !== null && rejections > voters - quorum) expected = 'rejected'
        expect(store.fleet.proposals.vote(id, vote)).toEqual({
          counted: counts,
          status: expected,
          version: 1 + first.size,
        })
      }
      expect(store.fleet.proposals.get(id)?.status).toBe(expected)
    }),
    { numRuns: 300 },
  )
})

test('rows of other programs are read unchanged', () => {
  const { store, connection } = clockedStore()
  connection.run('INSERT INTO tasks (id, fleet_id, type, name, status, created_at) VALUES (?, ?, ?, ?, ?, ?)', [
    't',
    'f',
    'x',
    'n',
    'queued',
    '2026-01-01 00:00:00',
  ])
  connection.run(
    'INSERT INTO consensus_state (id, decision, proposer, votes, quorum, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ['c', 'd', 'p', '["a"]', 2, 'pending', 0],
  )
  expect(store.fleet.tasks.get('t')).toMatchObject({ status: 'queued', data: null })
  expect(store.fleet.tasks.update('t', { status: 'running' })).toBe(true)
  expect(store.fleet.proposals.get('c')).toMatchObject({ votes: ['a'], rejections: [], voters: null, version: 1 })
  expect(store.fleet.proposals.vote('c', { agentId: 'b', approve: true })?.status).toBe('approved')
})
