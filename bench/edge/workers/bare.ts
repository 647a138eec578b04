import snapshot from 'snapshot.db'
import wasm from 'sql-wasm.wasm'
import initSqlJs from '../../../src/sql/sql-js-module.js'
import { QUESTION } from './learned.ts'

/** The same SQLite without a store: opens the same bytes and asks one SELECT for the values of a state. */
export default {
  async fetch(): Promise<Response> {
    const sql = await initSqlJs({
      instantiateWasm(imports: WebAssembly.Imports, ready: (instance: WebAssembly.Instance) => void) {
        void WebAssembly.instantiate(wasm, imports).then(ready)
        return {}
      },
    })
    const database = new sql.Database(new Uint8Array(snapshot))
    const statement = database.prepare('SELECT action_key, q_value FROM q_values WHERE agent_id = ? AND state_key = ?')
    statement.bind([QUESTION.agentId, QUESTION.state])
    const rows: unknown[] = []
    while (statement.step()) rows.push(statement.get())
    return Response.json(rows)
  },
}
