import { StoreError } from '../../errors.ts'
import type { Channel } from '../../protocol/channel.ts'

/**
 * Returns whether the browser promises not to evict this origin's storage, and asks for it if the caller wishes;
 * undefined if it cannot say. @throws NOT_PERSISTENT if it is required and refused
 */
export async function persistence(wish: {
  readonly persist: boolean | undefined
  readonly requirePersistent: boolean | undefined
}): Promise<boolean | undefined> {
  const storage: Partial<StorageManager> | undefined = navigator.storage
  const persisted = await storage?.persisted?.().catch(() => undefined)
  if (persisted || !(wish.persist || wish.requirePersistent)) return persisted
  // Only pages can ask.
  const granted = await storage?.persist?.().catch(() => undefined)
  if (wish.requirePersistent && !granted) {
    const finding =
      granted === undefined
        ? 'This context cannot ask for persistent storage'
        : 'The browser refused persistent storage'
    throw new StoreError(
      'NOT_PERSISTENT',
      `${finding}. Ask in a page after a click, or open without \`requirePersistent\`.`,
    )
  }
  return granted ?? persisted
}

/** A channel whose status includes the browser's information about its storage. */
export function withStorageInfo(channel: Channel, persisted: boolean | undefined): Channel {
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
    refresh: () => channel.refresh(),
    close: () => channel.close(),
    watch: (observer) => channel.watch(observer),
  }
}
