import initSqlJs from 'sql.js'
import { type Engine, loadEngine } from '../../sql/engine.ts'

/** SQLite, loaded once per thread. */
export function nodeEngine(): Promise<Engine> {
  return loadEngine(initSqlJs)
}
