import { describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import { readAgentDb } from '../../../src/transfer/agentdb/read.ts'
import { importFormatOf } from '../../../src/transfer/detect-format.ts'
import * as files from '../foreign-files.ts'
import { engine, rowsFor } from '../reading.ts'
import { refusal, taken } from '../sources.ts'

const { fileOf, row } = files
const SECOND = 1_767_225_600
const TIME = '2026-01-01 00:00:00.000'

const episode = (values: object = {}): string =>
  row('episodes', {
    ts: SECOND,
    session_id: "'s1'",
    task: "'login'",
    output: "'reset'",
    reward: 0.9,
    success: 1,
    ...values,
  })
const step = (values: object = {}): string =>
  row('learning_experiences', {
    session_id: "'s1'",
    state: "'start'",
    action: "'left'",
    reward: 1,
    next_state: "'end'",
    success: 1,
    timestamp: SECOND,
    ...values,
  })
const session = (id: string, user: string, type = 'sarsa', config = '{"learningRate":0.2,"batchSize":32}'): string =>
  row('learning_sessions', {
    id: `'${id}'`,
    user_id: `'${user}'`,
    session_type: `'${type}'`,
    config: `'${config}'`,
    start_time: 5,
    status: "'active'",
  })
const read = (...statements: readonly string[]) => taken(readAgentDb(engine, fileOf(...statements)))
const reasons = ({ skipped }: ReturnType<typeof read>) =>
  skipped.map(({ what, count, reason }) => [what, count, reason])

describe('AgentDB', () => {
  test('has episodes, whose task and input are the state and whose output is the action', () => {
    const { experiences, tallies, notes } = read(
      files.EPISODES,
      episode({
        input: `'{"user":"ann"}'`,
        critique: "'slow'",
        latency_ms: 12,
        tags: `'["auth"]'`,
        metadata: `'{"model":"m"}'`,
      }),
      episode({ output: 'NULL', reward: -0.5, success: 0, ts: `'${SECOND}'` }),
      episode({ reward: 'NULL', ts: SECOND * 1000 + 250 }),
    )
    const own = {
      agentId: 'agentdb',
      taskType: 'agentdb',
      nextState: null,
      terminated: true,
      truncated: false,
      episodeId: null,
    }
    expect(experiences).toMatchObject([
      {
        ...own,
        state: { task: 'login', input: { user: 'ann' } },
        action: 'reset',
        reward: 0.9,
        timestamp: TIME,
        metadata: {
          session: 's1',
          success: true,
          critique: 'slow',
          latencyMs: 12,
          tags: ['auth'],
          details: { model: 'm' },
        },
      },
      {
        ...own,
        state: { task: 'login' },
        action: 'attempt',
        reward: -0.5,
        metadata: { session: 's1', success: false },
      },
      { ...own, action: 'reset', reward: 1, timestamp: '2026-01-01 00:00:00.250' },
    ])
    expect(tallies).toEqual([{ agentId: 'agentdb', tasks: 3, successes: 2 }])
    expect(notes).toContain('The file is a database of AgentDB.')
  })

  test('has sessions, whose user is the agent of their experiences', () => {
    const { experiences, agents } = read(
      files.LEARNING_SESSIONS,
      files.SESSION_EXPERIENCES,
      session('s1', 'ann'),
      session('s2', 'ann', 'dqn', 'no JSON'),
      session('s3', 'nobody'),
      step(),
      step({ session_id: "'s2'", next_state: 'NULL', state: `'{"x":1}'`, success: 0 }),
      step({ session_id: "'gone'", state: "'5'" }),
    )
    expect(experiences).toMatchObject([
      {
        agentId: 'ann',
        state: 'start',
        action: 'left',
        nextState: 'end',
        terminated: false,
        episodeId: 's1',
        timestamp: TIME,
      },
      { agentId: 'ann', state: { x: 1 }, nextState: null, terminated: true, episodeId: 's2' },
      { agentId: 'agentdb', state: '5', episodeId: 'gone' },
    ])
    expect(agents).toEqual([{ id: 'ann', configuration: { learningRate: 0.2, algorithm: 'sarsa' } }])
  })

  test('has reasoning patterns, which become strategies of the agent', () => {
    const importBatch = taken(
      readAgentDb(
        engine,
        fileOf(
          files.REASONING_PATTERNS,
          row('reasoning_patterns', {
            ts: SECOND,
            task_type: "'review'",
            approach: "'read twice'",
            success_rate: 0.75,
            uses: 4,
            tags: `'["a"]'`,
          }),
          row('reasoning_patterns', {
            task_type: "'review'",
            approach: "'read twice'",
            success_rate: 0.5,
            uses: 1,
            tags: `'["a"]'`,
          }),
        ),
        { agentId: 'reviewer' },
      ),
    )
    expect(rowsFor(importBatch, 'patterns')).toEqual([
      {
        agent_id: 'reviewer',
        pattern_type: 'review-strategy',
        pattern_data: '{"approach":"read twice","tags":["a"]}',
        confidence: 0.5,
        success_rate: 0.75,
        usage_count: 4,
        success_count: 3,
        last_used: TIME,
      },
    ])
    expect(importBatch.skipped).toEqual([
      { what: 'reasoning_patterns', count: 1, reason: 'another row has the same strategy' },
    ])
  })

  test('rows that cannot be held are skipped with the reason, and the others are imported', () => {
    const importBatch = read(
      files.EPISODES.replaceAll('NOT NULL', ''),
      files.SKILLS,
      'CREATE TABLE episode_embeddings (episode_id INTEGER PRIMARY KEY, embedding BLOB NOT NULL)',
      episode(),
      episode({ reward: "'much'" }),
      episode({ reward: '9e999' }),
      episode({ success: 7 }),
      episode({ reward: 'NULL', success: 'NULL' }),
      episode({ task: 'NULL' }),
      episode({ task: "x'00'" }),
      episode({ ts: 1e300 }),
      episode({ ts: "'yesterday'" }),
      episode({ metadata: `'${'['.repeat(10_000)}'` }),
      episode({ critique: `'${'x'.repeat(1_000_000)}'` }),
      row('skills', { name: "'s'", signature: "'{}'" }),
      row('episode_embeddings', { episode_id: 1, embedding: "x'0000803f'" }),
    )
    expect(importBatch.experiences).toHaveLength(3)
    expect(reasons(importBatch)).toEqual([
      ['episodes', 2, 'reward is not a finite number or null'],
      ['episodes', 1, 'success is not 0 or 1 or null'],
      ['episodes', 1, 'has neither a reward nor a success'],
      ['episodes', 2, 'task is not text'],
      ['episodes', 2, 'ts is not a time or null'],
      ['episodes: metadata', 1, expect.stringContaining('Expected metadata of at most')],
      ['skills', 1, 'this store has no such table'],
      ['episode_embeddings', 1, 'this store has no vectors of strategies and experiences'],
    ])
  })

  test('equal episodes are told apart by their row, or by their number if rows have none', () => {
    const ids = (...statements: string[]) => read(...statements).experiences.map(({ id }) => id)
    const numbered = ids(files.EPISODES, episode(), episode())
    expect(new Set(numbered).size).toBe(2)
    expect(ids(files.EPISODES, episode(), episode())).toEqual(numbered)
    const table =
      'CREATE TABLE episodes (session_id TEXT, task TEXT, output TEXT, reward REAL, success INTEGER, ts INTEGER, more TEXT)'
    const counted = ids(table, episode(), episode(), episode({ task: "'other'" }))
    expect(new Set(counted).size).toBe(3)
    expect(ids(table, episode(), episode({ task: "'other'" }))).toEqual([counted[0], counted[2]])
  })

  test.each<[string, readonly string[], string]>([
    [
      'no episodes',
      [files.EPISODES, files.SKILLS],
      'a database of AgentDB with the tables episodes, skills, without any',
    ],
    [
      'only unusable episodes',
      [files.EPISODES, episode({ success: 9 })],
      'Skipped: episodes (1): success is not 0 or 1',
    ],
    [
      'only skills',
      [files.SKILLS, row('skills', { name: "'s'", signature: "'{}'" })],
      'with the table skills, without any. Skipped: skills (1)',
    ],
    ['only sessions', [files.LEARNING_SESSIONS, session('s', 'u')], 'with the table learning_sessions, without any'],
    ['other tables', ['CREATE TABLE users (id)'], 'a database of AgentDB, got a SQLite file with the table users'],
    ['no table', ['PRAGMA user_version = 1'], 'a database of AgentDB, got a SQLite file without tables'],
  ])('a file with %s is refused, and the message says what it is', (_, statements, message) => {
    const told = refusal(readAgentDb(engine, fileOf(...statements)))
    expect(told).toContain('NOT_A_STORE: Expected ')
    expect(told).toContain(message)
  })
})

test('a file of AgentDB is detected by its tables, and imported once', async () => {
  const bytes = fileOf(
    files.EPISODES,
    files.LEARNING_SESSIONS,
    files.SESSION_EXPERIENCES,
    'CREATE TABLE schema_migrations (version TEXT)',
    session('s1', 'ann', 'q-learning'),
    episode(),
    episode({ session_id: "'s9'" }),
    step(),
    step({ state: "'end'", next_state: 'NULL' }),
  )
  expect(importFormatOf(bytes)).toBe('agentdb')
  await using store = await openLearningStore({ storage: 'memory:' })
  const tried = await store.importFile(bytes, { dryRun: true })
  expect(await store.experiences.count()).toBe(0)
  const first = await store.importFile(bytes)
  expect(tried).toEqual({ ...first, dryRun: true })
  expect(first).toMatchObject({ format: 'agentdb', skipped: [] })
  expect(first.changes).toEqual([
    { what: 'agents', added: 1, known: 0 },
    { what: 'experiences', added: 4, known: 0 },
  ])
  const again = await store.importFile(bytes)
  expect(again.changes).toEqual([
    { what: 'agents', added: 0, known: 1 },
    { what: 'experiences', added: 0, known: 4 },
  ])
  const ann = await store.agent('ann')
  expect((await ann.recommend('start')).action).toBe('left')
  expect((await ann.recommend({ task: 'login' })).action).toBe('reset')
  expect(await store.verify()).toMatchObject({ ok: true })
})
