import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/errors.ts'
import type { ImportBatch } from '../../src/learning/maintenance/import-batch.ts'
import { Connection, type SqlValue } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'
import { databaseOf } from '../../src/sql/table-rows.ts'
import { BANK_TABLES } from '../../src/transfer/agentic-qe/test-patterns.ts'
import type { Copy } from '../../src/transfer/foreign/table-reader.ts'
import * as files from './foreign-files.ts'
import { counts, engine, fresh, insert, read, realFile } from './reading.ts'
import { COPIES, rowsIn } from './rows.ts'

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

/**
 * The file with a page of it made the top of a ladder: each of nineteen pages leads to the next three times, and the last
 * to what the page was. There are 10^9 ways down, and fewer faults than a check stops at.
 */
function laddered(bytes: Uint8Array, page: number): Uint8Array {
  const [size, steps, ways] = [4096, 18, 3]
  const pages = bytes.length / size
  const longer = new Uint8Array(bytes.length + (steps + 1) * size)
  longer.set(bytes)
  const view = new DataView(longer.buffer)
  view.setUint32(28, pages + steps + 1)
  const interior = (start: number, header: number, next: number): void => {
    longer.fill(0, header, start + size)
    view.setUint8(header, 5)
    view.setUint16(header + 3, ways - 1)
    view.setUint16(header + 5, size - 5 * ways)
    view.setUint32(header + 8, next)
    for (let way = 0; way < ways - 1; way++) {
      const cell = size - 5 * (way + 1)
      view.setUint16(header + 12 + 2 * way, cell)
      view.setUint32(start + cell, next)
      view.setUint8(start + cell + 4, way + 1)
    }
  }
  const start = (page - 1) * size
  const header = page === 1 ? 100 : 0
  const last = (pages + steps) * size
  longer.set(bytes.subarray(start, start + size), last)
  // On the first page the header of the file comes before that of the page.
  longer.copyWithin(last, last + header, last + header + 8 + 2 * view.getUint16(last + header + 3))
  interior(start, start + header, pages + 1)
  for (let step = 0; step < steps - 1; step++) interior((pages + step) * size, (pages + step) * size, pages + step + 2)
  interior((pages + steps - 1) * size, (pages + steps - 1) * size, pages + steps + 1)
  return longer
}

const skipped = ({ skipped }: ImportBatch): unknown => skipped.map(({ what, count, reason }) => [what, count, reason])

describe('a file is refused', () => {
  test('if it is not a SQLite database, or not of agentic-qe', () => {
    expect(refusal(new Uint8Array())).toMatch(/^NOT_A_STORE: Expected a SQLite database/)
    expect(refusal(new TextEncoder().encode('state,action,reward\n'.repeat(20)))).toMatch(/^NOT_A_STORE/)
    expect(refusal(fileOf('CREATE TABLE t (x)'))).toMatch(/^NOT_A_STORE: Expected a database of agentic-qe/)
  })

  test('if it is a store, which is merged instead', () => {
    const store = new Connection(engine)
    migrate(store)
    expect(refusal(store.export())).toMatch(/^NOT_A_STORE: .* Import it as learning-store/)
  })

  test('if it is larger than the limit', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES)
    expect(refusal(bytes, { maxBytes: bytes.length - 1 })).toMatch(/^INVALID_ARGUMENT: Expected a file of at most/)
    expect(refusal(bytes, { maxBytes: bytes.length })).toBe('it was read')
  })

  test('if the tables to read have more rows than the limit', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES, EVENT, 'CREATE TABLE t (x)', 'INSERT INTO t VALUES (1), (2)')
    expect(refusal(bytes, { maxRows: 1 })).toBe('it was read')
    const more = fileOf(EVENTS, MEMORY_ENTRIES, EVENT, EVENT.replace("'e'", "'f'"))
    expect(refusal(more, { maxRows: 1 })).toBe('INVALID_ARGUMENT: Expected a file of at most 1 rows to read, got 2')
    expect(refusal(more, { maxRows: 0.5 })).toMatch(/^INVALID_ARGUMENT/)
    expect(refusal(more, { mostLines: 1 })).toMatch(/^INVALID_ARGUMENT/)
  })

  test('if it has too many tables', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `CREATE TABLE t${i} (x)`)
    expect(refusal(fileOf(EVENTS, ...many))).toBe('NOT_A_STORE: Expected at most 1000 tables and views, got more')
  })

  test('if it is truncated', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES, EVENT)
    for (const kept of [100, 4096, bytes.length - 4096, bytes.length - 1]) {
      expect(refusal(bytes.slice(0, kept))).toMatch(/^NOT_A_STORE/)
    }
  })

  test('if the schema names a table differently from its SQL', () => {
    const lie = "UPDATE sqlite_master SET name = 'q_values', tbl_name = 'q_values' WHERE name = 'other'"
    const bytes = fileOf(EXPERIENCES, 'CREATE TABLE other (x)', 'PRAGMA writable_schema=on', lie)
    expect(refusal(bytes)).toMatch(/^NOT_A_STORE: .* malformed database schema/)
  })

  test('if SQL of its schema does not have the form that SQLite writes', () => {
    const lie = "UPDATE sqlite_master SET sql = 'create/**/table other (x)' WHERE name = 'other'"
    const bytes = fileOf(EXPERIENCES, 'CREATE TABLE other (x)', 'PRAGMA writable_schema=on', lie)
    expect(refusal(bytes)).toBe('NOT_A_STORE: Expected a schema of tables, got `create/**/table other (x)`')
  })

  test('if the pages of its schema refer to each other repeatedly', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES)
    expect(refusal(laddered(bytes, 1))).toMatch(
      /^NOT_A_STORE: Expected a tree of pages, got page \d+ of the schema twice/,
    )
  })

  test('if the pages of a table refer to each other repeatedly', () => {
    const bytes = fileOf(EVENTS, MEMORY_ENTRIES, EVENT)
    // The first table of a file begins on its second page.
    expect(refusal(laddered(bytes, 2))).toMatch(
      /^NOT_A_STORE: Expected an intact database, quick_check reports for events/,
    )
  })

  test('if the pages of a table form a cycle', () => {
    const many = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000)
      INSERT INTO events SELECT 'e' || x, 't', '{}', 5, 's', 0, NULL FROM n`
    const bytes = fileOf(MEMORY_ENTRIES, EVENTS, many)
    const view = new DataView(bytes.buffer)
    const root =
      Array.from({ length: bytes.length / 4096 }, (_, page) => page * 4096).find((at) => bytes[at] === 5) ?? 0
    for (let cell = 0; cell < view.getUint16(root + 3); cell++) {
      view.setUint32(root + view.getUint16(root + 12 + 2 * cell), root / 4096 + 1)
    }
    expect(refusal(bytes)).toMatch(/^NOT_A_STORE: Expected an intact (SQLite )?database/)
  })
})

describe('SQL of the file is not executed', () => {
  test('a view that the schema calls a trigger', () => {
    const view = `CREATE VIEW q_values AS ${ENDLESS} SELECT x AS agent_id, x AS state_key, x AS action_key, x AS q_value, x AS update_count FROM n`
    const lie = `INSERT INTO sqlite_master VALUES ('trigger', 'z', 'z', 0, '${view}')`
    expect(refusal(fileOf(EXPERIENCES, 'PRAGMA writable_schema=on', lie))).toMatch(/^NOT_A_STORE: .* malformed/)
  })

  test('a view under the name of a table', () => {
    const view = `CREATE VIEW q_values AS ${ENDLESS} SELECT x AS agent_id, x AS state_key, x AS action_key, x AS q_value FROM n`
    const importBatch = read(fileOf(EXPERIENCES, view))
    expect(importBatch.values).toEqual([])
    expect(skipped(importBatch)).toEqual([['q_values', 0, 'is a view: its SQL is not trusted']])
  })

  test('views that multiply rows tenfold at each level, and triggers', () => {
    const steps = Array.from({ length: 30 }, (_, i) => {
      const ten = Array.from({ length: 10 }, () => (i === 0 ? 'events' : `v${i - 1}`))
      return `INSERT INTO sqlite_master VALUES ('view', 'v${i}', 'v${i}', 0, 'CREATE VIEW v${i} AS SELECT 1 AS x FROM ${ten.join()}')`
    })
    const trigger = `CREATE TRIGGER t BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'ran'); END`
    const importBatch = read(fileOf(EVENTS, MEMORY_ENTRIES, EVENT, trigger, 'PRAGMA writable_schema=on', ...steps))
    expect(counts(importBatch)).toEqual({ events: 1 })
  })

  test('a generated column, a check and an index of an expression', () => {
    const costly = 'length(hex(zeroblob(400000000))) > 0'
    const generated = EVENTS.replace('expires_at INTEGER', `expires_at INTEGER AS (${costly}) NOT NULL`)
    const importBatch = read(fileOf(generated, MEMORY_ENTRIES))
    expect(skipped(importBatch)).toEqual([['events', 0, 'has generated columns: their SQL is not trusted']])

    // The check fails: whoever runs it hears of it.
    const checked = EVENTS.replace('expires_at INTEGER', 'expires_at INTEGER CHECK (ttl > 5)')
    const index = `CREATE INDEX i ON events (id) WHERE ${costly.replace('zeroblob(400000000)', 'id')}`
    const unchecked = 'PRAGMA ignore_check_constraints=on'
    expect(counts(read(fileOf(checked, MEMORY_ENTRIES, index, unchecked, EVENT)))).toEqual({ events: 1 })
  })

  test('an index that disagrees with its table', () => {
    const all = 'id, type, payload, timestamp, source, ttl, expires_at'
    // Where the table is the wider, SQLite would rather read the index.
    const wide = EVENTS.replace('expires_at INTEGER', 'expires_at INTEGER, a TEXT, b TEXT, c TEXT, d TEXT, e TEXT')
    const event = EVENT.replace('events', `events (${all})`)
    const bytes = fileOf(
      wide,
      MEMORY_ENTRIES,
      event,
      wide.replace('events', 'other'),
      event.replace('events', 'other'),
      "UPDATE other SET id = 'false'",
      `CREATE INDEX i ON other (${all})`,
      'PRAGMA writable_schema=on',
      `UPDATE sqlite_master SET tbl_name = 'events', sql = 'CREATE INDEX i ON events (${all})' WHERE name = 'i'`,
    )
    expect(read(bytes).rows[0]?.rows[0]?.[0]).toBe('e')
  })
})

describe('a row is skipped, and counted with the reason', () => {
  const row = (state: string, reward = '1', agent = "'a'", id = 'NULL'): string =>
    `INSERT INTO learning_experiences (id, agent_id, task_type, state, action, reward, next_state)
     VALUES (${id}, ${agent}, 't', ${state}, '"a"', ${reward}, '"end"')`
  const reasonFor = (...statements: string[]): unknown => {
    const { experiences, ...importBatch } = read(fileOf(EXPERIENCES, row(`'"good"'`), ...statements))
    expect(experiences).toHaveLength(1)
    return skipped({ experiences, ...importBatch })
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

  test('a state of JSON that is too deep is imported as text', () => {
    const { experiences } = read(fileOf(EXPERIENCES, row(`'${deep}'`)))
    expect(experiences.map(({ state }) => state)).toEqual([deep])
  })

  test('invalid UTF-8 is decoded with replacement characters', () => {
    const { experiences } = read(fileOf(EXPERIENCES, row("CAST(x'61ff62' AS TEXT)")))
    expect(experiences.map(({ state }) => state)).toEqual(['a\uFFFDb'])
  })

  test('an unknown side note', () => {
    const store = 'CREATE TABLE memory_store (id INTEGER PRIMARY KEY, key TEXT, value TEXT, namespace TEXT)'
    const note = (key: string, value: string): string =>
      `INSERT INTO memory_store (key, value, namespace) VALUES ('${key}', '${value}', 'learning-store')`
    const told = [note('experience/1', '{"id":"a\\u0000"}'), note('experience/2', '{"id":"\\ud800"}'), note('x', '[]')]
    const odd = note('experience/3', '{"id":"i","behaviorProbability":7,"actions":[1e999],"terminated":"yes"}')
    const rows = [row(`'"s"'`), row(`'"s"'`), row(`'"s"'`)]
    const importBatch = read(fileOf(EXPERIENCES, store, ...told, odd, ...rows))
    expect(skipped(importBatch)).toEqual([['memory_store', 3, 'is not a side note of this package']])
    expect(importBatch.experiences[2]).toMatchObject({
      id: 'i',
      behaviorProbability: null,
      actions: null,
      terminated: false,
    })
    insert(fresh(), importBatch)
  })

  test('invalid JSON, and a value above the limit', () => {
    const told = [
      "INSERT INTO events VALUES ('b', 't', '{', 5, 's', 0, NULL)",
      "INSERT INTO events VALUES ('c', 't', '{}', 'soon', 's', 0, NULL)",
      "INSERT INTO events VALUES ('d', 't', '\"' || hex(zeroblob(1000)) || '\"', 5, 's', 0, NULL)",
    ]
    const importBatch = read(fileOf(EVENTS, MEMORY_ENTRIES, EVENT, ...told), { maxValueBytes: 1000 })
    expect(counts(importBatch)).toEqual({ events: 1 })
    expect(skipped(importBatch)).toEqual([
      ['events', 1, 'payload is not JSON'],
      ['events', 1, 'timestamp is not a time'],
      ['events', 1, 'a value is too large'],
    ])
  })

  test('null in a required column of a table without NOT NULL', () => {
    const loose = EXPERIENCES.replaceAll(' NOT NULL', '')
    const importBatch = read(fileOf(loose, row(`'"s"'`, 'NULL'), row('NULL')))
    expect(skipped(importBatch)).toEqual([
      ['learning_experiences', 1, 'reward is not a finite number'],
      ['learning_experiences', 1, 'state is not text'],
    ])
  })
})

test('every imported row satisfies the constraints of our tables', () => {
  const wild = fc.constantFrom<SqlValue>(
    null,
    0,
    2,
    -1,
    1.5,
    1e300,
    2 ** 60,
    '',
    '0',
    '{',
    'x',
    '{}',
    new Uint8Array(2),
  )
  const tables = fc.tuple(
    ...COPIES.map((copy) =>
      fc.array(fc.tuple(rowsIn(copy), fc.nat(20), wild), { maxLength: 2 }).map((told) =>
        // In most of the rows one value is another than it should be.
        told.flatMap(([rows, at, value]) => rows.map((row) => row.map((kept, i) => (i === at ? value : kept)))),
      ),
    ),
  )
  let taken = 0
  fc.assert(
    fc.property(tables, (contents) => {
      const loose = COPIES.map(({ table, columns }, i) => ({
        table,
        columns: Object.keys(columns),
        rows: contents[i] ?? [],
        file: BANK_TABLES.includes(COPIES[i] as Copy),
      }))
      for (const bank of [true, false]) {
        const here = loose.filter(({ file }) => file === bank)
        // Without types and constraints: everything may be in every column.
        const schema = here.map(({ table, columns }) => `CREATE TABLE ${table} (${columns.join(', ')})`)
        const importBatch = read(databaseOf(engine, schema, here))
        const store = fresh()
        insert(store, importBatch)
        taken += importBatch.rows.reduce((sum, { rows }) => sum + rows.length, 0)
        store.close()
      }
    }),
    { numRuns: 25, seed: 3 },
  )
  expect(taken).toBeGreaterThan(300)
})

test('a file in WAL mode is read without changing it', () => {
  const bytes = fileOf(EVENTS, MEMORY_ENTRIES, EVENT)
  bytes[18] = 2
  bytes[19] = 2
  const before = bytes.slice()
  expect(counts(read(bytes))).toEqual({ events: 1 })
  expect(bytes).toEqual(before)
})

/** A small file of every kind of table, with small pages so that there are many. */
const small = fileOf(
  'PRAGMA page_size=512',
  EVENTS,
  MEMORY_ENTRIES,
  EXPERIENCES,
  Q_VALUES,
  files.SWARM_PATTERNS,
  files.QE_PATTERNS,
  files.CAPTURED,
  'CREATE VIRTUAL TABLE f USING fts5(name)',
  "INSERT INTO f VALUES ('x')",
  EVENT,
  ...Array.from(
    { length: 60 },
    (_, i) => `INSERT INTO learning_experiences (agent_id, task_type, state, action, reward, next_state)
      VALUES ('agent', 'task', '{"n":${i},"text":"${'x'.repeat(i * 20)}"}', '"a"', ${i}, '"end"')`,
  ),
  "INSERT INTO q_values (agent_id, state_key, action_key, q_value) VALUES ('agent', 's:1', 'a:2', 3)",
)
const real = realFile('agentic-qe-3.8-memory.db')

describe('randomly changed bytes', () => {
  // Evenly over the file, in millionths: doubles come near 0 most of the time.
  const storage = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1e6)
  const changes = fc.array(fc.tuple(storage, fc.nat(255)), { minLength: 1, maxLength: 12 })
  const refusedOrRead = (original: Uint8Array, numRuns: number, among: number): void => {
    const empty = fresh()
    fc.assert(
      fc.property(changes, fc.boolean(), (told, inHeaders) => {
        const bytes = original.slice()
        // Half of the cases change where a page says what it is and where its cells are. The header of the file is spared:
        // changed at random, hardly any file would come further than that.
        for (const [where, byte] of told) {
          const at = 100 + Math.floor(where * (among - 100))
          bytes[inHeaders ? Math.max(100, at - (at % 512) + (at % 16)) : at] = byte
        }
        let outcome = 'it was read'
        try {
          insert(empty, read(bytes))
        } catch (error) {
          outcome = error instanceof StoreError ? `${error.code}: ${error.message}` : String(error)
        }
        expect(outcome === 'it was read' || outcome.startsWith('NOT_A_STORE: ')).toBe(true)
      }),
      { numRuns, seed: 11 },
    )
  }

  test('are refused or read, without another effect', () => {
    refusedOrRead(small, 400, small.length)
  })

  test('in the header and the schema', () => {
    refusedOrRead(small, 400, 8 * 512)
  })

  test.skipIf(real.missing)('in a real file (skipped without it in LEARNING_STORE_DATA)', () => {
    const bytes = new Uint8Array(readFileSync(real.path))
    refusedOrRead(bytes, 60, bytes.length)
  })
})
