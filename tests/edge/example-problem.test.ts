import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test, vi } from 'vitest'

const installed = inject('withPackage')
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'edge-function')
const SECRET = '/srv/stores/a.db is held by process 4711'

test.each([
  ['INVALID_ARGUMENT', 400, false] as const,
  ['STORAGE_FULL', 507, false] as const,
  ...(['LOCKED', 'LEASE_LOST', 'CLOSED', 'STORAGE_ERROR', 'WORKER_LOST', 'MODULE_LOAD_FAILED'] as const).map(
    (code) => [code, 503, true] as const,
  ),
  ...(['NOT_A_STORE', 'CORRUPT_SNAPSHOT', 'STORE_MISSING', 'SQL_ERROR'] as const).map(
    (code) => [code, 500, false] as const,
  ),
])('%s of the store is answered %i, and only a fault of the request says more', async (code, status, again) => {
  const folder = mkdtempSync(join(installed, 'problem-'))
  cpSync(join(EXAMPLE, 'problem.ts'), join(folder, 'problem.ts'))
  writeFileSync(join(folder, 'edge.ts'), "export * from 'learning-store/edge'")
  const { errorResponse }: typeof import('../../examples/edge-function/problem.ts') = await import(
    join(folder, 'problem.ts')
  )
  const { StoreError }: typeof import('../../src/entry/edge.ts') = await import(join(folder, 'edge.ts'))

  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const error = new StoreError(code, SECRET)
  const answer = errorResponse(error)
  const log = logged.mock.calls
  logged.mockRestore()
  const told = ((await answer.json()) as { error: { code: string; message: string } }).error
  expect([answer.status, told.code, answer.headers.has('retry-after')]).toEqual([status, code, again])
  const isOfRequest = code === 'INVALID_ARGUMENT'
  expect(told.message.includes(SECRET)).toBe(isOfRequest)
  expect(log).toEqual(isOfRequest ? [] : [[error]])
})
