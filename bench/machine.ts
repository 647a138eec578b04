import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from './measure.ts'
import { bareSqlJs, nativeSqlite } from './peers.ts'
import { list } from './samples.ts'

/** `f_type` of statfs(2). */
const FILE_SYSTEMS: { readonly [type: number]: string } = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlay',
  16914836: 'tmpfs, which is memory: strict figures mean nothing here',
}

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
  const { type } = await statfs(tmpdir())
  return {
    node: process.version,
    cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    load: loadavg()[0] ?? Number.NaN,
    sqlJs: sqlJs ?? '',
    betterSqlite3: betterSqlite3 ?? '',
    files: `${tmpdir()} (${FILE_SYSTEMS[type] ?? `file system 0x${type.toString(16)}`})`,
    syncMs: syncMs(),
  }
}

function syncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-bench-'))
  const file = openSync(join(folder, 'file'), 'w')
  const bytes = new Uint8Array(512)
  const times = list(100, () => {
    const start = performance.now()
    writeSync(file, bytes)
    fdatasyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  return median(times)
}
