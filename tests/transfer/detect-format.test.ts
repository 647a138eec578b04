import { describe, expect, test } from 'vitest'
import { formatOf, importFormatOf } from '../../src/transfer/detect-format.ts'
import {
  EPISODES,
  EXPERIENCES,
  EXPERIENCES_2,
  fileOf,
  MEMORY_ENTRIES,
  NAMESPACED_ENTRIES,
  NAMESPACED_ENTRIES_3,
  REASONING_BANK,
  SESSION_EXPERIENCES,
  SKILLS,
} from './foreign-files.ts'
import { dataFile, utf8 } from './sources.ts'

const episode = '{"id":0,"observations":[1,2],"actions":[1],"rewards":[1],"terminations":[true],"truncations":[false]}'
const trajectory = '{"id":"t","state":"s","action":"a","reward":1,"timestamp":"2025-12-29T18:24:18.698Z"}'

describe('formatOf detects by content', () => {
  test.each([
    ['sqlite', 'SQLite format 3\0and whatever follows'],
    ['learning-model-state', '{"agentId":"a","qTable":{},"experiences":[]}'],
    ['learning-model-state', `\uFEFF\n\n${JSON.stringify({ agentId: 'a', qTable: { s: { a: 1 } } }, null, 2)}`],
    ['ruvector-qtable', '{"s":{"a":1,"_meta":{"updateCount":2}}}'],
    ['ruvector-qtable', JSON.stringify({ s: { a: 1 }, agentId: { x: 1 } }, null, 2)],
    ['ruvector-trajectories', trajectory],
    ['ruvector-trajectories', `\r\n${trajectory}\r\n${trajectory}`],
    ['ruvector-trajectories', `[${trajectory}]`],
    ['ruvector-trajectories', JSON.stringify([JSON.parse(trajectory)], null, 2)],
    ['ruvector-intelligence', '{"patterns":{},"memories":[],"trajectories":[]}'],
    ['ruvector-intelligence', JSON.stringify({ patterns: { 's|a': { q_value: 1 } }, trajectories: [] }, null, 2)],
    ['ruvector-qtable', '{"patterns":{"a":1},"trajectories":{"b":2}}'],
    ['json-lines', episode],
    ['json-lines', `${episode}\n${episode}\nwhat the reader will refuse`],
    ['csv', 'agent_id,task_type,state,action,reward,next_state\n'],
    ['csv', 'reward,"state",action\r\n1,2,3'],
    [undefined, ''],
    [undefined, 'SQLite format 4\0'],
    [undefined, '{}'],
    [undefined, '[]'],
    [undefined, '[1]'],
    [undefined, '{"patterns":[]}'],
    [undefined, 'null'],
    [undefined, '{"s":{"a":"1"}}'],
    [undefined, '{"s":1}'],
    [undefined, 'a,b\n1,2'],
    [undefined, 'a "quote'],
    [undefined, '{"agentId":'],
    [undefined, '['.repeat(100_000)],
  ])('%s', (format, text) => {
    expect(formatOf(utf8(text))).toBe(format)
  })

  test('whatever the name', () => {
    expect(formatOf(utf8(episode), 'values.csv')).toBe('json-lines')
    expect(formatOf(utf8('SQLite format 3\0'), 'x.jsonl')).toBe('sqlite')
  })

  test('a first line of many megabytes', () => {
    const long = episode.replace('[1,2]', `["${'x'.repeat(5_000_000)}",2]`)
    expect(formatOf(utf8(`${long}\n${episode}`))).toBe('json-lines')
  })
})

test('formatOf uses the ending of the name if the content is inconclusive', () => {
  expect(formatOf(utf8(''), 'nothing.jsonl')).toBe('json-lines')
  expect(formatOf(utf8('{"broken'), '/some/where/nothing.NDJSON')).toBe('json-lines')
  expect(formatOf(utf8(''), 'nothing.csv')).toBe('csv')
  expect(formatOf(utf8(''), 'nothing.json')).toBeUndefined()
})

test('binary bytes have no format', () => {
  expect(formatOf(new Uint8Array([0xff, 0xfe, 0x00, 0x7b]))).toBeUndefined()
})

test.for<[string, string | undefined]>([
  ['agentic-qe-1.4.2-memory.db', 'sqlite'],
  ['agentic-qe-2.8-memory.db', 'sqlite'],
  ['agentic-qe-3.8-memory.db', 'sqlite'],
  ['ruvector-qtable.json', 'ruvector-qtable'],
  ['ruvector-trajectories.jsonl', 'ruvector-trajectories'],
  ['iofrol.csv', undefined],
])('formatOf detects the real %s (skipped without it in LEARNING_STORE_DATA)', ([name, format], { skip }) => {
  const bytes = dataFile(name) ?? skip()
  expect(formatOf(bytes)).toBe(format)
})

test.for(['agentic-qe-1.4.2-memory.db', 'agentic-qe-2.8-memory.db', 'agentic-qe-3.8-memory.db'])(
  'importFormatOf detects the real %s by its tables (skipped without it in LEARNING_STORE_DATA)',
  (name, { skip }) => {
    expect(importFormatOf(dataFile(name) ?? skip())).toBe('agentic-qe')
  },
)

test.each<[string | undefined, string]>([
  ['agentic-qe', EXPERIENCES],
  ['agentic-qe', EXPERIENCES_2],
  ['agentic-qe', MEMORY_ENTRIES],
  ['agentdb', SESSION_EXPERIENCES],
  ['agentdb', EPISODES],
  ['agentdb', SKILLS],
  ['claude-flow', NAMESPACED_ENTRIES],
  ['claude-flow', NAMESPACED_ENTRIES_3],
  ['claude-flow', REASONING_BANK],
  [undefined, 'CREATE TABLE schema_migrations (version TEXT)'],
  [undefined, 'CREATE TABLE memory_entries (id, title TEXT, body TEXT)'],
  [undefined, 'CREATE TABLE episodes (id, title TEXT, season INTEGER)'],
])('importFormatOf detects %s by the table %s', (format, table) => {
  expect(importFormatOf(fileOf(table))).toBe(format)
})
