import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compiled } from '../compiled.ts'
import { Model, Session } from '../session.ts'
import { type FileHarness, fileHarness } from './file-under-test.ts'

let writer: Awaited<ReturnType<typeof compiled>> | undefined
beforeAll(async () => {
  writer = await compiled('tests/persistence/child-writer.ts')
})
afterAll(async () => {
  await writer?.dispose()
})

let harness: FileHarness
beforeEach(async () => {
  harness = await fileHarness()
})
afterEach(async () => {
  await harness.dispose()
})

/** Starts the program, calls `heard` with each sequence that it says it has acknowledged, and answers the last one when it has ended. */
async function run(change: number, heard: (sequence: number, child: ChildProcess) => void): Promise<number> {
  const child = spawn(process.execPath, [writer?.program ?? '', harness.path, String(change)])
  let acknowledged = 0
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line.replace('kept ', ''))
    heard(acknowledged, child)
  }
  const [, signal] = await closed
  expect(signal).toBe('SIGKILL')
  return acknowledged
}

/** What the list is once the program has acknowledged so many commits, two to a write. */
function expectWhole(session: Session, least: number): void {
  const expected = new Model()
  for (let sequence = 1; sequence <= session.model.sequence; sequence++) {
    const value = sequence % 2 === 1 ? `value ${(sequence + 1) / 2}` : sequence / 2
    const note = { sql: `NOTE ${sequence % 3}`, values: [value, sequence] }
    const add = { sql: 'ADD', values: [value] }
    expected.apply({ sequence, statements: sequence % 2 === 0 ? [add, note] : [add] })
  }
  expect(session.items).toEqual(expected.items)
  expect(session.model.sequence).toBeGreaterThanOrEqual(least)
}

describe('A process that is killed', () => {
  test.each([1, 9, 30])('after %d acknowledged writes loses none of them, and releases the storage', async (writes) => {
    const acknowledged = await run(0, (sequence, child) => {
      if (sequence === writes * 2) child.kill('SIGKILL')
    })
    const session = await Session.open(harness.storage())
    expectWhole(session, acknowledged)
    await session.append(['further'])
    await session.replace()
    await session.close()
    expect((await Session.open(harness.storage())).items).toEqual(session.items)
  })

  test('excludes others while it lives', async () => {
    const refusals: unknown[] = []
    const attempts: Promise<unknown>[] = []
    await run(0, (sequence, child) => {
      if (sequence !== 2) return
      const attempt = Session.open(harness.storage()).catch((error: unknown) => refusals.push(error))
      attempts.push(attempt.then(() => child.kill('SIGKILL')))
    })
    await Promise.all(attempts)
    expect(refusals).toEqual([
      expect.objectContaining({ code: 'LOCKED', message: expect.stringMatching(/process \d+ on /) }),
    ])
  })

  test('before any change on the disk loses no acknowledged write', async () => {
    // Two rounds of four appends and a snapshot, and the first snapshot: each change of them once.
    for (let change = 1; change <= 26; change++) {
      const acknowledged = await run(change, () => {})
      const session = await Session.open(harness.storage())
      expectWhole(session, acknowledged)
      expect(session.stored.notes).toEqual([])
      await session.append(['further'], 'strict')
      await session.replace()
      await session.close()
      expect((await Session.open(harness.storage())).items).toEqual(session.items)
      await harness.dispose()
      harness = await fileHarness()
    }
  })
})
