import { report } from './report.ts'
import { runInWorkerd } from './workerd.ts'

const withoutSqlite = { durableObjects: { TESTS: { className: 'Tests', useSQLite: false } } }

report('workerd', await runInWorkerd('programs/durable-object.ts'))
report('workerd without nodejs_compat', await runInWorkerd('programs/durable-object.ts', { compatibilityFlags: [] }))
report('workerd without SQLite', await runInWorkerd('programs/without-sqlite.ts', { settings: withoutSqlite }))
