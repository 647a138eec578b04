// CSV files of pandas, R and spreadsheets, made here as those write them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordedExperience } from '../../../src/entry/node.ts'
import type { ImportedExperience } from '../../../src/learning/maintenance/import-batch.ts'
import { type CsvOptions, readExperiencesCsv } from '../../../src/transfer/csv/read.ts'
import { writeExperiencesCsv } from '../../../src/transfer/csv/write.ts'
import { formatOf } from '../../../src/transfer/detect-format.ts'
import { asImportBatch, recordedExperiences, refusal, source, taken, utf8 } from '../sources.ts'

const read = (text: string, options?: CsvOptions) => taken(readExperiencesCsv(utf8(text), options))
const refused = (text: string, options?: CsvOptions) => refusal(readExperiencesCsv(utf8(text), options))

/** The fields of the experiences that are not derived. */
function contentOf(experiences: readonly ImportedExperience[]) {
  return experiences.map(({ state, action, reward, terminated }) => [state, action, reward, terminated])
}

function utf16(text: string, isBigEndian = false): Uint8Array {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return new Uint8Array(isBigEndian ? bytes.swap16() : bytes)
}

const ROWS = [
  ['home', 'email', 0.5, true],
  ['cart', 'sms', 0, false],
]

describe('experiences are read from a file', () => {
  test.each<[string, string | Uint8Array]>([
    ['of pandas, with its index', ',state,action,reward,terminated\n0,home,email,0.5,True\n1,cart,sms,0.0,False\n'],
    ['of pandas without index', 'state,action,reward,terminated\nhome,email,5e-1,True\ncart,sms,0,False\n'],
    [
      'of pandas with QUOTE_ALL',
      '"state","action","reward","terminated"\n"home","email","0.5","True"\n"cart","sms","0","False"\n',
    ],
    ['with 1 and 0', 'state,action,reward,terminated\nhome,email,.5,1\ncart,sms,+0,0\n'],
    ['with 1.0 and 0.0', 'state,action,reward,terminated\nhome,email, 0.5 ,1.0\ncart,sms,0.,0.0\n'],
    ['of PostgreSQL', 'state,action,reward,terminated,task_id\nhome,email,0.5,t,\\N\ncart,sms,0,f,\\N\n'],
    ['with semicolons', 'state;action;reward;terminated\r\nhome;email;0.5;TRUE\r\ncart;sms;0;FALSE\r\n'],
    ['with tabs', 'state\taction\treward\tterminated\nhome\temail\t0.5\ttrue\ncart\tsms\t0\tfalse\n'],
    ['with bars', 'state|action|reward|terminated\nhome|email|0.5|true\ncart|sms|0|false\n'],
    ['of Excel, "CSV UTF-8"', '\uFEFFstate;action;reward;terminated\r\nhome;email;0.5;TRUE\r\ncart;sms;0;FALSE\r\n'],
    ['with a line for Excel', 'sep=;\r\nstate;action;reward;terminated\r\nhome;email;0.5;TRUE\r\ncart;sms;0;FALSE\r\n'],
    [
      'of Excel, "Unicode text"',
      utf16('state\taction\treward\tterminated\r\nhome\temail\t0.5\tTRUE\r\ncart\tsms\t0\tFALSE\r\n'),
    ],
    [
      'in UTF-16 of the other order',
      utf16('state,action,reward,terminated\nhome,email,0.5,true\ncart,sms,0,false', true),
    ],
    ['with CR alone', 'state,action,reward,terminated\rhome,email,0.5,true\rcart,sms,0,false\r'],
    ['with blank rows', 'state,action,reward,terminated\n\nhome,email,0.5,true\n,,,\ncart,sms,0,false\n,,,\n \n'],
    ['with spaces around names', ' state, action , reward,terminated \nhome, email,0.5,true\ncart,sms,0,false\n'],
    ['with a delimiter after each row', 'state,action,reward,terminated\nhome,email,0.5,true,\ncart,sms,0,false,\n'],
    ['with delimiters after all', 'state,action,reward,terminated,,\nhome,email,0.5,true,,\ncart,sms,0,false,,\n'],
    [
      'with a delimiter after the header row',
      'state,action,reward,terminated,\nhome,email,0.5,true\ncart,sms,0,false\n',
    ],
    [
      'with an unnamed column that rows lack',
      ',state,action,terminated,reward\nhome,email,true,0.5\ncart,sms,false,0\n',
    ],
    [
      'of R, whose index has no name',
      '"state","action","reward","terminated"\n"1","home","email",0.5,TRUE\n"2","cart","sms",0,FALSE\n',
    ],
    [
      'whose rows lack empty cells at their end',
      'state,action,reward,terminated,task_id\nhome,email,0.5,true\ncart,sms,0,false,\n',
    ],
    ['with JSON', 'state,action,reward,terminated\n"""home""","""email""",0.5,true\n"""cart""","""sms""",0,false\n'],
  ])('%s', (_, made) => {
    const bytes = typeof made === 'string' ? utf8(made) : made
    expect(formatOf(bytes)).toBe('csv')
    const { experiences } = taken(readExperiencesCsv(bytes))
    expect(contentOf(experiences)).toEqual(ROWS)
    expect(experiences.map(({ taskId }) => taskId)).toEqual([null, null])
  })

  test('with a decimal comma', () => {
    const text = 'state;action;reward;behavior_probability\n1,5;email;-0,25;,5\n2;sms;1,;1\n"{""x"":1.5}";sms;1e3;1\n'
    const { experiences } = read(text, { decimal: ',' })
    expect(contentOf(experiences).map((row) => row.slice(0, 3))).toEqual([
      [1.5, 'email', -0.25],
      [2, 'sms', 1],
      [{ x: 1.5 }, 'sms', 1000],
    ])
    expect(experiences.map(({ behaviorProbability }) => behaviorProbability)).toEqual([0.5, 1, 1])
  })
})

test('an index that the header row lacks is reported', () => {
  expect(read('state,action,reward\n1,a,b,0\n2,a,b,0\n').notes).toEqual([
    'The rows have one cell more than the header row: the first one is left out as an index.',
  ])
})

test('a cell of a word for nothing is empty, where a value may be missing', () => {
  for (const word of ['NaN', 'nan', 'None', 'NULL', 'null', 'NaT', 'NA', '<NA>', 'N/A', '#N/A', '\\N', '']) {
    const columns = 'agent_id,task_id,terminated,timestamp,behavior_probability,available_actions,metadata,next_state'
    const row = Array.from({ length: 8 }, () => word).join(',')
    const { experiences } = read(`state,action,reward,${columns}\n1,2,3,${row}\n`)
    expect(experiences).toMatchObject([
      {
        agentId: 'dataset',
        taskId: null,
        terminated: false,
        timestamp: null,
        behaviorProbability: null,
        actions: null,
        metadata: null,
        nextState: null,
      },
    ])
    if (word !== 'null') {
      expect(refused(`state,action,reward\n${word},2,3\n`)).toContain(
        'Expected column state, line 2, to hold plain data',
      )
    }
  }
})

test('plain data is JSON, a number, a boolean or a text', () => {
  const states: [cell: string, state: unknown][] = [
    ['1', 1],
    ['+5', 5],
    ['1.', 1],
    ['-.5', -0.5],
    [' 1e-3 ', 0.001],
    ['True', true],
    ['FALSE', false],
    ['null', null],
    ['"""null"""', 'null'],
    ['none', 'none'],
    ['go home', 'go home'],
    ['cef3390ed299c09874189c387777674a', 'cef3390ed299c09874189c387777674a'],
    ['007', '007'],
    ['12345678901234567890', '12345678901234567890'],
    ['100000000000000000000', 1e20],
    ['"{""a"":[1,2]}"', { a: [1, 2] }],
    ['192.168.0.1', '192.168.0.1'],
    ['2026-01-31', '2026-01-31'],
    ['-', '-'],
    ['[error] disk full', '[error] disk full'],
    ['"""set a timer"', '"set a timer'],
    ['"""go"" he said"', '"go" he said'],
    ["'=x", '=x'],
  ]
  const { experiences } = read(`state,action,reward\n${states.map(([cell]) => `${cell},a,1\n`).join('')}`)
  expect(experiences.map(({ state }) => state)).toEqual(states.map(([, state]) => state))
})

test('times have the forms of pandas, databases and spreadsheets, and are UTC without a zone', () => {
  const times: [cell: string, time: string][] = [
    ['2026-01-31 12:00:00+00:00', '2026-01-31 12:00:00.000'],
    ['2026-01-31 12:00:00.123456+02:00', '2026-01-31 10:00:00.123'],
    ['2026-01-31T12:00:00Z', '2026-01-31 12:00:00.000'],
    ['2026-01-31 12:00:00', '2026-01-31 12:00:00.000'],
    ['"2026-01-31 12:00:00,5"', '2026-01-31 12:00:00.500'],
    ['2026-01-31 12:00', '2026-01-31 12:00:00.000'],
    ['2026-01-31', '2026-01-31 00:00:00.000'],
    ['2026-01-31 12:00:00 UTC', '2026-01-31 12:00:00.000'],
    ['2026-01-31 12:00:00-0530', '2026-01-31 17:30:00.000'],
    ['2026-01-31 12:00:00+01', '2026-01-31 11:00:00.000'],
    ['1769860800', '2026-01-31 12:00:00.000'],
    ['1769860800.5', '2026-01-31 12:00:00.500'],
    ['1769860800123', '2026-01-31 12:00:00.123'],
    ['1769860800123456', '2026-01-31 12:00:00.123'],
    ['1769860800123456789', '2026-01-31 12:00:00.123'],
  ]
  const { experiences } = read(`state,action,reward,timestamp\n${times.map(([cell]) => `1,2,3,${cell}\n`).join('')}`)
  expect(experiences.map(({ timestamp }) => timestamp)).toEqual(times.map(([, time]) => time))
  for (const cell of ['31.01.2026', '1/31/2026 12:00', '45688.5', '17', '2026-02-30', '2026-01-31 25:00']) {
    expect(refused(`state,action,reward,timestamp\n1,2,3,${cell}\n`)).toContain(
      'column timestamp, line 2, to be a time',
    )
  }
})

test('rows without a finite reward are skipped and counted, unless all are', () => {
  const rows = ['1,a,1', '1,a,inf', '1,a,-Infinity', '1,a,1e999', 'inf,a,1', '1,a,', '1,a,NaN', '1,a,2']
  const { experiences, skipped } = read(`state,action,reward\n${rows.join('\n')}`)
  expect(experiences.map(({ reward }) => reward)).toEqual([1, 2])
  expect(skipped).toEqual([
    { what: 'experiences', count: 3, reason: 'reward is an infinite number' },
    { what: 'experiences', count: 1, reason: 'state is an infinite number' },
    { what: 'experiences', count: 2, reason: 'reward is empty' },
  ])
  expect(refused('state,action,reward\n1,a,inf\n')).toContain('column reward, line 2, to be a finite number')
})

test('a boolean is a reward of 1 or 0', () => {
  const { experiences } = read('state,action,reward\n1,a,True\n1,a,false\n')
  expect(experiences.map(({ reward }) => reward)).toEqual([1, 0])
})

describe('a file is refused', () => {
  test.each<[string, string, CsvOptions?]>([
    [
      'column reward, line 3, to be a number with a decimal point, got "1,5"; if the comma stands before the fraction, pass decimal: \',\' (--decimal ,)',
      'state;action;reward\n1;2;3\n1;2;1,5\n',
    ],
    ['column state, line 2, to be a number with a decimal point, got "1,5"', 'state;action;reward\n1,5;2;3\n'],
    ['column reward, line 2, to be a number with a decimal point, got "1,234"', 'state,action,reward\n1,2,"1,234"\n'],
    [
      'column reward, line 2, to be a number with a decimal comma, got "1.5"',
      'state;action;reward\n1;2;1.5\n',
      { decimal: ',' },
    ],
    ['column reward, line 2, to be a finite number, got "1,234.5"', 'state,action,reward\n1,2,"1,234.5"\n'],
    [
      'column reward, line 2, to be a finite number, got "1.234,5"',
      'state;action;reward\n1;2;1.234,5\n',
      { decimal: ',' },
    ],
    ['column reward, line 2, to be a finite number, got "1 234"', 'state;action;reward\n1;2;1 234\n'],
    ['column reward, line 2, to be a finite number, got "50%"', 'state,action,reward\n1,2,50%\n'],
    ['column terminated, line 2, to be true or false, got "maybe"', 'state,action,reward,terminated\n1,2,3,maybe\n'],
    ["JSON in column state, line 2: {'a': 1} is not JSON, in which", "state,action,reward\n{'a': 1},2,3\n"],
    ['line 2 to be a row of 3 cells, as the header row is, got 4', 'state,action,reward\n1,2,0,5\n1,2,0,5\n'],
    ['line 3 to be a row of 3 cells, as the header row is, got 4', 'state,action,reward\n1,2,0\n1,2,0,5\n'],
    ['line 2 to be a row of 3 cells, as the header row is, got 2', 'state,action,reward\n1,2\n'],
    ['a header row with a name for each column', ',state,action,reward,task_id\n1,2,3,4\n1,2,3,5\n'],
    ['line 2 to be semicolon-separated values, got `', 'state;action;reward\n1;2;"3\n'],
    [
      'column behavior_probability, line 2, to be a number above 0',
      'state,action,reward,behavior_probability\n1,2,3,0\n',
    ],
  ])('Expected %s', (message, text, options) => {
    expect(refused(text, options)).toContain(`INVALID_ARGUMENT: Expected ${message}`)
  })

  test('that is in another encoding', () => {
    const latin = new Uint8Array(Buffer.from('state,action,reward\ngr\u00FC\u00DFe,2,3\n', 'latin1'))
    expect(refusal(readExperiencesCsv(latin))).toBe(
      'NOT_A_STORE: Expected text in UTF-8, got other bytes. Save the file as UTF-8',
    )
    expect(refusal(readExperiencesCsv(utf16('state,action,reward\n\uD800,2,3\n')))).toContain('NOT_A_STORE')
  })

  test.each<[string, string]>([
    ['a quote that nothing closes, before 10 MB', `state,action,reward\n1,2,"${'x'.repeat(10_000_000)}`],
    ['a header row of 10 MB', 'x'.repeat(10_000_000)],
    ['only delimiters', ','.repeat(1_000_000)],
    ['NUL characters', `state,action,reward,agent_id\n1,2,3,\0\n`],
    ['nothing but a header row of another kind', 'a,b'],
  ])('for %s', (_, text) => {
    expect(refused(text)).toContain('INVALID_ARGUMENT: Expected')
  })
})

test('a cell of 10 MB is read', () => {
  const text = 'x'.repeat(10_000_000)
  const { experiences } = read(`state,action,reward\n${text},2,3\n`)
  expect(experiences[0]?.state).toBe(text)
})

test('words for nothing round-trip as names', () => {
  const names = ['NaN', 'None', "'None", "''NULL", 'NA', 'null', "'x", '-nan', "'"]
  const experiences = names.map(
    (name, i): RecordedExperience => ({
      agentId: name,
      id: `${i}`,
      taskId: name,
      taskType: name,
      state: name,
      action: name,
      reward: 1,
      nextState: null,
      terminated: true,
      truncated: false,
      episodeId: name,
      timestamp: '2026-01-31T12:00:00.000Z',
      actions: [name],
      nextActions: null,
      behaviorProbability: null,
      metadata: null,
    }),
  )
  const { experiences: again } = taken(readExperiencesCsv(source(writeExperiencesCsv(experiences))))
  expect(again).toEqual(experiences.map(asImportBatch))
})

/** How a program writes a CSV file. */
const dialects = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  ending: fc.constantFrom('\n', '\r\n', '\r'),
  isQuoted: fc.boolean(),
  decimal: fc.constantFrom('.' as const, ',' as const),
  flags: fc.constantFrom(['true', 'false'], ['True', 'False'], ['TRUE', 'FALSE'], ['1', '0']),
  missing: fc.constantFrom('', 'NaN', 'NULL'),
  index: fc.constantFrom('none', 'unnamed', 'without a name'),
  isPadded: fc.boolean(),
  mark: fc.constantFrom('', 'utf-8', 'utf-16le', 'utf-16be'),
  hasFinalEnding: fc.boolean(),
})
type Dialect = typeof dialects extends fc.Arbitrary<infer T> ? T : never

const NAMES = ['agentId', 'id', 'taskId', 'taskType', 'episodeId'] as const
const COLUMNS =
  'agent_id,experience_id,task_id,task_type,episode_id,state,action,reward,next_state,terminated,timestamp'

function written(experiences: readonly RecordedExperience[], dialect: Dialect): Uint8Array {
  const { delimiter, ending, isQuoted, decimal, flags, missing, index, isPadded, mark, hasFinalEnding } = dialect
  const cell = (text: string): string =>
    isQuoted || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
  const number = (value: number): string => String(value).replace('.', decimal)
  const rows = experiences.map((one, i) => [
    ...(index === 'none' ? [] : [String(i)]),
    ...NAMES.map((name) => one[name] ?? missing),
    JSON.stringify(one.state),
    JSON.stringify(one.action),
    number(one.reward),
    JSON.stringify(one.nextState),
    flags[one.terminated ? 0 : 1] ?? '',
    one.timestamp,
    ...(isPadded && index !== 'without a name' ? [''] : []),
  ])
  const header = [...(index === 'unnamed' ? [''] : []), ...COLUMNS.split(',')]
  const text = [header, ...rows].map((cells) => cells.map(cell).join(delimiter)).join(ending)
  const whole = text + (hasFinalEnding ? ending : '')
  if (mark.startsWith('utf-16')) return utf16(whole, mark === 'utf-16be')
  return utf8((mark === 'utf-8' ? '\uFEFF' : '') + whole)
}

/** Names that no program would write otherwise, and data whose JSON is no bare number with a fraction. */
const plainExperiences = recordedExperiences.map(
  (experiences) =>
    experiences.map((one, i) => ({
      ...one,
      ...Object.fromEntries(NAMES.map((name) => [name, one[name] === null ? null : `${name} "${i};|,\t`])),
      state: { of: one.state },
      action: [one.action],
      nextState: { of: one.nextState },
    })) as RecordedExperience[],
)

test('experiences are the same in every dialect', () => {
  fc.assert(
    fc.property(plainExperiences, dialects, (experiences, dialect) => {
      fc.pre(experiences.length > 0)
      const bytes = written(experiences, dialect)
      const { decimal } = dialect
      const { experiences: read, skipped } = taken(readExperiencesCsv(bytes, { decimal }))
      const expected = experiences.map((one) => ({
        ...asImportBatch(one),
        truncated: false,
        behaviorProbability: null,
        actions: null,
        nextActions: null,
        metadata: null,
      }))
      expect(read).toEqual(expected)
      expect(skipped.every(({ what }) => what === 'a column without a name')).toBe(true)
    }),
    { numRuns: 500 },
  )
})
