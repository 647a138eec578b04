import { StoreError } from '../../errors.ts'
import type { Channel } from '../../protocol/channel.ts'

/**
 * Whether the browser promises not to remove what this origin keeps, asked for where the caller wishes; undefined where
 * it cannot tell. @throws NOT_PERSISTENT where it is required and not granted.
 */
export async function persistence(wish: {
  readonly persist: boolean | undefined
  readonly requirePersistent: boolean | undefined
}): Promise<boolean | undefined> {
  const storage: Partial<StorageManager> | undefined = navigator.storage
  const had = await storage?.persisted?.().catch(() => undefined)
  if (had || !(wish.persist || wish.requirePersistent)) return had
  // Workers cannot ask.
  const granted = await storage?.persist?.().catch(() => undefined)
  if (wish.requirePersistent && !granted) {
    const got = granted === undefined ? 'a context that cannot ask for it' : 'a refusal'
    throw new StoreError('NOT_PERSISTENT', `Expected the browser to grant persistent storage, got ${got}`)
  }
  return granted ?? had
}

/** The same channel, whose status tells what the browser says of its storage too. */
export function withStorage(channel: Channel, persisted: boolean | undefined): Channel {
  return {
    send: (call) => channel.send(call),
    status: async () => {
      const [status, estimate] = await Promise.all([
        channel.status(),
        navigator.storage?.estimate?.().catch(() => undefined),
      ])
      return { ...status, persisted, usageBytes: estimate?.usage, quotaBytes: estimate?.quota }
    },
    work: (job, tick) => channel.work(job, tick),
    flush: () => channel.flush(),
    close: () => channel.close(),
    watch: (observer) => channel.watch(observer),
  }
}
