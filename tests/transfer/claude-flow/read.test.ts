import { describe, expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import { readClaudeFlow } from '../../../src/transfer/claude-flow/read.ts'
import { importFormatOf } from '../../../src/transfer/detect-format.ts'
import * as files from '../foreign-files.ts'
import { engine, rowsFor } from '../reading.ts'
import { refusal, taken } from '../sources.ts'

const { fileOf, row } = files
const SECOND = 1_767_225_600
const NOW = SECOND * 1000 + 60_000

const entry = (key: string, values: object = {}): string =>
  row('memory_entries', { key: `'${key}'`, value: "'x'", created_at: SECOND - 5, updated_at: SECOND, ...values })
const read = (...statements: readonly string[]) => taken(readClaudeFlow(engine, fileOf(...statements), NOW))

describe('the memory of claude-flow', () => {
  test('becomes shared memory that all agents may read, with namespaces and expiry', () => {
    const importBatch = read(
      files.NAMESPACED_ENTRIES,
      entry('json', { value: `'{"a":[1]}'`, namespace: "'arch'", metadata: `'{"by":"me"}'` }),
      entry('text', { value: "'plain: text'", ttl: 120 }),
      entry('later', { ttl: 120, expires_at: SECOND + 90 }),
      entry('gone', { ttl: 30 }),
      entry('past', { expires_at: SECOND + 60 }),
    )
    const own = {
      partition: 'default',
      created_at: SECOND * 1000,
      metadata: null,
      owner: 'claude-flow',
      access_level: 'public',
    }
    expect(rowsFor(importBatch, 'memory_entries')).toEqual([
      { ...own, key: 'json', partition: 'arch', value: '{"a":[1]}', metadata: '{"by":"me"}', expires_at: null },
      { ...own, key: 'text', value: '"plain: text"', expires_at: (SECOND + 120) * 1000 },
      { ...own, key: 'later', value: '"x"', expires_at: (SECOND + 90) * 1000 },
    ])
    expect(importBatch.skipped).toEqual([{ what: 'memory_entries', count: 2, reason: 'has expired' }])
  })

  test('of version 3 has its content, times in ms, tags, owners and deleted entries', () => {
    const entry3 = (id: string, values: object = {}): string =>
      row('memory_entries', {
        id: `'${id}'`,
        key: `'${id}'`,
        content: "'x'",
        created_at: NOW,
        updated_at: NOW,
        ...values,
      })
    const importBatch = read(
      files.NAMESPACED_ENTRIES_3,
      entry3('a', { namespace: 'NULL', tags: `'["t"]'`, owner_id: "'ann'", expires_at: NOW + 1 }),
      entry3('b', { status: "'deleted'" }),
      entry3('c', { status: "'archived'", metadata: "'no JSON'" }),
    )
    expect(rowsFor(importBatch, 'memory_entries')).toMatchObject([
      { key: 'a', partition: 'default', value: '"x"', owner: 'ann', expires_at: NOW + 1, created_at: NOW },
      { key: 'c', metadata: '{"metadata":"no JSON","type":"semantic"}' },
    ])
    expect(JSON.parse(String(rowsFor(importBatch, 'memory_entries')[0]?.metadata))).toEqual({
      tags: ['t'],
      type: 'semantic',
    })
    expect(importBatch.skipped).toEqual([{ what: 'memory_entries', count: 1, reason: 'is deleted' }])
  })

  test('rows that cannot be held are skipped with the reason', () => {
    const importBatch = read(
      files.NAMESPACED_ENTRIES.replaceAll('NOT NULL', ''),
      entry('good', { created_at: 'NULL', updated_at: 'NULL' }),
      entry('', {}),
      entry('blob', { value: "x'ff'" }),
      entry('null', { value: 'NULL' }),
      entry('ttl', { ttl: "'soon'" }),
      entry('time', { expires_at: 1e300 }),
      entry('text', { updated_at: "'yesterday'" }),
    )
    expect(rowsFor(importBatch, 'memory_entries')).toMatchObject([{ key: 'good', created_at: NOW }])
    expect(importBatch.skipped.map(({ count, reason }) => [count, reason])).toEqual([
      [1, 'key is not a name'],
      [2, 'value is not text'],
      [1, 'ttl is not a finite number or null'],
      [1, 'expires_at is not a time or null'],
      [1, 'updated_at is not a time or null'],
    ])
  })
})

describe('patterns of ReasoningBank', () => {
  const strategies = (...statements: readonly string[]) => rowsFor(read(...statements), 'patterns')

  test('become strategies, whatever their table looks like', () => {
    const own = { agent_id: 'claude-flow' }
    const data = `'{"domain":"api","problem":"slow","solution":"cache","success_rate":0.9,"confidence":0.1}'`
    expect(
      strategies(
        files.REASONING_BANK,
        row('patterns', {
          id: "'a'",
          type: "'reasoning_memory'",
          pattern_data: data,
          confidence: 0.8,
          usage_count: 10,
          last_used: "'2026-01-01 00:00:00'",
        }),
        row('patterns', { id: "'b'", type: "'kind'", pattern_data: "'no JSON'" }),
      ),
    ).toMatchObject([
      {
        ...own,
        pattern_type: 'api-strategy',
        pattern_data: '{"domain":"api","problem":"slow","solution":"cache"}',
        confidence: 0.8,
        success_rate: 0.9,
        usage_count: 10,
        success_count: 9,
        last_used: '2026-01-01 00:00:00.000',
      },
      { pattern_type: 'kind-strategy', pattern_data: '"no JSON"', success_rate: 0, usage_count: 0 },
    ])
    expect(
      strategies(
        'CREATE TABLE patterns (id INTEGER PRIMARY KEY, problem TEXT, solution TEXT, confidence REAL, success_rate REAL, domain TEXT)',
        row('patterns', { problem: "'slow'", solution: "'cache'", confidence: 0.7, success_rate: 1 }),
        row('patterns', { problem: "'slow'", solution: "'index'", domain: "'db'" }),
      ),
    ).toMatchObject([
      {
        ...own,
        pattern_type: 'claude-flow-strategy',
        pattern_data: '{"problem":"slow","solution":"cache"}',
        confidence: 0.7,
        success_rate: 1,
      },
      { ...own, pattern_type: 'db-strategy', confidence: 0.5, success_rate: 0 },
    ])
    expect(
      strategies(
        `CREATE TABLE patterns (id TEXT PRIMARY KEY, name TEXT, pattern_type TEXT, condition TEXT, action TEXT, confidence REAL,
          success_count INTEGER, failure_count INTEGER, last_matched_at INTEGER)`,
        row('patterns', {
          id: "'a'",
          name: "'retry'",
          pattern_type: "'workflow'",
          condition: "'timeout'",
          action: "'retry'",
          success_count: 3,
          failure_count: 1,
          last_matched_at: SECOND * 1000,
        }),
      ),
    ).toMatchObject([
      {
        pattern_type: 'workflow-strategy',
        success_rate: 0.75,
        usage_count: 4,
        success_count: 3,
        last_used: '2026-01-01 00:00:00.000',
      },
    ])
    expect(
      strategies(
        'CREATE TABLE patterns (id INTEGER PRIMARY KEY, task_type TEXT, approach TEXT, embedding BLOB, usage_count INTEGER, success_rate REAL, updated_at INTEGER)',
        row('patterns', {
          task_type: "'fix'",
          approach: "'bisect'",
          usage_count: 2,
          success_rate: 0.5,
          updated_at: SECOND,
        }),
      ),
    ).toMatchObject([
      { pattern_type: 'fix-strategy', pattern_data: '{"approach":"bisect"}', usage_count: 2, success_count: 1 },
    ])
  })

  test('with numbers outside their range are skipped with the reason', () => {
    const pattern = (id: string, values: object): string =>
      row('patterns', { id: `'${id}'`, type: "'t'", pattern_data: `'{"id":"${id}","success_rate":9}'`, ...values })
    const importBatch = read(
      files.REASONING_BANK,
      pattern('a', {}),
      pattern('b', { confidence: 1.5 }),
      pattern('c', { usage_count: -1 }),
      pattern('d', { confidence: "'high'" }),
      pattern('e', { pattern_data: "x'00'" }),
    )
    expect(rowsFor(importBatch, 'patterns')).toMatchObject([{ pattern_data: '{"id":"a"}', success_rate: 0 }])
    expect(importBatch.skipped.map(({ count, reason }) => [count, reason])).toEqual([
      [2, 'confidence is not a number from 0 to 1'],
      [1, 'usage_count is not a count'],
      [1, 'pattern_data is not text'],
    ])
  })
})

test.each<[string, readonly string[], string]>([
  [
    'no entries',
    [files.NAMESPACED_ENTRIES],
    'a memory database of claude-flow with the table memory_entries, without any',
  ],
  [
    'only expired entries',
    [files.NAMESPACED_ENTRIES, entry('a', { expires_at: 5 })],
    'Skipped: memory_entries (1): has expired',
  ],
  [
    'tables of agentic-qe',
    [files.MEMORY_ENTRIES],
    'a memory database of claude-flow, got a SQLite file with the table memory_entries',
  ],
])('a file with %s is refused, and the message says what it is', (_, statements, message) => {
  expect(refusal(readClaudeFlow(engine, fileOf(...statements), NOW))).toContain(message)
})

test('a file of claude-flow is detected by its tables, and imported once with all that it holds', async () => {
  const bytes = fileOf(
    files.NAMESPACED_ENTRIES,
    files.EPISODES,
    files.REASONING_PATTERNS,
    entry('plan', { namespace: "'arch'", value: `'{"use":"sqlite"}'`, ttl: 3_000_000_000 }),
    row('episodes', { session_id: "'s'", task: "'t'", reward: 1, success: 1 }),
    row('reasoning_patterns', { task_type: "'fix'", approach: "'bisect'", success_rate: 1, uses: 20 }),
  )
  expect(importFormatOf(bytes)).toBe('claude-flow')
  await using store = await openLearningStore({ storage: 'memory:' })
  const first = await store.importFile(bytes, { agentId: 'me' })
  expect(first.changes).toEqual([
    { what: 'experiences', added: 1, known: 0 },
    { what: 'patterns', added: 1, known: 0 },
    { what: 'memory_entries', added: 1, known: 0 },
  ])
  const again = await store.importFile(bytes, { agentId: 'me' })
  expect(again.changes.map(({ added, known }) => [added, known])).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
  ])
  const reader = store.memory.as({ agentId: 'someone' })
  expect(await reader.get({ key: 'plan', partition: 'arch' })).toMatchObject({ value: { use: 'sqlite' }, owner: 'me' })
  expect((await reader.search({ text: 'sqlite' })).length).toBe(1)
  const [pattern] = await store.patterns.list({ agentId: 'me', taskType: 'fix' })
  expect(pattern).toMatchObject({ patternData: { approach: 'bisect' }, successCount: 20 })
  expect(await store.verify()).toMatchObject({ ok: true })
})
