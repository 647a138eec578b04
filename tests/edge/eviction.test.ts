import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { childNamed } from './processes.ts'
import { workerd } from './workerd.ts'

let folder: string
let runtime: Miniflare
const acknowledged = new Set<string>()

/** It tells at length of every object that is aborted. */
const handleRuntimeStdio = (out: NodeJS.ReadableStream, error: NodeJS.ReadableStream): void => {
  out.resume()
  error.resume()
}

const start = async (): Promise<void> => {
  runtime = await workerd('programs/ledger.ts', { folder, compatibilityFlags: [], settings: { handleRuntimeStdio } })
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evicted-'))
  acknowledged.clear()
  await start()
})
afterEach(async () => {
  await runtime.dispose()
  await rm(folder, { recursive: true })
})

const ask = async (path: string): Promise<string[]> => {
  const response = await runtime.dispatchFetch(`http://ledger/${path}`)
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as string[]
}

/** Tells values to the object, many at once and a snapshot now and then, until `end` has come; then no more are answered. */
async function tellUntil(end: () => Promise<unknown>, round: number, operation: string): Promise<void> {
  let ended = false
  const lanes = Array.from({ length: 6 }, async (_, lane) => {
    for (let i = 0; !ended; i++) {
      const value = `${round}-${lane}-${i}`
      const path = i % 5 === 4 && lane === 0 ? 'replace' : `${operation}/${value}`
      const kept = await ask(path).then(
        (items) => path === 'replace' || items.includes(value),
        () => undefined,
      )
      if (kept === undefined) return
      expect(kept).toBe(true)
      if (path !== 'replace') acknowledged.add(value)
    }
  })
  await expect.poll(() => acknowledged.size).toBeGreaterThan(round * 30)
  await end().catch(() => {})
  ended = true
  await Promise.all(lanes)
}

async function expectAllKept(): Promise<void> {
  const items = await ask('items')
  expect([...acknowledged].filter((value) => !items.includes(value))).toEqual([])
  expect(new Set(items).size).toBe(items.length)
}

describe.each(['append', 'append-relaxed'])('Nothing that a Durable Object acknowledged (%s) is lost', (operation) => {
  test('when it is evicted in the middle, again and again', async () => {
    for (let round = 1; round <= 10; round++) {
      await tellUntil(() => ask('abort'), round, operation)
      await expectAllKept()
    }
    expect(acknowledged.size).toBeGreaterThan(300)
  })

  test('when its runtime is stopped and started', async () => {
    for (let round = 1; round <= 3; round++) {
      await tellUntil(() => runtime.dispose(), round, operation)
      await start()
      await expectAllKept()
    }
  })

  test('when its runtime is killed', async () => {
    for (let round = 1; round <= 5; round++) {
      await tellUntil(async () => process.kill(childNamed('workerd'), 'SIGKILL'), round, operation)
      await runtime.dispose().catch(() => {})
      await start()
      await expectAllKept()
    }
  })
})
