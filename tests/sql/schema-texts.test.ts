import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { declaredTables } from '../../src/sql/schema-texts.ts'
import { fileOf } from '../transfer/foreign-files.ts'

const columns = Array.from({ length: 200 }, (_, i) => `column_number_${i} TEXT`).join(', ')

describe('the declared tables of a file', () => {
  test.each([
    'PRAGMA page_size = 512',
    'PRAGMA page_size = 65536',
    "PRAGMA encoding = 'UTF-16le'",
    "PRAGMA encoding = 'UTF-16be'",
  ])('are those that SQLite sees, with %s', (pragma) => {
    const many = Array.from({ length: 50 }, (_, i) => `CREATE TABLE t${i} (id INTEGER, "größe" REAL)`)
    const tables = declaredTables(
      fileOf(
        pragma,
        ...many,
        `CREATE TABLE "Wide One" (${columns})`,
        'CREATE VIEW v AS SELECT id FROM t1',
        'CREATE INDEX i ON t1 (id)',
        'CREATE TABLE noted (a, -- b is none\n c /* nor d */)',
      ),
    )
    expect([...(tables?.keys() ?? [])].toSorted()).toEqual(
      [...many.map((_, i) => `t${i}`), 'wide one', 'noted'].toSorted(),
    )
    expect(tables?.get('t7')?.has('größe')).toBe(true)
    expect(tables?.get('wide one')?.has('column_number_199')).toBe(true)
    expect(['a', 'b', 'c', 'd'].map((name) => tables?.get('noted')?.has(name))).toEqual([true, false, true, false])
  })

  test('are none without a table, and unknown for other bytes', () => {
    expect(declaredTables(fileOf('PRAGMA user_version = 1'))?.size).toBe(0)
    expect(declaredTables(new Uint8Array())).toBeUndefined()
    expect(declaredTables(new TextEncoder().encode('SQLite format 3\0'.padEnd(200, 'x')))).toBeUndefined()
  })

  test('are unknown for a damaged schema, whose reading ends', () => {
    const bytes = fileOf('PRAGMA page_size = 512', `CREATE TABLE wide (${columns})`, 'CREATE TABLE t (id)')
    for (let at = 0; at < 4096; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const damaged = bytes.slice()
        damaged[at] = value
        expect([...(declaredTables(damaged)?.keys() ?? [])].every((name) => typeof name === 'string')).toBe(true)
      }
    }
  })

  test('follow a table that was changed', () => {
    const database = new Database(':memory:')
    database.exec('CREATE TABLE t (a); ALTER TABLE t ADD COLUMN later TEXT')
    expect(declaredTables(new Uint8Array(database.serialize()))?.get('t')?.has('later')).toBe(true)
    database.close()
  })
})
