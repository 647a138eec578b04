import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../../../src/algorithms/keys/keys.ts'
import { patternsFileSchema } from '../../../src/sql/schema/agentic-qe.ts'
import { readAgenticQe } from '../../../src/transfer/agentic-qe/read.ts'
import { ROUTER } from '../../../src/transfer/agentic-qe/read-v3.ts'
import * as files from '../foreign-files.ts'
import { counts, engine, fresh, insert, read, realFile, rowsFor } from '../reading.ts'

const { fileOf } = files
const experience = (id: number, agent: string, state: string, action = '"a"', reward: unknown = 1): string =>
  `INSERT INTO learning_experiences (id, agent_id, task_type, state, action, reward, next_state, timestamp)
   VALUES (${id}, '${agent}', 't', '${state}', '${action}', ${String(reward)}, '"end"', '2026-01-02 03:04:05')`
const value = (agent: string, state: string, action: string, q: number): string =>
  `INSERT INTO q_values (agent_id, state_key, action_key, q_value, update_count) VALUES ('${agent}', '${state}', '${action}', ${q}, 4)`

describe('memory.db of 1.4', () => {
  test('reads states of experiences as JSON, keys, or other text', () => {
    const importBatch = read(
      fileOf(
        files.EXPERIENCES,
        experience(1, 'a', '{"complexity":0.5}', 'strategy:template-based|parallelization:0.7'),
        experience(2, 'a', 'complexity:0.5|capabilities:unit-test|attempts:0'),
        // As the document prints it: neither JSON nor a key.
        experience(3, 'a', "{complexity:0.7,capabilities:[''api-testing'']}"),
      ),
    )
    expect(importBatch.experiences.map(({ state }) => state)).toEqual([
      { complexity: 0.5 },
      { complexity: 0.5, capabilities: 'unit-test', attempts: 0 },
      "{complexity:0.7,capabilities:['api-testing']}",
    ])
    expect(importBatch.experiences[0]).toMatchObject({
      agentId: 'a',
      taskId: null,
      taskType: 't',
      reward: 1,
      nextState: 'end',
      episodeId: null,
      action: { strategy: 'template-based', parallelization: 0.7 },
      timestamp: '2026-01-02 03:04:05.000',
      terminated: false,
      truncated: false,
    })
    expect(importBatch.skipped).toEqual([])
  })

  test('bug 1 of agentic-qe: stored values that are all 0 are left out, to be derived from the experiences', () => {
    const importBatch = read(
      fileOf(
        files.EXPERIENCES,
        files.Q_VALUES,
        experience(1, 'a', '"s"'),
        value('a', 's', 'x', 0),
        value('b', 's', 'x', 0),
      ),
    )
    expect(importBatch.values).toEqual([])
    expect(importBatch.experiences).toHaveLength(1)
    expect(importBatch.notes).toContain(
      '2 values are 0 and left out: they are derived from the experiences of their agents.',
    )
  })

  test('reads learned values under the keys of this store', () => {
    const key = 'complexity:0.5|capabilities:unit-test|attempts:0'
    const told = [value('a', 's', 'x', 9), value('b', key, 'default:0.5:exponential', 1.42), value('b', key, 'y', 0)]
    const importBatch = read(fileOf(files.EXPERIENCES, files.Q_VALUES, experience(1, 'a', '"s"'), ...told))
    const [own, ...others] = importBatch.values
    // LearnResult from more than the one experience that the file still has.
    expect(own).toMatchObject({ agentId: 'a', state: 's', action: 'x', value: 9 })
    expect(others).toMatchObject([
      {
        agentId: 'b',
        state: { complexity: 0.5, capabilities: 'unit-test', attempts: 0 },
        value: 1.42,
        visits: 4,
        action: 'default:0.5:exponential',
      },
      { ...others[0], action: 'y', value: 0 },
    ])
    expect(keyOf(others[0]?.state ?? null)).toBe(key)
  })

  test('derives the id of an experience deterministically, and different ids for different experiences', () => {
    const bytes = fileOf(files.EXPERIENCES, experience(1, 'a', '"s"'), experience(2, 'a', '"s"'))
    const ids = read(bytes).experiences.map(({ id }) => id)
    expect(read(bytes).experiences.map(({ id }) => id)).toEqual(ids)
    const other = read(fileOf(files.EXPERIENCES, experience(1, 'b', '"s"'))).experiences.map(({ id }) => id)
    expect(new Set([...ids, ...other]).size).toBe(3)
  })

  test('distinguishes the two tables named patterns', () => {
    const swarm = fileOf(
      files.EXPERIENCES,
      files.SWARM_PATTERNS,
      "INSERT INTO patterns VALUES ('p', 'unit:default', 0.5, 1, NULL, 604800, NULL, 5)",
    )
    expect(counts(read(swarm))).toEqual({ swarm_patterns: 1 })
    const document = fileOf(
      files.EXPERIENCES,
      files.STRATEGIES,
      "INSERT INTO patterns VALUES (7, 'unit-strategy', '{}', 0.68, 0.92, 18, '2026-01-02 03:04:05')",
    )
    expect(rowsFor(read(document), 'patterns')).toEqual([
      {
        id: 7,
        pattern_type: 'unit-strategy',
        pattern_data: '{}',
        confidence: 0.68,
        success_rate: 0.92,
        usage_count: 18,
        last_used: '2026-01-02 03:04:05.000',
      },
    ])
  })
})

describe('memory.db of 2.8', () => {
  test('reads swarm patterns with additional columns in their metadata, and times as ms', () => {
    const importBatch = read(
      fileOf(
        files.EXPERIENCES_2,
        files.SWARM_PATTERNS_2,
        files.GOAP_ACTIONS,
        `INSERT INTO patterns VALUES ('p', 'unit:default', 0.5, 1, '{"success_rate":0,"contexts":[]}', 1, NULL, 5, 'a', 'general', 1.0)`,
        "INSERT INTO goap_actions VALUES ('g', '{}', '{}', 1.5, 'qe-test-executor', '2026-01-11 12:31:43', 'Run')",
      ),
    )
    const metadata = JSON.parse(String(rowsFor(importBatch, 'swarm_patterns')[0]?.metadata))
    expect(metadata).toEqual({ success_rate: 0, contexts: [], agent_id: 'a', domain: 'general' })
    expect(rowsFor(importBatch, 'goap_actions')).toEqual([
      {
        id: 'g',
        preconditions: '{}',
        effects: '{}',
        cost: 1.5,
        agent_type: 'qe-test-executor',
        created_at: Date.UTC(2026, 0, 11, 12, 31, 43),
      },
    ])
    expect(importBatch.notes).toEqual([
      'The file is a memory.db of 2.8 of agentic-qe.',
      'Columns of goap_actions that are not imported: name.',
    ])
  })

  test('reads configurations of learners from the shared memory, and imports the entries, too', () => {
    const told = '{"learningRate":0.2,"discountFactor":2,"algorithm":"sarsa","batchSize":32}'
    const key = 'phase2/learning/test-generator-1-1768136446208-46161f3ab7/config'
    const importBatch = read(
      fileOf(
        files.MEMORY_ENTRIES,
        `INSERT INTO memory_entries (key, partition, value, created_at) VALUES ('${key}', 'learning', '${told}', 5)`,
      ),
    )
    // A discount factor of 2 is none.
    const configuration = { type: 'test-generator', learningRate: 0.2, algorithm: 'sarsa' }
    expect(importBatch.agents).toEqual([{ id: 'test-generator-1-1768136446208-46161f3ab7', configuration }])
    expect(counts(importBatch)).toEqual({ memory_entries: 1 })
    expect(importBatch.notes[0]).toBe('The file is a swarm-memory.db of agentic-qe.')
  })
})

describe('memory.db of 3.8', () => {
  const captured = (id: string, success: number, quality: number, steps: string): string =>
    `INSERT INTO captured_experiences VALUES ('${id}', 'Analyze', 'qe-scanner', 'security', ${success}, ${quality}, ${steps}, '2026-04-01 17:36:55', 'middleware', NULL)`

  test('reads captured tasks and routing decisions as episodes of one step', () => {
    const importBatch = read(
      fileOf(
        files.CAPTURED,
        files.ROUTING,
        captured('e1', 1, 0.8, `'[{"action":"scan"}]'`),
        captured('e2', 0, 0.3, 'NULL'),
        `INSERT INTO routing_outcomes VALUES ('r1', '{"id":"task_1","description":"scan","complexity":"low"}',
          '{"recommended":"x","alternatives":[{"agent":"y","score":0.3}]}', 'x', 1, 1, 0.8, 12, '2026-04-01T17:36:55.123Z')`,
      ),
    )
    const ended = { nextState: null, terminated: true, truncated: false }
    const whole = { timestamp: '2026-04-01 17:36:55.000' }
    const state = { domain: 'security', task: 'Analyze' }
    expect(importBatch.experiences).toMatchObject([
      { ...ended, ...whole, id: 'e1', agentId: 'qe-scanner', taskType: 'security', state, action: 'scan', reward: 0.8 },
      { ...ended, ...whole, id: 'e2', agentId: 'qe-scanner', state, action: 'middleware', reward: 0.3 - 1 },
      {
        ...ended,
        timestamp: '2026-04-01 17:36:55.123',
        id: 'r1',
        agentId: ROUTER,
        state: { description: 'scan', complexity: 'low' },
        action: 'x',
        reward: 0.8,
        actions: ['x', 'y'],
      },
    ])
  })

  test('reads patterns with a framework and a type of test as test patterns, all others as strategies', () => {
    const pattern = (id: string, context: string): string =>
      `INSERT INTO qe_patterns (id, pattern_type, qe_domain, domain, name, description, template_json, context_json, updated_at)
       VALUES ('${id}', 'mock-pattern', 'test-generation', 'd', 'Mock', 'mocks', '{"content":"x"}', '${context}', '2026-04-01 17:36:44')`
    const bank = '{"framework":"vitest","testType":"unit","tags":["mock"]}'
    const importBatch = read(
      fileOf(
        files.QE_PATTERNS,
        files.SONA,
        pattern('p1', bank),
        pattern('p2', '{"tags":["mock"]}'),
        `INSERT INTO sona_patterns VALUES ('s1', 'task-execution', 'security', 'qe-scanner', '{"task":"Analyze"}', 0.8, 1, 0.8, 1, 0, 0, '2026-04-01 17:37:52', NULL)`,
      ),
    )
    expect(rowsFor(importBatch, 'test_patterns')).toMatchObject([
      { id: 'p1', pattern_type: 'unit', framework: 'vitest', language: 'typescript', test_template: '{"content":"x"}' },
    ])
    expect(rowsFor(importBatch, 'patterns')).toMatchObject([
      { pattern_type: 'mock-pattern', confidence: 0.5, last_used: '2026-04-01 17:36:44.000', success_count: 0 },
      { pattern_type: 'task-execution-strategy', confidence: 0.8, success_rate: 1, usage_count: 1, success_count: 1 },
    ])
  })

  test('reads a value once, and counts the skipped ones', () => {
    const told = (id: string, algorithm: string, q: number): string =>
      `INSERT INTO rl_q_values VALUES ('${id}', '${algorithm}', 'a', 's', 'x${q === 0 ? 0 : ''}', ${q}, 3)`
    const importBatch = read(fileOf(files.RL_VALUES, told('1', 'q', 1.5), told('2', 'sarsa', 1.25), told('3', 'q', 0)))
    expect(importBatch.values).toEqual([
      { agentId: 'a', state: 's', action: 'x', value: 1.5, visits: 3, lastUpdated: null },
    ])
    expect(importBatch.skipped).toEqual([
      { what: 'rl_q_values', count: 1, reason: 'another algorithm has a value for the same action' },
      { what: 'rl_q_values', count: 1, reason: 'the value is 0: nothing was learned' },
    ])
  })

  test('skips a virtual table by name, and reads the other tables', () => {
    const importBatch = read(
      fileOf(
        files.QE_PATTERNS,
        'CREATE VIRTUAL TABLE qe_patterns_fts USING fts5(name)',
        files.CAPTURED,
        "INSERT INTO qe_patterns_fts VALUES ('x')",
        captured('e1', 1, 0.8, 'NULL'),
      ),
    )
    expect(importBatch.experiences).toHaveLength(1)
    expect(importBatch.skipped).toEqual([
      { what: 'qe_patterns_fts', count: 0, reason: 'is a virtual table (fts5), whose code is not trusted' },
    ])
  })
})

describe('patterns.db', () => {
  const bank = patternsFileSchema.filter((statement) => !statement.includes('VIRTUAL'))
  const pattern = (id: string, framework = 'jest'): string =>
    `INSERT INTO test_patterns (id, pattern_type, framework, code_signature_hash, code_signature, test_template)
     VALUES ('${id}', 'unit', '${framework}', '${id}', '{}', '{}')`
  const usage = (id: string, quality: number): string =>
    `INSERT INTO pattern_usage (pattern_id, project_id, quality_score) VALUES ('${id}', 'j', ${quality})`

  test('reads the pattern bank, and its uses under the name of our table', () => {
    const fts = 'CREATE VIRTUAL TABLE pattern_fts USING fts5(pattern_name)'
    const pair = `INSERT INTO pattern_similarity_index (pattern_a, pattern_b, similarity_score, structure_similarity,
      identifier_similarity, metadata_similarity) VALUES ('p', 'q', 0.5, 0.5, 0.5, 0.5)`
    const importBatch = read(fileOf(...bank, fts, pattern('p'), usage('p', 0.5), pair))
    expect(counts(importBatch)).toEqual({ test_patterns: 1, test_pattern_usage: 1, pattern_similarity_index: 1 })
    expect(importBatch.notes[0]).toBe('The file is a patterns.db of agentic-qe.')
    expect(importBatch.skipped).toEqual([
      { what: 'pattern_fts', count: 0, reason: 'full text is built from the patterns' },
    ])
    insert(fresh(), importBatch)
  })

  test('skips rows that the pattern bank does not allow, with the reason', () => {
    const pair = `INSERT INTO pattern_similarity_index (pattern_a, pattern_b, similarity_score, structure_similarity,
      identifier_similarity, metadata_similarity) VALUES ('q', 'p', 0.5, 0.5, 0.5, 0.5)`
    const mapping = `INSERT INTO cross_project_mappings (pattern_id, source_framework, target_framework, transformation_rules)
      VALUES ('p', 'jest', 'jest', '{}')`
    const unchecked = 'PRAGMA ignore_check_constraints=on'
    const { skipped } = read(fileOf(...bank, unchecked, pattern('p', 'junit'), usage('p', 2), pair, mapping))
    expect(skipped.map(({ what, reason }) => [what, reason.slice(0, 40)])).toEqual([
      ['test_patterns', 'framework is not one of jest, mocha, cyp'],
      ['pattern_usage', 'quality_score is not a number from 0 to '],
      ['cross_project_mappings', 'source and target are the same'],
      ['pattern_similarity_index', 'the pair is not in order'],
    ])
  })
})

test('an unknown table is counted, and a table without a required column is skipped with its name', () => {
  const goals = 'CREATE TABLE goap_goals (id TEXT PRIMARY KEY, conditions TEXT, created_at TEXT)'
  const rows = ["INSERT INTO goap_goals VALUES ('g', '{}', '')", 'INSERT INTO constructor VALUES (1), (2)']
  const importBatch = read(fileOf(files.EVENTS, files.MEMORY_ENTRIES, goals, 'CREATE TABLE constructor (x)', ...rows))
  expect(importBatch.skipped).toEqual([
    { what: 'goap_goals', count: 1, reason: 'has no column cost' },
    { what: 'constructor', count: 2, reason: 'this store has no such table' },
  ])
})

test('reading reports progress and can be stopped', () => {
  const many = `INSERT INTO events SELECT 'e' || value, 't', '{}', 5, 's', 0, NULL FROM generate_series`
  const numbers = 'WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 2500)'
  const bytes = fileOf(files.EVENTS, files.MEMORY_ENTRIES, `${numbers} ${many.replace('generate_series', 'n')}`)
  const reading = readAgenticQe(engine, bytes)
  const told = [...reading].filter(({ what }) => what === 'events')
  expect(told.map(({ done, total }) => [done, total])).toEqual([
    [0, 2500],
    [1000, 2500],
    [2000, 2500],
    [2500, 2500],
  ])
  const stopped = readAgenticQe(engine, bytes)
  stopped.next()
  expect(stopped.return({} as never).done).toBe(true)
  expect(stopped.next().done).toBe(true)
})

describe('real files', () => {
  const real = {
    v14: realFile('agentic-qe-1.4.2-memory.db'),
    v28: realFile('agentic-qe-2.8-memory.db'),
    v38: realFile('agentic-qe-3.8-memory.db'),
  }

  test.skipIf(real.v14.missing)('1.4.2 is read completely (skipped without it in LEARNING_STORE_DATA)', () => {
    const importBatch = read(readFileSync(real.v14.path))
    insert(fresh(), importBatch)
    expect(counts(importBatch)).toEqual({ memory_entries: 4, events: 2 })
    expect(importBatch.agents.map(({ id }) => id)).toEqual(['test-generator-1761913035562-da12b9eff5'])
    expect(importBatch.skipped).toEqual([])
  })

  test.skipIf(real.v28.missing)('2.8: all of it, fault 1 included (skipped without it in LEARNING_STORE_DATA)', () => {
    const importBatch = read(readFileSync(real.v28.path))
    insert(fresh(), importBatch)
    expect(counts(importBatch)).toEqual({
      memory_entries: 41,
      swarm_patterns: 5,
      patterns: 5,
      events: 13,
      agent_registry: 9,
      goap_actions: 61,
    })
    expect(importBatch.experiences.map(({ reward }) => reward).slice(0, 2)).toEqual([
      1.4992833333333333, 1.4997833333333332,
    ])
    expect([importBatch.experiences.length, importBatch.values.length, importBatch.agents.length]).toEqual([7, 0, 9])
    expect(importBatch.skipped.map(({ what, count }) => [what, count])).toEqual([['schema_migrations', 8]])
    expect(importBatch.notes.filter((note) => note.startsWith('7 values are 0'))).toHaveLength(1)
  })

  test.skipIf(real.v38.missing)(
    '3.8: all tables with a counterpart are read (skipped without it in LEARNING_STORE_DATA)',
    () => {
      const importBatch = read(readFileSync(real.v38.path))
      insert(fresh(), importBatch)
      // 96 captured experiences and 17 routings; 107 patterns, 10 of them for the bank, and 5 that sona found.
      expect([importBatch.experiences.length, new Set(importBatch.experiences.map(({ id }) => id)).size]).toEqual([
        113, 113,
      ])
      expect(counts(importBatch)).toEqual({ patterns: 97 + 5, test_patterns: 10, pattern_embeddings: 9 })
      expect(importBatch.skipped.map(({ what, count }) => [what, count])).toEqual([
        ['qe_patterns_fts', 0],
        ['qe_pattern_embeddings', 76],
        ['schema_version', 1],
      ])
    },
  )
})
