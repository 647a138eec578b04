import { describe, expect, test } from 'vitest'
import { LogPersister } from '../../src/persistence/log/log-persister.ts'
import { faultyStorage } from '../../src/persistence/testing/faulty-storage.ts'
import { classify, Model, Session } from './session.ts'
import type { MakeHarness } from './storage-under-test.ts'

const COMMITS = 24
/** How many schedules run side by side: most of their time is a pause. */
const AT_A_TIME = 10

/** Seeded schedules of faults between a persister and a storage. @param count how many */
export function faultSchedules(name: string, makeHarness: MakeHarness, count: number): void {
  describe(`${name} behind faults`, () => {
    test(`loses no acknowledged strict write in ${count} schedules`, async () => {
      for (let seed = 1; seed <= count; seed += AT_A_TIME) {
        const seeds = Array.from({ length: Math.min(AT_A_TIME, count - seed + 1) }, (_, i) => seed + i)
        await Promise.all(seeds.map((one) => run(makeHarness, one)))
      }
    })
  })
}

async function run(makeHarness: MakeHarness, seed: number): Promise<void> {
  const harness = await makeHarness()
  const inner = harness.storage()
  const log: string[] = [`seed ${seed}`]
  const storage = faultyStorage(inner, seed, {
    rate: 0.3,
    ...(seed % 7 === 0 && { hangsAfter: 12 }),
    ...(seed % 7 === 1 && { failsAfter: 12 }),
    onFault: (call, fault) => log.push(`${call} ${fault}`),
  })
  await storage.open({ lockTimeoutMs: 0, classify })
  const model = new Model()
  await inner.replace(model.toSnapshot())
  const persister = new LogPersister(
    storage,
    { sequence: 0, logBytes: 0, snapshotBytes: 0 },
    {
      durability: 'strict',
      snapshotAfterLogBytes: 200,
      snapshotAfterIdleMs: 5,
      maxPendingBytes: 1e6,
      closeTimeoutMs: 400,
      snapshot: () => model.toSnapshot(),
    },
  )
  let acknowledged = 0
  const promised: number[] = []
  const waiting: Promise<unknown>[] = []
  for (let i = 0; i < COMMITS; i++) {
    const sequence = model.sequence + 1
    const commit = { sequence, statements: [{ sql: `ADD ${i % 5}`, values: [i] }] }
    model.apply(commit)
    persister.commit(commit)
    const durable = persister.whenDurable().then(
      () => {
        acknowledged = Math.max(acknowledged, sequence)
      },
      (error: unknown) => expect(error, log.join('\n')).toHaveProperty('code'),
    )
    waiting.push(durable)
    // Some commits share an append, others follow one another.
    if ((seed + i) % 3 === 0 && seed % 7 > 1) await durable
    promised.push(persister.status.durableSequence)
  }
  if (seed % 2 === 0) await persister.close().catch((error: unknown) => expect(error).toHaveProperty('code'))
  else if (seed % 7 > 1) await Promise.all(waiting)
  const least = Math.max(acknowledged, ...promised, persister.status.durableSequence)
  await harness.die(inner)
  // What a dead writer was still waiting for is settled by its end.
  if (seed % 2 === 1) await persister.close().catch(() => {})
  await Promise.all(waiting)
  const { items, storage: next } = await Session.open(harness.storage()).catch((error: unknown) => {
    throw new Error(log.join('\n'), { cause: error })
  })
  expect(items.length, log.join('\n')).toBeGreaterThanOrEqual(least)
  expect(items, log.join('\n')).toEqual(model.items.slice(0, items.length))
  await next.close()
  await harness.dispose()
}
