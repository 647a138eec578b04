import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initializeIdentity, storeSequence } from '../src/learning/identity.ts'
import type { LearningStore } from '../src/learning/learning-store.ts'
import { EMPTY_IMPORT } from '../src/learning/maintenance/import-batch.ts'
import { decodeFrames } from '../src/persistence/log/frame.ts'
import { RecordReader, RecordWriter } from '../src/persistence/log/record.ts'
import { nodeEngine } from '../src/runtime/node/engine.ts'
import { type Commit, Connection } from '../src/sql/connection.ts'
import { migrate } from '../src/sql/migrations.ts'
import { completeStore } from './complete-store.ts'
import { plainValue } from './plain-value.ts'

const engine = await nodeEngine()

/** A store whose commits are collected as a storage would get them. */
class Recorded {
  readonly connection = new Connection(engine)
  readonly store: LearningStore
  readonly commits: Commit[] = []
  snapshots: { bytes: Uint8Array; sequence: number }[] = []

  constructor() {
    let ids = 0
    const newId = (): string => `id-${ids++}`
    const now = (): number => Date.UTC(2026, 0, 1) + this.commits.length * 700
    migrate(this.connection)
    this.connection.onCommit = (commit) => this.commits.push(commit)
    initializeIdentity(this.connection, newId, now)
    this.store = completeStore(this.connection, { now, newId, seed: 1 })
    this.snapshot()
  }

  snapshot(): void {
    this.store.settle()
    storeSequence(this.connection)
    this.snapshots.push({ bytes: this.connection.export(), sequence: this.connection.sequence })
  }
}

type Operation = (recorded: Recorded) => void

const agentId = fc.constantFrom('a', 'b', 'c')
const action = fc.oneof(fc.constantFrom('left', 'right'), plainValue)
const experience = fc.record(
  {
    id: fc.constantFrom('e1', 'e2', 'e3'),
    state: fc.oneof(fc.constantFrom('s', 't'), plainValue),
    action,
    reward: fc.double({ noNaN: true, noDefaultInfinity: true }),
    nextState: fc.oneof(fc.constantFrom('s', 't'), plainValue),
    terminated: fc.boolean(),
    truncated: fc.boolean(),
    actions: fc.array(action, { maxLength: 3 }),
    nextActions: fc.array(action, { maxLength: 3 }),
    episodeId: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['state', 'action', 'reward', 'nextState'] },
)
const algorithm = fc.constantFrom('q-learning', 'sarsa', 'expected-sarsa', 'double-q-learning')

/** Operations that are refused are part of it: they must leave no trace. */
const tolerant =
  (work: (store: LearningStore) => unknown): Operation =>
  ({ store }) => {
    try {
      work(store)
    } catch (error) {
      expect(error).toMatchObject({ name: 'StoreError' })
    }
  }

const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(agentId, experience).map(([id, one]) => tolerant((store) => store.agent(id).learn(one))),
  fc
    .tuple(agentId, fc.array(experience, { maxLength: 5 }))
    .map(([id, many]) => tolerant((store) => store.agent(id).learnMany(many))),
  fc.tuple(agentId, experience).map(([id, one]) => tolerant((store) => store.experiences.add(id, one))),
  fc
    .tuple(agentId, experience, fc.boolean(), fc.boolean())
    .map(([id, { terminated: _, truncated: __, ...one }, success, prioritized]) =>
      tolerant((store) =>
        store.agent(id).learnFromExecution({
          ...one,
          success,
          taskType: 't',
          strategy: 'one',
          executionTimeMs: 1.5,
          rootCause: 'r',
          discovery: { rule: 'rate', minUses: 2 },
          updateFrequency: 2,
          replay: { batchSize: 3, prioritized },
        }),
      ),
    ),
  fc
    .tuple(agentId, fc.boolean())
    .map(([id, prioritized]) => tolerant((store) => store.agent(id).replay({ prioritized }))),
  fc
    .tuple(agentId, fc.constantFrom(1, 30))
    .map(([id, maxSweeps]) => tolerant((store) => store.agent(id).plan({ maxSweeps }))),
  fc
    .tuple(agentId, algorithm, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([id, rule, learningRate]) => tolerant((store) => store.agent(id, { algorithm: rule, learningRate }))),
  fc
    .tuple(agentId, fc.constantFrom('softmax', 'ucb1'), fc.constantFrom('constant', 'sample-average'), fc.nat(2))
    .map(([id, policy, learningRateSchedule, planningSteps]) =>
      tolerant((store) => store.agent(id, { policy, learningRateSchedule, planningSteps } as never)),
    ),
  fc.tuple(agentId, plainValue, fc.boolean()).map(([id, state, dryRun]) =>
    tolerant((store) => {
      const experience = { state, action: 'a', reward: 1, nextState: state, terminated: true, truncated: false }
      const rest = {
        taskId: null,
        taskType: 't',
        episodeId: null,
        behaviorProbability: null,
        actions: null,
        nextActions: null,
      }
      const one = { agentId: id, id: 'taken', timestamp: '2026-01-01 00:00:00', ...experience, ...rest }
      const rows = [{ table: 'hints', columns: ['key', 'value', 'created_at'], rows: [['h', '1', 5]] }]
      store.applyImport({ ...EMPTY_IMPORT, experiences: [one], rows }, dryRun)
    }),
  ),
  fc.nat(3).map((perAgent) =>
    tolerant((store) => {
      for (const _ of store.prune({ experiences: { perAgent }, learningHistory: { perAgent } }));
    }),
  ),
  fc
    .tuple(agentId, fc.array(action, { maxLength: 4 }))
    .map(([id, actions]) => tolerant((store) => store.agent(id).selectAction('s', { actions }))),
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((successRate) => tolerant((store) => store.executionPatterns.add({ successRate }))),
  fc.tuple(agentId, fc.constantFrom('k', 'l'), plainValue, fc.constantFrom(0, 1, 5)).map(([who, key, value, ttlMs]) =>
    tolerant((store) => {
      const memory = store.memory.as({ agentId: who })
      memory.set({ key, value, ttlMs, ...(ttlMs > 0 && { embedding: { embedder: 'e', vector: [ttlMs, -0.5] } }) })
      memory.setLifetime({ key: 'l', ttlMs })
    }),
  ),
  fc.tuple(agentId, agentId, fc.constantFrom('grant', 'revoke', 'block', 'unblock')).map(([who, whom, change]) =>
    tolerant((store) =>
      store.memory.as({ agentId: who })[change]({
        key: 'k',
        agentId: whom,
        ...((change === 'grant' || change === 'revoke') && { permissions: ['read'] }),
      } as never),
    ),
  ),
  fc.constant(tolerant((store) => store.memory.prune())),
  fc.tuple(plainValue, fc.constantFrom(1, 5)).map(([value, ttlMs]) =>
    tolerant((store) => {
      store.memory.crossSession.set({ key: 'k', value, ttlMs })
      store.memory.hints.create({ key: 'h', value })
      store.fleet.events.create({ type: 't', source: 's', payload: value, ttlMs })
      store.fleet.metrics.create({ metricType: 't', metricName: 'n', metricValue: ttlMs })
      store.fleet.sessions.checkpoint(store.fleet.sessions.create({ mode: 'm' }), value)
    }),
  ),
  fc.tuple(fc.constantFrom('p', 'q'), agentId, fc.boolean()).map(([id, who, approve]) =>
    tolerant((store) => {
      if (!store.fleet.proposals.vote(id, { agentId: who, approve })?.counted) store.fleet.proposals.delete(id)
      store.fleet.proposals.create({ id, decision: 'd', proposer: who, quorum: 2, voters: 3, ttlMs: 5000 })
    }),
  ),
  fc
    .constantFrom('running', 'completed', 'failed', 'pending')
    .map((status) => tolerant((store) => store.fleet.tasks.update('t', { status }))),
  fc.constant(tolerant((store) => store.fleet.tasks.create({ id: 't', fleetId: 'f', type: 't', name: 'n' }))),
  fc
    .record({
      id: fc.constantFrom('p', 'q'),
      signature: fc.constantFrom('s', 't'),
      template: plainValue,
      text: fc.string(),
    })
    .map(({ id, signature, template, text }) =>
      tolerant(({ testPatterns }) =>
        testPatterns.upsert({
          id,
          patternType: 'unit',
          framework: 'jest',
          codeSignature: signature,
          testTemplate: template,
          metadata: { name: text, description: 'word' },
        }),
      ),
    ),
  fc
    .record({ id: fc.constantFrom('p', 'q', 'r'), success: fc.boolean(), removes: fc.boolean() })
    .map(({ id, success, removes }) =>
      tolerant(({ testPatterns }) => {
        testPatterns.setEmbedding(id, { embedder: 'e', vector: [1, success ? 2 : -0.1] })
        testPatterns.shareAcrossProjects(id, { targetFramework: 'ava', projectIds: ['x'] })
        testPatterns.recordUse({ patternId: id, projectId: 'y', success, executionTimeMs: 1.5, targetFramework: 'ava' })
        testPatterns.saveSimilarPairs(id, { minimum: 0 })
        if (removes) testPatterns.delete(id)
      }),
    ),
  fc.constant<Operation>((recorded) => recorded.snapshot()),
)

function replayed(recorded: Recorded, from: { bytes: Uint8Array; sequence: number }): Connection {
  const connection = new Connection(engine, from.bytes)
  connection.startAt(from.sequence)
  const writer = new RecordWriter()
  const reader = new RecordReader()
  for (const commit of recorded.commits.slice(from.sequence)) {
    const [frame] = decodeFrames(writer.encode(commit, commit.sequence)).frames
    if (!frame) throw new Error('The record does not read back')
    connection.replay(reader.decode(frame))
  }
  return connection
}

function rowsOf(connection: Connection): unknown {
  const tables = connection.all<[string]>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name",
  )
  return tables.map(([name]) => [name, connection.all(`SELECT rowid, * FROM ${name} ORDER BY rowid`)])
}

test('any operations, replayed on the last snapshot, give the same bytes, and on an earlier one the same rows', () => {
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 40 }), (operations) => {
      const recorded = new Recorded()
      for (const one of operations) one(recorded)
      recorded.store.settle()
      const original = recorded.connection.export()
      const last = recorded.snapshots.at(-1)
      const first = recorded.snapshots[0]
      if (!last || !first) throw new Error('No snapshot was taken')
      const onLast = replayed(recorded, last)
      expect(Buffer.compare(onLast.export(), original)).toBe(0)
      const onFirst = replayed(recorded, first)
      expect(rowsOf(onFirst)).toEqual(rowsOf(recorded.connection))
      for (const connection of [onLast, onFirst, recorded.connection]) connection.close()
    }),
    { numRuns: 150 },
  )
})
