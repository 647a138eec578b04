import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/errors.ts'
import type { Intake } from '../../src/learning/intake.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'
import * as files from './foreign-files.ts'
import { counts, engine, read, realFile } from './reading.ts'

const { fileOf, EVENTS, EXPERIENCES, MEMORY_ENTRIES, Q_VALUES } = files
/** Without end: whoever runs it does not come back. */
const ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)'
const EVENT = "INSERT INTO events VALUES ('e', 't', '{}', 5, 's', 0, NULL)"

function refusal(bytes: Uint8Array, limits = {}): string {
  try {
    read(bytes, limits)
  } catch (error) {
    if (error instanceof StoreError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'it was read'
}

const skipped = ({ skipped }: Intake): unknown => skipped.map(({ what, count, reason }) => [what, count, reason])

describe('a file is refused', () => {
  test('when it is no SQLite database, or none of agentic-qe', () => {
    expect(refusal(new Uint8Array())).toMatch(/^FOREIGN_FILE: Expected a SQLite database/)
    expect(refusal(new TextEncoder().encode('state,action,reward\n'.repeat(20)))).toMatch(/^FOREIGN_FILE/)
    expect(refusal(fileOf('CREATE TABLE t (x)'))).toMatch(/^FOREIGN_FILE: Expected a database of agentic-qe/)
  })

  test('when it is a store of ours, which is merged instead', () => {
    const store = new Connection(engine)
    migrate(store)
    expect(refusal(store.export())).toMatch(/^FOREIGN_FILE: .* merge it/)
  })

  test('when it is larger than the limit', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES)
    expect(refusal(bytes, { mostBytes: bytes.length - 1 })).toMatch(/^INVALID_ARGUMENT: Expected a file of at most/)
    expect(refusal(bytes, { mostBytes: bytes.length })).toBe('it was read')
  })

  test('when it is cut off', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES, EVENT)
    for (const kept of [100, 4096, bytes.length - 4096, bytes.length - 1]) {
      expect(refusal(bytes.slice(0, kept))).toMatch(/^FOREIGN_FILE/)
    }
  })

  test('when its schema calls a table otherwise than the text that makes it', () => {
    const lie = "UPDATE sqlite_master SET name = 'q_values', tbl_name = 'q_values' WHERE name = 'other'"
    const bytes = fileOf(EXPERIENCES, 'CREATE TABLE other (x)', 'PRAGMA writable_schema=on', lie)
    expect(refusal(bytes)).toMatch(/^FOREIGN_FILE: .* malformed database schema/)
  })

  test('when a text of its schema is not as SQLite writes it', () => {
    const lie = "UPDATE sqlite_master SET sql = 'create/**/table other (x)' WHERE name = 'other'"
    const bytes = fileOf(EXPERIENCES, 'CREATE TABLE other (x)', 'PRAGMA writable_schema=on', lie)
    expect(refusal(bytes)).toBe('FOREIGN_FILE: Expected a schema of tables, got `create/**/table other (x)`')
  })

  test('when the pages of its schema go round in a circle', () => {
    const bytes = fileOf(
      ...Array.from({ length: 200 }, (_, i) => `CREATE TABLE t${i} (column_with_a_long_name)`),
      EVENTS,
    )
    const view = new DataView(bytes.buffer)
    expect(view.getUint8(100)).toBe(5)
    for (let cell = 0; cell < view.getUint16(103); cell++) view.setUint32(view.getUint16(112 + 2 * cell), 1)
    expect(refusal(bytes)).toBe('FOREIGN_FILE: Expected a tree of pages, got page 1 of the schema twice')
  })

  test('when the pages of a table do, or lead to those of another', () => {
    const many = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)
      INSERT INTO events SELECT 'e' || x, 't', '{}', 5, 's', 0, NULL FROM n`
    const bytes = fileOf(MEMORY_ENTRIES, EVENTS, many)
    const view = new DataView(bytes.buffer)
    const root =
      Array.from({ length: bytes.length / 4096 }, (_, page) => page * 4096).find((at) => bytes[at] === 5) ?? 0
    for (let cell = 0; cell < view.getUint16(root + 3); cell++) {
      view.setUint32(root + view.getUint16(root + 12 + 2 * cell), root / 4096 + 1)
    }
    expect(refusal(bytes)).toMatch(/^FOREIGN_FILE: Expected a whole (SQLite )?database/)
  })
})

describe('what a stranger wrote does not run', () => {
  test('a view that the schema calls a trigger', () => {
    const view = `CREATE VIEW q_values AS ${ENDLESS} SELECT x AS agent_id, x AS state_key, x AS action_key, x AS q_value, x AS update_count FROM n`
    const lie = `INSERT INTO sqlite_master VALUES ('trigger', 'z', 'z', 0, '${view}')`
    expect(refusal(fileOf(EXPERIENCES, 'PRAGMA writable_schema=on', lie))).toMatch(/^FOREIGN_FILE: .* malformed/)
  })

  test('a view under the name of a table', () => {
    const view = `CREATE VIEW q_values AS ${ENDLESS} SELECT x AS agent_id, x AS state_key, x AS action_key, x AS q_value FROM n`
    const intake = read(fileOf(EXPERIENCES, view))
    expect(intake.values).toEqual([])
    expect(skipped(intake)).toEqual([['q_values', 0, 'is a view, which does not run']])
  })

  test('views that grow tenfold with each step, and triggers', () => {
    const steps = Array.from({ length: 30 }, (_, i) => {
      const ten = Array.from({ length: 10 }, () => (i === 0 ? 'events' : `v${i - 1}`))
      return `INSERT INTO sqlite_master VALUES ('view', 'v${i}', 'v${i}', 0, 'CREATE VIEW v${i} AS SELECT 1 AS x FROM ${ten.join()}')`
    })
    const trigger = `CREATE TRIGGER t BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'ran'); END`
    const intake = read(fileOf(EVENTS, MEMORY_ENTRIES, EVENT, trigger, 'PRAGMA writable_schema=on', ...steps))
    expect(counts(intake)).toEqual({ events: 1 })
  })

  test('a generated column, a check and an index of an expression', () => {
    const costly = 'length(hex(zeroblob(400000000))) > 0'
    const generated = EVENTS.replace('expires_at INTEGER', `expires_at INTEGER AS (${costly}) NOT NULL`)
    const intake = read(fileOf(generated, MEMORY_ENTRIES))
    expect(skipped(intake)).toEqual([['events', 0, 'has generated columns, which do not run']])

    const checked = EVENTS.replace('expires_at INTEGER', `expires_at INTEGER CHECK (${costly})`)
    const index = `CREATE INDEX i ON events (id) WHERE ${costly.replace('zeroblob(400000000)', 'id')}`
    expect(counts(read(fileOf(checked, MEMORY_ENTRIES, index, 'PRAGMA ignore_check_constraints=on', EVENT)))).toEqual({
      events: 1,
    })
  })

  test('an index that says something else than its table', () => {
    const bytes = fileOf(
      ...[EVENTS, MEMORY_ENTRIES, 'CREATE TABLE other (id TEXT, x)', 'CREATE INDEX i ON other (id)', EVENT],
      ...["INSERT INTO other VALUES ('false', 1)", 'PRAGMA writable_schema=on'],
      "UPDATE sqlite_master SET tbl_name = 'events', sql = 'CREATE INDEX i ON events (id)' WHERE name = 'i'",
    )
    expect(read(bytes).rows[0]?.rows[0]?.[0]).toBe('e')
  })
})

describe('a row is skipped, counted and said why', () => {
  const row = (state: string, reward = '1', agent = "'a'", id = 'NULL'): string =>
    `INSERT INTO learning_experiences (id, agent_id, task_type, state, action, reward, next_state)
     VALUES (${id}, ${agent}, 't', ${state}, '"a"', ${reward}, '"end"')`
  const reasonFor = (...statements: string[]): unknown => {
    const { experiences, ...intake } = read(fileOf(EXPERIENCES, row(`'"good"'`), ...statements))
    expect(experiences).toHaveLength(1)
    return skipped({ experiences, ...intake })
  }
  const deep = '['.repeat(100) + ']'.repeat(100)

  test.each([
    ['reward is not a finite number', row(`'"s"'`, "'high'")],
    ['reward is not a finite number', row(`'"s"'`, '9e999')],
    ['reward is not a finite number', row(`'"s"'`, "x'00'")],
    ['state is not text', row("x'c0ffee'")],
    ['agent_id is not a name', row(`'"s"'`, '1', "''")],
    ['agent_id is not a name', row(`'"s"'`, '1', "'a' || char(0)")],
    ['id is not an integer', row(`'"s"'`, '1', "'a'", '9007199254740993')],
  ])('%s', (reason, statement) => {
    expect(reasonFor(statement)).toEqual([['learning_experiences', 1, reason]])
  })

  test('a state too deep to be data is a text like any other', () => {
    const { experiences } = read(fileOf(EXPERIENCES, row(`'${deep}'`)))
    expect(experiences.map(({ state }) => state)).toEqual([deep])
  })

  test('a text that is no UTF-8 is read as what can be read of it', () => {
    const { experiences } = read(fileOf(EXPERIENCES, row("CAST(x'61ff62' AS TEXT)")))
    expect(experiences.map(({ state }) => state)).toEqual(['a\uFFFDb'])
  })

  test('JSON that is none, and a value that is too large', () => {
    const told = [
      "INSERT INTO events VALUES ('b', 't', '{', 5, 's', 0, NULL)",
      "INSERT INTO events VALUES ('c', 't', '{}', 'soon', 's', 0, NULL)",
      "INSERT INTO events VALUES ('d', 't', '\"' || hex(zeroblob(1000)) || '\"', 5, 's', 0, NULL)",
    ]
    const intake = read(fileOf(EVENTS, MEMORY_ENTRIES, EVENT, ...told), { mostValueBytes: 1000 })
    expect(counts(intake)).toEqual({ events: 1 })
    expect(skipped(intake)).toEqual([
      ['events', 1, 'payload is not JSON'],
      ['events', 1, 'timestamp is not a time'],
      ['events', 1, 'a value is too large'],
    ])
  })

  test('a column that should not be null, in a table that does not say so', () => {
    const loose = EXPERIENCES.replaceAll(' NOT NULL', '')
    const intake = read(fileOf(loose, row(`'"s"'`, 'NULL'), row('NULL')))
    expect(skipped(intake)).toEqual([
      ['learning_experiences', 1, 'reward is not a finite number'],
      ['learning_experiences', 1, 'state is not text'],
    ])
  })
})

test('a file that was written with a write-ahead log is read, and not one byte of it changed', () => {
  const bytes = fileOf(EVENTS, MEMORY_ENTRIES, EVENT)
  bytes[18] = 2
  bytes[19] = 2
  const before = bytes.slice()
  expect(counts(read(bytes))).toEqual({ events: 1 })
  expect(bytes).toEqual(before)
})

/** A small file of every kind of table, with small pages so that there are many. */
const small = fileOf(
  ...['PRAGMA page_size=512', EVENTS, MEMORY_ENTRIES, EXPERIENCES, Q_VALUES, files.SWARM_PATTERNS, files.QE_PATTERNS],
  ...[files.CAPTURED, 'CREATE VIRTUAL TABLE f USING fts5(name)', "INSERT INTO f VALUES ('x')", EVENT],
  ...Array.from(
    { length: 60 },
    (_, i) => `INSERT INTO learning_experiences (agent_id, task_type, state, action, reward, next_state)
      VALUES ('agent', 'task', '{"n":${i},"text":"${'x'.repeat(i * 20)}"}', '"a"', ${i}, '"end"')`,
  ),
  "INSERT INTO q_values (agent_id, state_key, action_key, q_value) VALUES ('agent', 's:1', 'a:2', 3)",
)
const real = realFile('agentic-qe-3.8-memory.db')

describe('bytes that changed by chance', () => {
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(255)), {
    minLength: 1,
    maxLength: 40,
  })
  const refusedOrRead = (original: Uint8Array, numRuns: number, among: number): void => {
    fc.assert(
      fc.property(changes, fc.boolean(), (told, inHeaders) => {
        const bytes = original.slice()
        // Half of the changes are where a page says what it is and where its cells are.
        for (const [where, byte] of told) {
          const at = Math.floor(where * among)
          bytes[inHeaders ? at - (at % 512) + (at % 16) : at] = byte
        }
        const outcome = refusal(bytes)
        expect(outcome === 'it was read' || outcome.startsWith('FOREIGN_FILE: ')).toBe(true)
      }),
      { numRuns, seed: Number(process.env.SEED ?? 11) },
    )
  }

  test('are refused or read, and nothing else happens', () => {
    refusedOrRead(small, Number(process.env.RUNS ?? 400), small.length)
  })

  test('in the header and the schema too', () => {
    refusedOrRead(small, Number(process.env.RUNS ?? 400), 8 * 512)
  })

  test.skipIf(real.missing)('in a real file too (skipped where LEARNING_STORE_DATA holds none)', () => {
    const bytes = new Uint8Array(readFileSync(real.path))
    refusedOrRead(bytes, Number(process.env.RUNS ?? 60), bytes.length)
  })
})
