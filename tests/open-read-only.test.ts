import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLearningStore } from '../src/entry/node.ts'
import { fileStorage } from '../src/persistence/file/file-storage.ts'
import { RecordWriter } from '../src/persistence/log/record.ts'
import { migrations } from '../src/sql/migrations.ts'

/** Where SQLite's header has the version of the schema. https://www.sqlite.org/fileformat.html */
const USER_VERSION_OFFSET = 60

test('an older schema is upgraded in memory only, and its writer is followed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reader-'))
  const path = join(folder, 'old.db')
  await copyFile(join(import.meta.dirname, 'fixtures', 'schema-5.db'), path)
  const bytes = new Uint8Array(await readFile(path))
  // A writer of that version: it does not upgrade.
  const writer = fileStorage(path)
  await writer.open({ lockTimeoutMs: 0, classify: () => 'edited' })
  const records = new RecordWriter()
  await writer.replace({ bytes, sequence: 100, storeId: 'old' })
  const note = async (sequence: number): Promise<void> => {
    const sql = 'INSERT INTO store_meta (key, value) VALUES (?, ?)'
    const statements = [{ sql, values: [`note ${sequence}`, 'noted'] }]
    await writer.append([records.encode({ sequence, statements }, sequence)], 'strict')
  }
  await note(101)

  const reader = await openLearningStore({ storage: `file:${path}`, readOnly: true })
  const notes = async (): Promise<unknown> =>
    (await reader.query("SELECT count(*) FROM store_meta WHERE key LIKE 'note %'")).rows[0]?.[0]
  expect(await reader.status()).toMatchObject({ sequence: 101, schemaVersion: migrations.length })
  expect(await notes()).toBe(1)
  await note(102)
  await note(103)
  expect(await reader.refresh()).toBe(103)
  expect(await notes()).toBe(3)
  expect((await reader.verify()).ok).toBe(true)
  expect(new DataView((await readFile(path)).buffer).getUint32(USER_VERSION_OFFSET)).toBe(5)
  const { writtenAt } = await reader.status()
  expect(writtenAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  await reader.close()
  await writer.close()
  await rm(folder, { recursive: true })
})
