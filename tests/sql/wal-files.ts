import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** A database and its write-ahead log, as they lie on the disk. */
export interface WalPair {
  readonly database: Uint8Array
  readonly log: Uint8Array
}

/** Runs `work` with a path in a folder that is removed afterwards. */
export function inFolder<T>(work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'learning-store-wal-'))
  try {
    return work(join(folder, 'memory.db'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Both files as native SQLite leaves them while a connection is open. @param before runs before the switch to WAL mode */
export function walPair(work: (database: Database.Database) => void, before: string = ''): WalPair {
  return inFolder((path) => {
    const database = new Database(path)
    try {
      database.exec(before)
      database.exec('PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = off')
      work(database)
      return { database: new Uint8Array(readFileSync(path)), log: new Uint8Array(readFileSync(`${path}-wal`)) }
    } finally {
      database.close()
    }
  })
}

/** What native SQLite reads from the pair: its pages, with the header of a rollback-journal database. */
export function recovered({ database, log }: WalPair): Uint8Array {
  return inFolder((path) => {
    writeFileSync(path, database)
    writeFileSync(`${path}-wal`, log)
    const opened = new Database(path)
    try {
      return rollbackMode(new Uint8Array(opened.serialize()))
    } finally {
      opened.close()
    }
  })
}

/** The same bytes with the header of a rollback-journal database. */
export function rollbackMode(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy[18] = 1
  copy[19] = 1
  return copy
}

/** The same log as a big-endian machine writes it. */
export function asBigEndian(log: Uint8Array): Uint8Array {
  if (log.length < 32) return log
  const copy = log.slice()
  const view = new DataView(copy.buffer)
  const frame = 24 + view.getUint32(8)
  let [a, b] = [0n, 0n]
  const add = (start: number, end: number): void => {
    for (let at = start; at < end; at += 8) {
      a = BigInt.asUintN(32, a + BigInt(view.getUint32(at)) + b)
      b = BigInt.asUintN(32, b + BigInt(view.getUint32(at + 4)) + a)
    }
  }
  const store = (at: number): void => {
    view.setUint32(at, Number(a))
    view.setUint32(at + 4, Number(b))
  }
  view.setUint32(0, 0x377f0683)
  add(0, 24)
  store(24)
  for (let start = 32; start + frame <= copy.length; start += frame) {
    add(start, start + 8)
    add(start + 24, start + frame)
    store(start + 16)
  }
  return copy
}
