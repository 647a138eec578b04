import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { report } from './report.ts'
import { runInWorkerd, workerd } from './workerd.ts'

report('workerd', await runInWorkerd('programs/key-value.ts', { compatibilityFlags: [] }))

test('A store in Workers KV is opened and closed in each request, also after the runtime was started anew', async () => {
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
