import type Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { withWriteAheadLog } from '../../src/sql/write-ahead-log.ts'
import { asBigEndian, recovered, rollbackMode, type WalPair, walPair } from './wal-files.ts'

const engine = await nodeEngine()

/** All rows of `notes`, as sql.js reads them. */
function rowsOf(bytes: Uint8Array): unknown[] {
  const database = engine.open(bytes)
  try {
    expect(database.exec('PRAGMA integrity_check')[0]?.values).toEqual([['ok']])
    return database.exec('SELECT id, length(body) FROM notes ORDER BY id')[0]?.values ?? []
  } finally {
    database.close()
  }
}

const NOTES = 'CREATE TABLE notes (id INTEGER PRIMARY KEY, body BLOB)'
const add = (database: Database.Database, count: number, size = 100): void => {
  const insert = database.prepare('INSERT INTO notes (body) VALUES (randomblob(?))')
  database.transaction(() => {
    for (let i = 0; i < count; i++) insert.run(size)
  })()
}

function read({ database, log }: WalPair): Uint8Array {
  return withWriteAheadLog(database, log).bytes
}

/** One step of a program that uses a database in WAL mode. */
type Step =
  | { readonly kind: 'add'; readonly count: number; readonly size: number }
  | { readonly kind: 'delete' | 'update'; readonly modulus: number }
  | { readonly kind: 'checkpoint'; readonly mode: string }
  | { readonly kind: 'shrink' }
  | { readonly kind: 'give up'; readonly count: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    count: fc.integer({ min: 1, max: 30 }),
    size: fc.constantFrom(10, 300, 5000),
  }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'update' as const), modulus: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('checkpoint' as const),
    mode: fc.constantFrom('PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'),
  }),
  fc.record({ kind: fc.constant('shrink' as const) }),
  fc.record({ kind: fc.constant('give up' as const), count: fc.integer({ min: 1, max: 40 }) }),
)

function take(database: Database.Database, one: Step): void {
  switch (one.kind) {
    case 'add':
      add(database, one.count, one.size)
      return
    case 'delete':
      database.prepare('DELETE FROM notes WHERE id % ? = 0').run(one.modulus)
      return
    case 'update':
      database.prepare('UPDATE notes SET body = randomblob(200) WHERE id % ? = 0').run(one.modulus)
      return
    case 'checkpoint':
      database.pragma(`wal_checkpoint(${one.mode})`)
      return
    case 'shrink':
      database.exec('PRAGMA incremental_vacuum')
      return
    case 'give up':
      // The cache is so small that its pages reach the log before the rollback.
      database.exec('BEGIN')
      for (let i = 0; i < one.count; i++) database.exec('INSERT INTO notes (body) VALUES (randomblob(900))')
      database.exec('ROLLBACK')
  }
}

const pair: fc.Arbitrary<WalPair> = fc
  .record({
    pageSize: fc.constantFrom(512, 1024, 4096, 65_536),
    steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  })
  .map(({ pageSize, steps }) =>
    walPair((database) => {
      database.pragma('cache_size = 5')
      database.exec(NOTES)
      for (const one of steps) take(database, one)
    }, `PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = incremental`),
  )

describe('a write-ahead log', () => {
  test('is read as native SQLite reads it, whatever was done, byte for byte', () => {
    fc.assert(
      fc.property(pair, (made) => {
        expect(Buffer.compare(rollbackMode(read(made)), recovered(made))).toBe(0)
        const big = { ...made, log: asBigEndian(made.log) }
        expect(Buffer.compare(rollbackMode(read(big)), recovered(big))).toBe(0)
      }),
      { numRuns: 40, seed: 17 },
    )
  })

  test('that is cut off or damaged anywhere is read as native SQLite reads it', () => {
    const damage = fc.oneof(
      fc.record({ cut: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({
        at: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
        bit: fc.nat(7),
      }),
      // The first frames and the header, where a random position rarely falls.
      fc.record({ byte: fc.nat(80), bit: fc.nat(7) }),
    )
    fc.assert(
      fc.property(pair, fc.array(damage, { minLength: 8, maxLength: 8 }), (made, damages) => {
        for (const one of damages) {
          const log = 'cut' in one ? made.log.slice(0, Math.floor(one.cut * made.log.length)) : made.log.slice()
          const places =
            'at' in one ? one.at.map((part) => Math.floor(part * (log.length - 1))) : 'byte' in one ? [one.byte] : []
          for (const at of places) if ('bit' in one && at < log.length) log[at] = (log[at] ?? 0) ^ (1 << one.bit)
          const damaged = { database: made.database, log }
          expect(Buffer.compare(rollbackMode(read(damaged)), recovered(damaged))).toBe(0)
        }
      }),
      { numRuns: 20, seed: 18 },
    )
  })

  test('adds what the database alone does not have, and sql.js opens the result', () => {
    const made = walPair((database) => {
      database.exec(NOTES)
      database.pragma('wal_checkpoint(TRUNCATE)')
      add(database, 50)
    })
    expect(rowsOf(rollbackMode(made.database))).toEqual([])
    const { bytes, leftOut, isReadable } = withWriteAheadLog(made.database, made.log)
    expect([...bytes.subarray(18, 20), leftOut, isReadable]).toEqual([1, 1, 0, true])
    expect(rowsOf(bytes)).toHaveLength(50)
  })

  test('shrinks the database to the size of its last transaction, and lets it grow', () => {
    const made = walPair((database) => {
      database.exec(NOTES)
      add(database, 200, 2000)
      database.pragma('wal_checkpoint(TRUNCATE)')
      database.exec('DELETE FROM notes WHERE id > 3')
      database.exec('VACUUM')
    })
    expect(read(made).length).toBeLessThan(made.database.length / 10)
    expect(rowsOf(read(made))).toHaveLength(3)
    const grown = walPair((database) => {
      database.exec(NOTES)
      database.pragma('wal_checkpoint(TRUNCATE)')
      add(database, 200, 2000)
    })
    expect(read(grown).length).toBeGreaterThan(10 * grown.database.length)
    expect(rowsOf(read(grown))).toHaveLength(200)
  })

  test('with frames from before the last checkpoint is read up to them, and they do not count as left out', () => {
    const made = walPair((database) => {
      database.exec(NOTES)
      add(database, 100, 2000)
      database.pragma('wal_checkpoint(RESTART)')
      add(database, 1)
    })
    expect(made.log.length).toBeGreaterThan(100_000)
    expect(withWriteAheadLog(made.database, made.log).leftOut).toBe(0)
    expect(rowsOf(read(made))).toHaveLength(101)
  })

  test('says how many pages of an unfinished or damaged transaction it leaves out', () => {
    const made = walPair((database) => {
      database.exec(NOTES)
      add(database, 1)
      database.pragma('cache_size = 5')
      database.exec('BEGIN')
      for (let i = 0; i < 50; i++) database.exec('INSERT INTO notes (body) VALUES (randomblob(3000))')
      // Copied in the middle of the transaction, whose pages do not fit into the cache.
    })
    const { bytes, leftOut } = withWriteAheadLog(made.database, made.log)
    expect(leftOut).toBeGreaterThan(10)
    expect(rowsOf(bytes)).toHaveLength(1)
  })

  test.each<[string, (log: Uint8Array) => Uint8Array, boolean]>([
    ['is missing', () => new Uint8Array(), true],
    ['has a part of a header', (log) => log.slice(0, 20), true],
    ['has a header only', (log) => log.slice(0, 32), true],
    ['has half the header of a frame', (log) => log.slice(0, 40), true],
    ['has another magic number', (log) => log.slice().fill(1, 0, 4), false],
    ['consists of zeros', (log) => new Uint8Array(log.length), false],
    ['is something else', (log) => new TextEncoder().encode('a letter '.repeat(log.length)), false],
  ])('that %s leaves the database as it is', (_, change, isReadable) => {
    const made = walPair((database) => database.exec(NOTES))
    const result = withWriteAheadLog(made.database, change(made.log))
    expect(result).toEqual({ bytes: made.database, leftOut: 0, isReadable })
  })

  test('that ends in the middle of a page counts that page as left out', () => {
    const made = walPair((database) => database.exec(NOTES))
    expect(withWriteAheadLog(made.database, made.log.slice(0, 2000))).toMatchObject({
      bytes: made.database,
      leftOut: 1,
    })
  })

  test('of a database with other pages, or of a later version, is refused', () => {
    const made = walPair((database) => database.exec(NOTES), 'PRAGMA page_size = 1024; CREATE TABLE a (b)')
    const other = walPair((database) => add(database, 1), `PRAGMA page_size = 4096; ${NOTES}`)
    expect(() => withWriteAheadLog(made.database, other.log)).toThrow(
      expect.objectContaining({
        code: 'NOT_A_STORE',
        message: expect.stringContaining('pages of 4096 bytes, not 1024'),
      }),
    )
    const later = made.log.slice()
    later[7] = (later[7] ?? 0) + 1
    expect(() => withWriteAheadLog(made.database, asBigEndian(later))).toThrow(
      /of version 3007000, got version 3007001/,
    )
  })

  test('whose commit names an enormous database is refused before memory is taken', () => {
    const made = walPair((database) => database.exec(NOTES))
    new DataView(made.log.buffer).setUint32(32 + 4, 0xffff_ffff)
    new DataView(made.log.buffer).setUint32(32 + 4 + 24 + 4096, 0)
    expect(() => withWriteAheadLog(made.database, asBigEndian(made.log.slice(0, 32 + 24 + 4096)))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
