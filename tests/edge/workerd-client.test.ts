import { report } from './report.ts'
import { importedSqlite, SQLITE, SQLITE_NAME } from './sqlite.ts'
import { runInWorkerd } from './workerd.ts'

const sqlite = { plugins: [importedSqlite], wasm: { [SQLITE_NAME]: SQLITE } }
report('workerd', await runInWorkerd('programs/workerd-client.ts', sqlite))
