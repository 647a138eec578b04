import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { report } from './report.ts'
import { importedSqlite, SQLITE, SQLITE_NAME } from './sqlite.ts'
import { runInWorkerd, workerd } from './workerd.ts'

report('workerd', await runInWorkerd('programs/key-value.ts', { compatibilityFlags: [] }))

test('A store in Workers KV is opened and closed in each request, also after the runtime was restarted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'requests-'))
  for (let started = 0; started < 2; started++) {
    const runtime = await workerd('programs/requests.ts', { folder, compatibilityFlags: [] })
    for (let i = 1; i <= 3; i++) {
      const response = await runtime.dispatchFetch(`http://requests/${i}`)
      expect(await response.json()).toHaveLength(started * 3 + i)
    }
    await runtime.dispose()
  }
  await rm(folder, { recursive: true })
})

test('A store in Workers KV stays open between requests, which come one after the other and at once', async () => {
  const sqlite = { plugins: [importedSqlite], wasm: { [SQLITE_NAME]: SQLITE } }
  const folder = await mkdtemp(join(tmpdir(), 'requests-'))
  const counts: number[] = []
  for (let started = 0; started < 2; started++) {
    const runtime = await workerd('programs/held-open.ts', { folder, compatibilityFlags: [], ...sqlite })
    const ask = async (): Promise<void> => {
      const response = await runtime.dispatchFetch('http://requests/')
      const { count, isKept } = (await response.json()) as { count: number; isKept: boolean }
      expect(isKept).toBe(true)
      counts.push(count)
    }
    for (let i = 0; i < 3; i++) await ask()
    await Promise.all(Array.from({ length: 5 }, ask))
    await ask()
    await runtime.dispose()
  }
  expect(Math.max(...counts)).toBe(18)
  await rm(folder, { recursive: true })
})
