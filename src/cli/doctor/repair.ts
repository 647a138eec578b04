import { mkdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { coded, ifExists, resolveLink, syncDirectory, writeSynced } from '../../persistence/file/durable-files.ts'
import { remainsOf } from '../../persistence/file/remains.ts'
import { nodeEngine } from '../../runtime/node/engine.ts'
import { openLearningStore } from '../../runtime/node/open.ts'
import { CHANGED_SCHEMA } from '../../sql/schema-check.ts'
import type { Examination, OpenStore } from './examination.ts'
import { salvage } from './salvage.ts'

/** How a store can be repaired. */
export type Remedy =
  /** There is nothing to repair, or nothing that can be repaired. */
  | 'none'
  /** Opening the store repairs it. */
  | 'open'
  /** The text index is rebuilt. */
  | 'text index'
  /** A new store is made from the newest snapshot that can be read and its log. */
  | 'salvage'
  /** A new store is made row by row: the database opens, but is damaged. */
  | 'copy-rows'

export interface Repaired {
  readonly source: string | undefined
  readonly lost: readonly string[]
  /** The folder with the files as they were before. */
  readonly backup: string | undefined
}

export function remedyFor({ refusal, notes, findings }: Examination): Remedy {
  if (refusal) {
    // What was edited since stays: nothing but the schema is wrong.
    if (refusal.message.startsWith(CHANGED_SCHEMA)) return 'copy-rows'
    return ['CORRUPT_LOG', 'CORRUPT_SNAPSHOT', 'MODIFIED_EXTERNALLY', 'SQL_ERROR', 'STORE_MISSING'].includes(
      refusal.code,
    )
      ? 'salvage'
      : 'none'
  }
  if (findings.some(({ what }) => what === 'pages' || what === 'schema')) return 'copy-rows'
  if (findings.some(({ what }) => what === 'text index')) return 'text index'
  return notes.length > 0 ? 'open' : 'none'
}

/** Repairs a store. Files that are replaced are moved to a folder beside it. Undefined if nothing can be read. */
export async function repair(
  path: string,
  remedy: Remedy,
  timestamp: string,
  open: OpenStore,
): Promise<Repaired | undefined> {
  if (remedy === 'salvage' || remedy === 'copy-rows')
    return replace(await resolveLink(path), remedy === 'copy-rows', timestamp)
  await using store = await open({ storage: `file:${path}` })
  if (remedy === 'text index') await store.testPatterns.rebuildTextIndex()
  return { source: undefined, lost: [], backup: undefined }
}

async function replace(path: string, copyRows: boolean, timestamp: string): Promise<Repaired | undefined> {
  const salvaged = salvage(await nodeEngine(), await remainsOf(path), copyRows)
  if (!salvaged) return undefined
  const backup = `${path}.${timestamp}.damaged`
  await coded(`replace ${path}`, async () => {
    await mkdir(backup)
    for (const end of ['', '.log']) await ifExists(rename(`${path}${end}`, join(backup, `${basename(path)}${end}`)))
    await writeSynced(path, salvaged.bytes)
    await syncDirectory(join(path, '..'))
  })
  // Opens as a store without a log.
  await using store = await openLearningStore({ storage: `file:${path}` })
  await store.flush()
  return { source: salvaged.source.replace(path, join(backup, basename(path))), lost: salvaged.lost, backup }
}
