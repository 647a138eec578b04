import { newUuid } from '../defaults.ts'

/**
 * Web Locks as signs of life: a lock is held for as long as its page or worker lives, so whoever acquires it in shared
 * mode knows that the holder is gone. Shared, because two exclusive watchers would make each other and a successor
 * wait.
 */

/** Holds a lock with a random name for as long as anyone needs it. */
export class SignOfLife {
  #users = 0
  #held: Promise<string> | undefined
  #release: () => void = () => {}

  /** Acquires the lock, and resolves with its name. */
  async begin(): Promise<string> {
    this.#users++
    try {
      this.#held ??= this.#hold()
      return await this.#held
    } catch (error) {
      // Access may be granted later: the next one tries again.
      this.#users--
      this.#held = undefined
      throw error
    }
  }

  /** Releases the lock when its last user ends. */
  end(): void {
    this.#users--
    if (this.#users > 0) return
    this.#held = undefined
    this.#release()
  }

  #hold(): Promise<string> {
    const name = `learning-store-alive:${newUuid()}`
    return new Promise((resolve, reject) => {
      const held = navigator.locks.request(name, () => {
        resolve(name)
        return new Promise<void>((release) => {
          this.#release = release
        })
      })
      held.catch(reject)
    })
  }
}

/** Resolves when no one holds the lock any more; never after `signal` was aborted. */
export async function whenFree(name: string, signal?: AbortSignal): Promise<void> {
  try {
    await navigator.locks.request(name, { mode: 'shared', ...(signal ? { signal } : {}) }, () => {})
  } catch (error) {
    if (signal?.aborted) return new Promise(() => {})
    throw error
  }
}
