import { cpus, loadavg } from 'node:os'
import { describeFiles, syncTimes } from './disk.ts'
import { median } from './median.ts'
import { bareSqlJs, nativeSqlite } from './peers.ts'

/** What the figures of a run depend on. */
export interface Machine {
  readonly node: string
  readonly cpu: string
  readonly sqlJs: string
  readonly betterSqlite3: string
  /** Of the last minute, before the run. */
  readonly load: number
  /** The folder that the files lie in, with its file system. */
  readonly files: string
  /** What writing and syncing 512 bytes takes there, in ms: the floor of a strict commit. */
  readonly syncMs: number
}

export async function describeMachine(): Promise<Machine> {
  const version = 'SELECT sqlite_version()'
  const [bare, native] = [await bareSqlJs(), nativeSqlite()]
  const [sqlJs, betterSqlite3] = [bare, native].map((peer) => `SQLite ${peer.prepare(version).all([])[0]?.[0]}`)
  bare.close()
  native.close()
  return {
    node: process.version,
    cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    load: loadavg()[0] ?? Number.NaN,
    sqlJs: sqlJs ?? '',
    betterSqlite3: betterSqlite3 ?? '',
    files: await describeFiles(),
    syncMs: median(syncTimes()),
  }
}
