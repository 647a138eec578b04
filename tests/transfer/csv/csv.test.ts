import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Pattern, RecordedExperience } from '../../../src/entry/node.ts'
import { csvRow, csvRows } from '../../../src/transfer/csv/csv.ts'
import { readExperiencesCsv } from '../../../src/transfer/csv/read.ts'
import { writeExperiencesCsv, writePatternsCsv, writeValuesCsv } from '../../../src/transfer/csv/write.ts'
import { asImportBatch, name, recordedExperiences, refusal, source, taken, utf8 } from '../sources.ts'

const text = fc.oneof(
  name,
  fc
    .array(fc.constantFrom('"', ',', '\r', '\n', '\r\n', 'a', "'", '=', ' '), { maxLength: 6 })
    .map((all) => all.join('')),
)
/** One cell that is empty is an empty line, which is no row. */
const rows = fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 5 })

const recorded: RecordedExperience = {
  agentId: 'a',
  id: '1',
  taskId: null,
  taskType: 'unit',
  state: { n: 1, of: 'x,y' },
  action: '=go',
  reward: -1.5,
  nextState: [],
  terminated: true,
  truncated: false,
  episodeId: '=SUM(A1)',
  timestamp: '2026-01-31T12:00:00.000Z',
  actions: null,
  nextActions: null,
  behaviorProbability: 0.75,
  metadata: { model: 'x,y', tokens: 12 },
}

describe('rows', () => {
  test('round-trip', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        expect([...csvRows(cells.map(csvRow).join(''))].map((row) => row.cells)).toEqual(cells)
      }),
      { numRuns: 1000 },
    )
  })

  test('are read by a library, except for the apostrophe before formulas', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        const read = parse(cells.map(csvRow).join(''), { relax_column_count: true }) as string[][]
        expect(
          read.map((row) => row.map((cell) => cell.replace(/^'(?='*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20])/, ''))),
        ).toEqual(cells)
      }),
      { numRuns: 500 },
    )
  })

  test('written by a library are read', () => {
    const made = 'a,"b ""c"", d"\n\r\n,\n"x\r\ny",\r\nlast,""'
    expect([...csvRows(made)]).toEqual([
      { number: 1, cells: ['a', 'b "c", d'] },
      { number: 3, cells: ['', ''] },
      { number: 4, cells: ['x\r\ny', ''] },
      { number: 6, cells: ['last', ''] },
    ])
  })

  test.each([
    ['a quote that nothing closes', 'a,b\nc,"d\ne', 2],
    ['a quote inside a bare cell', 'a,b\nc,d"e"', 2],
    ['something after a closing quote', 'a,"b"c', 1],
  ])('are refused for %s', (_, made, line) => {
    expect(() => [...csvRows(made)]).toThrow(`Expected line ${line} to be comma-separated values, got \``)
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['@x', "'@x"],
    ['-x', "'-x"],
    ['-1', '-1'],
    ['-1.5e-7', '-1.5e-7'],
    ['-1+1', "'-1+1"],
    ["'=x", "''=x"],
    ["it's", "it's"],
    ['\t=x', "'\t=x"],
    ['\uFF1Dx', "'\uFF1Dx"],
  ])('never begin with a formula: %j is written as %j', (cell, written) => {
    expect(csvRow([cell, null])).toBe(`${written},\r\n`)
    expect([...csvRows(`${written},`)][0]?.cells).toEqual([cell, ''])
  })
})

describe('experiences', () => {
  test('have a header row, and JSON for states and actions', () => {
    expect([...writeExperiencesCsv([recorded])].join('')).toBe(
      'agent_id,experience_id,task_id,task_type,state,action,reward,next_state,terminated,truncated,episode_id,timestamp,' +
        'behavior_probability,available_actions,next_actions,metadata\r\n' +
        `a,1,,unit,"{""n"":1,""of"":""x,y""}","""=go""",-1.5,[],true,false,'=SUM(A1),2026-01-31T12:00:00.000Z,0.75,,,"{""model"":""x,y"",""tokens"":12}"\r\n`,
    )
  })

  test('round-trip', () => {
    fc.assert(
      fc.property(recordedExperiences, (experiences) => {
        const read = taken(readExperiencesCsv(source(writeExperiencesCsv(experiences))))
        expect(read.experiences).toEqual(experiences.map(asImportBatch))
        expect(read.skipped).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('are read from columns in any order, and unknown columns are counted', () => {
    const made = '\uFEFFreward,state,agent_id,action,next_state,task_type,mood\n1,1,a,"""x""",null,unit,good\n'
    const read = taken(readExperiencesCsv(utf8(made)))
    expect(read.experiences).toMatchObject([
      { agentId: 'a', state: 1, action: 'x', nextState: null, reward: 1, terminated: false },
    ])
    expect(read.skipped).toEqual([{ what: 'mood', count: 1, reason: 'this store has no such field' }])
  })

  const head = 'agent_id,task_type,state,action,reward,next_state'
  test('require only state, action and reward; the caller can name the agent and the task type', () => {
    const made = 'state,action,reward,agent_id,task_type\n1,"""x""",2,,\n3,null,4,b,unit\n'
    const two = (agentId: string, taskType: string): object[] => [
      { agentId, taskType, state: 1, action: 'x', reward: 2, nextState: null, terminated: false },
      { agentId: 'b', taskType: 'unit', state: 3, action: null, reward: 4, nextState: null },
    ]
    expect(taken(readExperiencesCsv(utf8(made))).experiences).toMatchObject(two('dataset', 'dataset'))
    const told = taken(readExperiencesCsv(utf8(made), { agentId: 'crawler', taskType: 'crawl' }))
    expect(told.experiences).toMatchObject(two('crawler', 'crawl'))
    const bare = taken(readExperiencesCsv(utf8('state,action,reward\n1,2,3\n'), { agentId: 'crawler' }))
    expect(bare.experiences).toMatchObject([{ agentId: 'crawler', taskType: 'dataset', nextState: null }])
    expect(bare.agents.map(({ id }) => id)).toEqual(['crawler'])
  })

  test.each([
    ['the file to be a header row and rows', ''],
    ['a header row of different names, with state, action, reward among them', 'a,b\n1,2'],
    ['a header row of different names', `${head},state`],
    ['a header row of different names, got `action` twice', 'state,action,action,reward'],
    ['line 2 to be a row of 6 cells, as the header row is, got 3', `${head}\na,unit,1`],
    ['column reward, line 3, to be a finite number, got "x"', `${head}\n\na,unit,1,2,x,3`],
    ['JSON in column action, line 2: {1} is not JSON', `${head}\na,unit,1,{1},1,3`],
    ['JSON in column action, line 2: {"go": is not JSON', `${head}\na,unit,1,"{""go"":",1,3`],
    ['column reward, line 2, to be a finite number, got "\\"1\\""', `${head}\na,unit,1,2,"""1""",3`],
    ['column reward, line 2, to be a finite number, got undefined', `${head}\na,unit,1,2,,3`],
    ['column state, line 2, to hold plain data', `${head}\na,unit,,2,3,4`],
    ['column reward, line 2, to be a finite number, got Infinity', `${head}\na,unit,1,2,1e999,4`],
  ])('are refused: %s', (message, made) => {
    expect(refusal(readExperiencesCsv(utf8(made)))).toContain(`INVALID_ARGUMENT: Expected ${message}`)
  })

  test('can be a hundred thousand', () => {
    const row = 'a,unit,"{""n"":1}",2,3,4\n'
    const read = taken(readExperiencesCsv(utf8(`${head}\n${row.repeat(100_000)}`)))
    expect(read.experiences).toHaveLength(100_000)
    expect(new Set(read.experiences.map(({ id }) => id)).size).toBe(100_000)
  })
})

test('values have the columns of q_values', () => {
  const value = {
    agentId: 'a',
    stateKey: 'n:1,2',
    actionKey: '-go',
    value: 0.5,
    visits: 3,
    lastUpdated: '2026-01-31T12:00:00.000Z',
  }
  expect([...writeValuesCsv([value])].join('')).toBe(
    `agent_id,state_key,action_key,q_value,visits,last_updated\r\na,"n:1,2",'-go,0.5,3,2026-01-31T12:00:00.000Z\r\n`,
  )
})

test('patterns have the columns of patterns', () => {
  const pattern: Pattern = {
    id: 7,
    agentId: null,
    patternType: 'unit-strategy',
    patternData: { strategy: 's' },
    confidence: 0.5,
    successRate: 1,
    usageCount: 2,
    successCount: 2,
    lastUsed: '2026-01-31T12:00:00.000Z',
    lacksEvidence: false,
    lowerBound: 0.3,
  }
  expect([...writePatternsCsv([pattern])].join('')).toBe(
    'id,agent_id,pattern_type,pattern_data,confidence,success_rate,usage_count,success_count,last_used\r\n' +
      '7,,unit-strategy,"{""strategy"":""s""}",0.5,1,2,2,2026-01-31T12:00:00.000Z\r\n',
  )
})
