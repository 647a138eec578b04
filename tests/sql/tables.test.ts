import { expect, test } from 'vitest'
import { COLLECTIONS } from '../../src/collections.ts'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate } from '../../src/sql/migrations.ts'
import { TABLES } from '../../src/tables/tables.ts'

const connection = new Connection(await nodeEngine())
migrate(connection)
const ofSchema = connection
  .all<[string, string]>("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
  .map(([name, sql]) => ({ name, isVirtual: sql.startsWith('CREATE VIRTUAL') }))
const virtual = ofSchema.filter(({ isVirtual }) => isVirtual)
/** The tables inside a virtual one are SQLite's own. */
const isShadow = (name: string): boolean => virtual.some((outer) => name.startsWith(`${outer.name}_`))
const descriptions = Object.entries(TABLES)

test('every table of the schema is described, and nothing else', () => {
  const tables = ofSchema.map(({ name }) => name).filter((name) => !isShadow(name))
  expect(Object.keys(TABLES).toSorted()).toEqual(tables.toSorted())
})

test('every collection has a table', () => {
  const collections = descriptions.flatMap(([, { collection }]) => collection ?? [])
  expect([...new Set(collections)].toSorted()).toEqual([...COLLECTIONS].toSorted())
})

test.each(descriptions.filter(([, { key }]) => key !== undefined))(
  'the key of %s consists of its columns',
  (table, { key }) => {
    const columns = connection.all<[string]>('SELECT name FROM pragma_table_info(?)', [table]).map(([name]) => name)
    expect(columns).toEqual(expect.arrayContaining([...(key ?? [])]))
  },
)

test.each(descriptions.filter(([, { merge }]) => merge === 'never'))(
  '%s, which is never merged, belongs to no collection',
  (_, { collection }) => {
    expect(collection).toBeUndefined()
  },
)
