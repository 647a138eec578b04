import { StoreError } from '../../errors.ts'
import { Timer } from '../timer.ts'
import { isNamed } from './errors.ts'

/** A Web Lock that is held until it is given back, or its page or worker is gone. */
export interface HeldLock {
  /** Resolves when the lock is free again. */
  release(): Promise<void>
}

/**
 * Holds the exclusive lock of this name afterwards.
 * @param lockTimeoutMs how long to wait for it. @param onBlocked called once, as soon as another is seen to hold it.
 * @throws LOCKED
 */
export async function acquireLock(name: string, lockTimeoutMs: number, onBlocked?: () => void): Promise<HeldLock> {
  const free = await request(name, { ifAvailable: true })
  if (free) return free
  onBlocked?.()
  const late = new AbortController()
  const timer = new Timer()
  try {
    const waited = timer.pause(lockTimeoutMs).then(() => late.abort())
    const lock = await request(name, { signal: late.signal }).catch((error: unknown) => {
      if (!isNamed(error, 'AbortError')) throw error
    })
    if (lock) return lock
    await waited
  } finally {
    timer.clear()
  }
  const holder = await holderOf(name)
  const who = holder ? `another page or worker (client ${holder})` : 'another page or worker'
  throw new StoreError(
    'LOCKED',
    `Expected a free storage, but ${who} has held lock ${name} for more than ${lockTimeoutMs} ms`,
  )
}

/** The browser's id of the page or worker that holds a lock. */
export async function holderOf(name: string): Promise<string | undefined> {
  const { held } = await navigator.locks.query()
  return held?.find((lock) => lock.name === name)?.clientId
}

/** Undefined when `ifAvailable` was asked for and it is not. */
function request(name: string, options: LockOptions): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    const ended: Promise<void> = navigator.locks.request(name, options, (lock) => {
      if (!lock) return resolve(undefined)
      return new Promise<void>((giveBack) => {
        resolve({
          release: async () => {
            giveBack()
            await ended.catch(() => {})
          },
        })
      })
    })
    // Once it is held, this says that it was stolen: then the next write meets another epoch.
    ended.catch(reject)
  })
}
