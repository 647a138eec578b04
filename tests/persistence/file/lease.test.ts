import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import fsp from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileLease } from '../../../src/persistence/file/lease.ts'
import { livenessOf, self } from '../../../src/persistence/file/lease-holder.ts'

const storeMarker = { storeId: 'store', sequence: 1 }
const { writeFile } = fsp
let directory: string
let child: ChildProcess | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'learning-store-lease-'))
})
afterEach(() => {
  fsp.writeFile = writeFile
  syncBuiltinESMExports()
  child?.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

/** Runs `meanwhile` once, before the next lease file is written: there the system may give its time to others. */
function stallBeforeClaiming(meanwhile: () => Promise<void>): void {
  fsp.writeFile = async (...args) => {
    fsp.writeFile = writeFile
    syncBuiltinESMExports()
    await meanwhile()
    return writeFile(...args)
  }
  syncBuiltinESMExports()
}

test('a slow opener gives way to faster ones, although the epoch it wanted is free again', async () => {
  await (await FileLease.acquire(directory, 0, 0)).release(storeMarker)
  let holder: FileLease | undefined
  stallBeforeClaiming(async () => {
    await (await FileLease.acquire(directory, 0, 0)).release(storeMarker)
    holder = await FileLease.acquire(directory, 0, 0)
  })
  await expect(FileLease.acquire(directory, 0, 0)).rejects.toMatchObject({ code: 'LOCKED' })
  expect(readdirSync(directory)).toEqual(['3.claim'])
  await holder?.check()
  await holder?.release(storeMarker)
})

test('a lease file holds the store marker under the name that earlier versions wrote', async () => {
  await (await FileLease.acquire(directory, 0, 0)).release(storeMarker)
  expect(JSON.parse(readFileSync(join(directory, '1.claim'), 'utf8'))).toMatchObject({ sentinel: storeMarker })
  expect(await FileLease.acquire(directory, 0, 0)).toMatchObject({ inherited: false, storeMarker })
})

test('a lease that was given back is taken by one only', async () => {
  const leases = await Promise.allSettled(Array.from({ length: 8 }, () => FileLease.acquire(directory, 0, 0)))
  const taken = leases.flatMap((lease) => (lease.status === 'fulfilled' ? lease.value : []))
  expect(taken).toHaveLength(1)
  await taken[0]?.release(undefined)
  expect(readdirSync(directory)).toEqual([])
})

test.skipIf(process.platform !== 'linux')(
  'a process that has ended is dead although nobody has reaped it (needs /proc)',
  async () => {
    // The shell becomes a program that never waits for the child it inherits, which ends later.
    child = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const line = await new Promise<string>((resolve) => child?.stdout?.once('data', (data) => resolve(String(data))))
    const pid = Number(line)
    const stat = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    while (stat()[0] !== 'Z') await new Promise((resolve) => setImmediate(resolve))
    const me = await self()
    expect(await livenessOf({ ...me, pid, started: stat()[19] ?? '' })).toBe('dead')
    expect(await livenessOf(me)).toBe('alive')
  },
)
