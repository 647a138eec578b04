import { expect, test } from 'vitest'
import { nodeEngine } from '../../src/runtime/node/engine.ts'
import { Connection } from '../../src/sql/connection.ts'
import { migrate, migrations } from '../../src/sql/migrations.ts'
import { checkSchema } from '../../src/sql/schema-check.ts'

const engine = await nodeEngine()
const OWN = `SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
  AND name NOT LIKE 'pattern_fts_%'`

function created(version = migrations.length): Connection {
  const connection = new Connection(engine)
  migrate(connection, migrations.slice(0, version))
  connection.execute('PRAGMA writable_schema=on')
  return connection
}

test.each(migrations.map((_, i) => i + 1))(
  'schema %i is allowed, and a change of any of its objects refused',
  (version) => {
    const connection = created(version)
    expect(() => checkSchema(connection)).not.toThrow()
    for (const [name, sql] of connection.all<[string, string]>(OWN)) {
      connection.run("UPDATE sqlite_master SET sql = replace(sql, 'CREATE', 'CREATE ') WHERE name = ?", [name])
      expect(() => checkSchema(connection), name).toThrow(expect.objectContaining({ code: 'MODIFIED_EXTERNALLY' }))
      connection.run('UPDATE sqlite_master SET sql = ? WHERE name = ?', [sql, name])
    }
    expect(() => checkSchema(connection)).not.toThrow()
    connection.close()
  },
)

test.each([
  'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL DEFAULT \'as check (\', "check" REAL UNIQUE)',
  'CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT',
  'CREATE TABLE "my notes" (id TEXT PRIMARY KEY, b TEXT COLLATE NOCASE /* as */) WITHOUT ROWID',
  'CREATE INDEX mine ON q_values (visits DESC, "state_key" COLLATE NOCASE)',
  'CREATE INDEX "mine, too" ON q_values(visits)',
  'CREATE TABLE notes (a); CREATE UNIQUE INDEX mine ON notes (a)',
  'ANALYZE',
])('what a user added is allowed: %s', (sql) => {
  const connection = created()
  connection.execute(sql)
  expect(() => checkSchema(connection)).not.toThrow()
  connection.close()
})

const AS_VIEW = (name: string): string => `DROP TABLE ${name}; CREATE VIEW ${name} AS SELECT 1 AS agent_id`
const FORGED = 'INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES'
test.each([
  ['a trigger', 'CREATE TRIGGER spy AFTER INSERT ON q_values BEGIN DELETE FROM learning_agents; END'],
  ['a trigger of a view', 'CREATE TRIGGER t INSTEAD OF INSERT ON framework_stats BEGIN DELETE FROM q_values; END'],
  ['a view', 'CREATE VIEW other AS SELECT 1'],
  ['a view in place of a table', AS_VIEW('q_values')],
  ["a view in place of an index's table", AS_VIEW('learning_decisions')],
  ['a generated column', 'CREATE TABLE extra (a, b GENERATED ALWAYS AS (hex(a)))'],
  ['a short generated column', 'CREATE TABLE extra (a, b AS (hex(a)) STORED)'],
  ['a generated column of a table of ours', 'ALTER TABLE q_values ADD COLUMN extra AS (hex(visits))'],
  ['another column of a table of ours', 'ALTER TABLE q_values ADD COLUMN extra'],
  ['a check', 'CREATE TABLE extra (a CHECK (length(randomblob(a))))'],
  ['a check after odd quotes', "CREATE TABLE extra (a DEFAULT '--', \"'\" TEXT, /* ' */ b CHECK (b) )"],
  ['a check after a comment', "CREATE TABLE extra (a, -- \r ' \n b CHECK (hex(b)) -- '\n)"],
  ['an index of an expression', 'CREATE INDEX mine ON q_values (hex(state_key))'],
  ['a partial index', 'CREATE INDEX mine ON q_values (visits) WHERE q_value > 1'],
  ['a unique index of a table of ours', 'CREATE UNIQUE INDEX mine ON q_values (visits)'],
  ['a virtual table', 'CREATE VIRTUAL TABLE extra USING fts4 (a)'],
  [
    'a default that differs',
    "UPDATE sqlite_master SET sql = replace(sql, '''auto''', '''none''') WHERE name = 'learning_agents'",
  ],
  [
    'a collation that differs',
    "UPDATE sqlite_master SET sql = replace(sql, 'agent_id TEXT', 'agent_id TEXT COLLATE NOCASE') WHERE name = 'q_values'",
  ],
  [
    'a constraint that differs',
    "UPDATE sqlite_master SET sql = replace(sql, 'json_valid', 'length') WHERE name = 'test_patterns'",
  ],
  [
    'a table of ours under its schema',
    `DROP TABLE hints; ${FORGED} ('table', 'hints', 'hints', 0, 'CREATE TABLE main.hints (key)')`,
  ],
  ['a view that is called a table', `${FORGED} ('table', 'x', 'x', 0, 'CREATE VIEW x AS SELECT 1')`],
  [
    'a declaration in bytes',
    `${FORGED} ('trigger', 'x', 'q_values', 0, CAST('CREATE TRIGGER x AFTER INSERT ON q_values BEGIN SELECT 1; END' AS BLOB))`,
  ],
  [
    'a temporary trigger',
    `${FORGED} ('trigger', 'x', 'q_values', 0, 'CREATE TEMP TRIGGER x AFTER INSERT ON q_values BEGIN SELECT 1; END')`,
  ],
  ['a table called like a function', 'CREATE TABLE json_each (value)'],
  [
    'the pages of another table',
    "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'hints') WHERE name = 'store_meta'",
  ],
  ['the pages of the schema', "UPDATE sqlite_master SET rootpage = 1 WHERE name = 'hints'"],
  ['pages with a text for a number', "UPDATE sqlite_master SET rootpage = 'x' WHERE name = 'hints'"],
  ['the version 0', 'PRAGMA user_version=0'],
  ['a version below 0', 'PRAGMA user_version=-7'],
  ['the version before', `PRAGMA user_version=${migrations.length - 1}`],
])('%s is refused', (_, sql) => {
  const connection = created()
  connection.execute(sql)
  const refused = { code: 'MODIFIED_EXTERNALLY', message: expect.stringContaining('learning-store doctor --repair') }
  expect(() => checkSchema(connection)).toThrow(expect.objectContaining(refused))
  connection.close()
})
