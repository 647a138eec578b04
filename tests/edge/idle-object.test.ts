import { expect, test } from 'vitest'
import { importedSqlite, SQLITE, SQLITE_NAME } from './sqlite.ts'
import { workerd } from './workerd.ts'

test('A store in a Durable Object writes a snapshot by itself when no request comes any more', async () => {
  const sqlite = { plugins: [importedSqlite], wasm: { [SQLITE_NAME]: SQLITE } }
  const runtime = await workerd('programs/idle-object.ts', { compatibilityFlags: [], ...sqlite })
  try {
    const ask = async (path: string): Promise<{ readonly logBytes: number; readonly snapshotBytes: number }> =>
      (await runtime.dispatchFetch(`http://object/${path}`)).json() as never
    const { snapshotBytes } = await ask('learn')
    await expect.poll(() => ask('status')).toMatchObject({ state: 'clean', logBytes: 0 })
    expect((await ask('status')).snapshotBytes).toBeGreaterThan(snapshotBytes)
  } finally {
    await runtime.dispose()
  }
})
