import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import fsp from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { fileStorage } from '../../../src/persistence/file/file-storage.ts'
import { FileLease, type LeaseTimes } from '../../../src/persistence/file/lease.ts'
import { type Holder, self } from '../../../src/persistence/file/lease-holder.ts'
import { compiled } from '../compiled.ts'

const storeMarker = { storeId: 'store', sequence: 1 }
/** A holder that never beats, and observers that wait 60 ms. */
const SILENT: LeaseTimes = { beatEveryMs: 2 ** 30, staleAfterMs: 60 }
const { link } = fsp
let directory: string
let held: FileLease | undefined
/** The lease as a program of other processes and threads. */
let lease: Awaited<ReturnType<typeof compiled>>
beforeAll(async () => {
  lease = await compiled('src/persistence/file/lease.ts')
}, 120_000)
afterAll(() => lease.dispose())
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'learning-store-stale-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  fsp.link = link
  syncBuiltinESMExports()
  await held?.release(undefined)
  held = undefined
  rmSync(directory, { recursive: true, force: true })
})

function leaseFile(): string {
  const [name] = readdirSync(directory).filter((one) => one.endsWith('.claim'))
  return join(directory, name ?? '')
}

/** Takes the lease and records another holder in place of this one. */
async function heldBy(holder: object, times = SILENT): Promise<void> {
  held = await FileLease.acquire(directory, 0, 0, times)
  const { beats, ...own } = JSON.parse(readFileSync(leaseFile(), 'utf8')) as Holder & { beats: string }
  writeFileSync(leaseFile(), JSON.stringify({ ...own, ...holder, beats }))
}

/** What versions before the counter wrote. */
async function heldByEarlier(holder: Partial<Holder>): Promise<void> {
  const { pid, thread, started, boot } = await self()
  const file = { pid, thread, started, boot, host: 'here', held: true, ...holder }
  writeFileSync(join(directory, '1.claim'), JSON.stringify(file))
}

const acquire = (lockTimeoutMs: number, times = SILENT): Promise<FileLease> =>
  FileLease.acquire(directory, 0, lockTimeoutMs, times)

const ENDED = spawnSync(process.execPath, ['--version']).pid

describe.skipIf(process.platform !== 'linux')('the lease (Linux: /proc)', () => {
  test.each([
    ['in another PID namespace of the same host name', { namespace: 'pid:[1]', pid: ENDED }],
    ['of another boot of the same host name', { boot: 'another', pid: ENDED }],
    ['on a system that does not say its namespace', { namespace: '', pid: ENDED }],
  ])('of a live holder %s is kept, and one that stands still is taken over', async (_where, holder) => {
    await heldBy(holder)
    const file = leaseFile()
    let beats = 0
    const beating = setInterval(() => {
      const content = JSON.parse(readFileSync(file, 'utf8')) as object
      writeFileSync(`${file}.new`, JSON.stringify({ ...content, beats: String(++beats) }))
      fsp.rename(`${file}.new`, file).catch(() => {})
    }, 1)
    const refused = FileLease.acquire(directory, 0, 300, { ...SILENT, staleAfterMs: 250 })
    await expect(refused).rejects.toMatchObject({ code: 'LOCKED' })
    clearInterval(beating)
    expect(await acquire(60_000)).toMatchObject({ epoch: 2, inherited: true })
  })

  test('of a holder whose clock is hours behind or ahead is judged by its counter only', async () => {
    for (const hours of [-5, 5]) {
      await heldBy({ boot: 'another' })
      const seconds = Date.now() / 1000 + hours * 3600
      utimesSync(leaseFile(), seconds, seconds)
      await expect(acquire(0)).rejects.toMatchObject({ code: 'LOCKED' })
      await (await acquire(60_000)).release(undefined)
    }
  })

  test('of a live process of this namespace is kept, however long it is silent', async () => {
    held = await acquire(0)
    utimesSync(leaseFile(), 0, 0)
    await expect(acquire(200)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining('already open'),
    })
  })

  test('of a process of this namespace that has ended, or whose number another got, is free at once', async () => {
    await heldBy({ pid: ENDED })
    await (await acquire(0)).release(undefined)
    await heldBy({ pid: process.ppid, started: '1' })
    await (await acquire(0)).release(undefined)
  })

  test('of a thread that has ended in a process that goes on is free at once', async () => {
    const task = { id: '1', started: '1' }
    await heldBy({ pid: process.ppid, thread: 3, task, started: startOf(process.ppid) })
    await (await acquire(0)).release(undefined)
  })

  test('of a live thread of another process is kept', async () => {
    const started = startOf(process.ppid)
    await heldBy({ pid: process.ppid, thread: 3, task: { id: String(process.ppid), started }, started })
    await expect(acquire(200)).rejects.toMatchObject({ code: 'LOCKED' })
  })

  test('of an earlier version is kept while its process lives, and taken over when its file stands still', async () => {
    await heldByEarlier({})
    await expect(acquire(200)).rejects.toMatchObject({ code: 'LOCKED' })
    for (const holder of [{ pid: ENDED }, { boot: 'another' }]) {
      await heldByEarlier(holder)
      await expect(acquire(0)).rejects.toMatchObject({ code: 'LOCKED' })
      await (await acquire(60_000)).release(undefined)
    }
  })

  test('is taken over by openers whose short waits add up', async () => {
    await heldBy({ boot: 'another' })
    const refused = async (): Promise<boolean> => {
      try {
        held = await acquire(0)
        return false
      } catch (error) {
        expect(error).toMatchObject({ code: 'LOCKED' })
        return true
      }
    }
    let attempts = 0
    while (await refused()) {
      attempts++
      await turn()
    }
    expect(attempts).toBeGreaterThan(1)
  })

  test('names its holder, and how long to wait for it', async () => {
    await heldBy({
      boot: 'another',
      machine: 'pod-7',
      pid: 41,
      namespace: 'pid:[77]',
      since: '2026-01-31T12:00:00.000Z',
    })
    const times = { ...SILENT, staleAfterMs: 30_000 }
    await expect(acquire(0, times)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(
        /process 41 on pod-7 \(pid:\[77\], since 2026-01-31T12:00:00\.000Z\).*`lockTimeoutMs: 35000` takes over/,
      ),
    })
  })

  test('of a busy worker thread is kept alive by another thread', async () => {
    const module = pathToFileURL(lease.program).href
    const source = `
      import(${JSON.stringify(module)}).then(async ({ FileLease }) => {
        await FileLease.acquire(${JSON.stringify(directory)}, 0, 0, { beatEveryMs: 5, staleAfterMs: 1000 })
        require('node:worker_threads').parentPort.postMessage('held')
        for (;;);
      })`
    const worker = new Worker(source, { eval: true, execArgv: [] })
    await once(worker, 'message')
    const beats = (): number => Number((JSON.parse(readFileSync(leaseFile(), 'utf8')) as { beats: string }).beats)
    while (beats() < 5) await turn()
    await worker.terminate()
  })

  test('is not granted below /proc, with a typed error instead of endless attempts', async () => {
    const storage = fileStorage('/proc/x.db')
    const opening = storage.open({ lockTimeoutMs: 50, classify: () => 'damaged' })
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_ERROR' })
  })
})

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])(
  'without hard links (%s) one of many gets the lease',
  async (code) => {
    fsp.link = () => Promise.reject(Object.assign(new Error(code), { code }))
    syncBuiltinESMExports()
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled(Array.from({ length: 6 }, () => acquire(0)))
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      const alive = await Promise.allSettled(won.map((one) => one.check()))
      expect(alive.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const one of won) await one.release(storeMarker)
    }
  },
)

function startOf(pid: number): string {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

/** Whether this user may make namespaces, as containers do. */
const UNSHARED = ['--fork', '--pid', '--uts', '--mount', '--mount-proc']
const mayUnshare = process.platform === 'linux' && spawnSync('unshare', [...UNSHARED, 'true']).status === 0

test.skipIf(!mayUnshare)(
  'two containers with one host name do not rob each other, and the end of one frees its lease (needs unshare)',
  async () => {
    const module = pathToFileURL(lease.program).href
    const source = `
      const { FileLease } = await import(${JSON.stringify(module)})
      await FileLease.acquire(${JSON.stringify(directory)}, 0, 0, { beatEveryMs: 5, staleAfterMs: 1000 })
      console.log('held')
      setInterval(() => {}, 1000)`
    const flags = ['--input-type=module', '--eval', source]
    const container = spawn('unshare', [...UNSHARED, '--kill-child', process.execPath, ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(container.stdout, 'data')
      await expect(acquire(1_000, { ...SILENT, staleAfterMs: 900 })).rejects.toMatchObject({ code: 'LOCKED' })
      expect((JSON.parse(readFileSync(leaseFile(), 'utf8')) as Holder).host).toBe('')
    } finally {
      container.kill('SIGKILL')
      await once(container, 'exit')
    }
    held = await acquire(60_000)
    expect(held.inherited).toBe(true)
  },
)
