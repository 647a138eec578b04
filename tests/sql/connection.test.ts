import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { StoreError } from '../../src/errors.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { type Commit, Connection, type SqlValue } from '../../src/sql/connection.ts'

const engine = await nodeEngine()
let connection: Connection
let commits: Commit[]

beforeEach(() => {
  connection = new Connection(engine)
  connection.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, x)')
  commits = []
  connection.onCommit = (commit) => commits.push(commit)
})

const insert = (x: SqlValue): number => connection.run('INSERT INTO t (x) VALUES (?)', [x])
const rows = (): SqlValue[] => connection.all<[SqlValue]>('SELECT x FROM t ORDER BY id').map(([x]) => x)

test('numbers, strings and byte arrays round-trip', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true }),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.uint8Array(),
    fc.constant(null),
  )
  fc.assert(
    fc.property(value, (x) => {
      insert(x)
      // SQLite has no negative zero among its integers.
      expect(connection.get<[SqlValue]>('SELECT x FROM t ORDER BY id DESC')?.[0]).toEqual(x === 0 ? 0 : x)
    }),
  )
})

describe('a transaction', () => {
  test('yields one commit with its statements in order when the outermost transaction ends', () => {
    connection.transaction(() => {
      insert(1)
      connection.transaction(() => insert(2))
      expect(commits).toEqual([])
    })
    insert(3)
    expect(commits.map(({ sequence, statements }) => [sequence, statements.map(({ values }) => values[0])])).toEqual([
      [1, [1, 2]],
      [2, [3]],
    ])
  })

  test('yields no commit when it is rolled back, and rethrows the error', () => {
    const failure = new Error('no')
    expect(() =>
      connection.transaction(() => {
        insert(1)
        throw failure
      }),
    ).toThrow(failure)
    expect(commits).toEqual([])
    expect(rows()).toEqual([])
    expect(connection.sequence).toBe(0)
  })

  test('that is nested rolls back alone', () => {
    connection.transaction(() => {
      insert(1)
      expect(() =>
        connection.transaction(() => {
          insert(2)
          throw new Error('inner')
        }),
      ).toThrow('inner')
      insert(3)
    })
    expect(rows()).toEqual([1, 3])
    expect(commits[0]?.statements.map(({ values }) => values[0])).toEqual([1, 3])
  })

  test('that only reads yields no commit', () => {
    connection.transaction(() => rows())
    expect(commits).toEqual([])
  })

  test('refuses a promise and rolls back', () => {
    expect(() =>
      connection.transaction(async () => {
        insert(1)
      }),
    ).toThrow('Expected a synchronous transaction')
    expect(rows()).toEqual([])
  })

  test('is rolled back when checkWritable throws', () => {
    connection.checkWritable = () => {
      throw new StoreError('STORAGE_FULL', 'full')
    }
    expect(() => insert(1)).toThrow('full')
    expect(rows()).toEqual([])
    connection.checkWritable = () => {}
    insert(2)
    expect(rows()).toEqual([2])
  })

  test('includes the writes of beforeCommit', () => {
    connection.beforeCommit = () => {
      connection.run('INSERT INTO t (x) VALUES (?)', ['last'])
    }
    insert('first')
    expect(commits.map(({ statements }) => statements.length)).toEqual([2])
  })
})

describe('replay', () => {
  test('gives the same rows and the same sequence', () => {
    connection.transaction(() => {
      insert(1)
      insert('two')
    })
    insert(new Uint8Array([3]))
    const copy = new Connection(engine)
    copy.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, x)')
    for (const commit of commits) copy.replay(commit)
    expect(copy.all('SELECT id, x FROM t ORDER BY id')).toEqual(connection.all('SELECT id, x FROM t ORDER BY id'))
    expect(copy.sequence).toBe(2)
  })

  test('refuses a commit out of sequence', () => {
    expect(() => connection.replay({ sequence: 2, statements: [] })).toThrow('Expected commit 1 next, got 2')
  })

  test('of a failing commit changes nothing', () => {
    const sql = 'INSERT INTO t (id) VALUES (?)'
    const twice = { sequence: 1, statements: [1, 1].map((id) => ({ sql, values: [id] })) }
    expect(() => connection.replay(twice)).toThrow('UNIQUE constraint failed')
    expect(rows()).toEqual([])
    expect(connection.sequence).toBe(0)
  })
})

describe('errors of SQLite', () => {
  test.each([
    ['a wrong statement', () => connection.run('INSERT INTO nowhere VALUES (?)', [1]), 'no such table: nowhere'],
    ['a wrong query', () => connection.all('SELECT y FROM t'), 'no such column: y'],
    ['too many values', () => connection.get('SELECT x FROM t', [1]), 'SELECT x FROM t'],
    ['a wrong script', () => connection.execute('CREATE NONSENSE'), 'syntax error'],
  ])('name the statement and the reason: %s', (_, work, message) => {
    expect(work).toThrow(message)
    expect(work).toThrow(expect.objectContaining({ code: 'SQL_ERROR', name: 'StoreError' }))
  })

  test('leave the connection usable', () => {
    expect(() => connection.run('INSERT INTO t (id) VALUES (?)', ['text'])).toThrow('datatype mismatch')
    insert(1)
    expect(rows()).toEqual([1])
  })

  test('are the same after closing', () => {
    connection.close()
    expect(() => insert(1)).toThrow(expect.objectContaining({ code: 'SQL_ERROR' }))
  })
})

test('export is refused inside a transaction with writes', () => {
  connection.transaction(() => {
    insert(1)
    expect(() => connection.export()).toThrow(StoreError)
  })
})

describe('a derived database', () => {
  test('is the same for the same name, and neither recorded nor exported', () => {
    const derived = connection.derived('words')
    derived.execute('CREATE TABLE words (word TEXT)')
    derived.run('INSERT INTO words VALUES (?)', ['tea'])
    connection.export()
    expect(connection.derived('words').all('SELECT word FROM words')).toEqual([['tea']])
    expect(connection.derived('others').all('SELECT name FROM sqlite_schema')).toEqual([])
    expect(connection.all("SELECT name FROM sqlite_schema WHERE name = 'words'")).toEqual([])
    expect(commits).toEqual([])
  })

  test('closes with its connection', () => {
    const own = new Connection(engine)
    const derived = own.derived('words')
    own.close()
    expect(() => derived.all('SELECT 1')).toThrow()
  })
})
