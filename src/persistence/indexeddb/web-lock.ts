import { StoreError } from '../../errors.ts'
import { Timer } from '../timer.ts'
import { isNamed } from './errors.ts'

/** A Web Lock that is held until it is released, or its page or worker is gone. */
export interface HeldLock {
  /** Releases the lock, and resolves when it is free. */
  release(): Promise<void>
}

/**
 * Acquires an exclusive lock.
 * @param lockTimeoutMs how long to wait for it
 * @param onBlocked called once if another page or worker holds it
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
    `The store is open in ${who}; waited ${lockTimeoutMs} ms for lock ${name}. Close it, raise \`lockTimeoutMs\`, or pass \`onBlocked\` to take over.`,
  )
}

/** The browser's client id of the page or worker that holds a lock. */
export async function holderOf(name: string): Promise<string | undefined> {
  const { held } = await navigator.locks.query()
  return held?.find((lock) => lock.name === name)?.clientId
}

/** Resolves with undefined if `ifAvailable` is set and the lock is taken. */
function request(name: string, options: LockOptions): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    const ended: Promise<void> = navigator.locks.request(name, options, (lock) => {
      if (!lock) return resolve(undefined)
      return new Promise<void>((release) => {
        resolve({
          release: async () => {
            release()
            await ended.catch(() => {})
          },
        })
      })
    })
    // After the lock was acquired, a rejection means that it was stolen: the next write then finds another epoch.
    ended.catch(reject)
  })
}
