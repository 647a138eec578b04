import { checkList, checkOptions, invalid } from '../checks.ts'
import { COLLECTIONS, type Collection } from '../collections.ts'
import type { StoreCommit } from '../learning/commits.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { Subscription } from './async-store.ts'

export function subscription(end: () => void): Subscription {
  return { unsubscribe: end, [Symbol.dispose]: end }
}

/** Wraps a callback of the caller: what it throws is reported and affects nothing else. */
export function guarded<A extends readonly unknown[]>(
  callback: (...args: A) => unknown,
  { report }: ClientPlatform,
): (...args: A) => void {
  return (...args) => {
    try {
      // An async listener rejects instead.
      Promise.resolve(callback(...args)).catch(report)
    } catch (error) {
      report(error)
    }
  }
}

/** @throws INVALID_ARGUMENT */
export function subscribe(
  channel: Channel,
  platform: ClientPlatform,
  listener: (commit: StoreCommit) => void,
  options: { readonly collections?: readonly Collection[] | undefined } = {},
): Subscription {
  if (typeof listener !== 'function') throw invalid('the listener', 'a function', listener)
  const { collections } = checkOptions(options, 'the options', ['collections'])
  const wanted = collections === undefined ? undefined : checkList(collections, 'collections')
  for (const collection of wanted ?? []) {
    if (!COLLECTIONS.includes(collection as Collection))
      throw invalid('a collection', `one of ${COLLECTIONS.join(', ')}`, collection)
  }
  const call = guarded(listener, platform)
  const end = channel.watch(({ sequence, collections: touched }) => {
    if (!wanted || touched.some((collection) => wanted.includes(collection))) call({ sequence, collections: touched })
  })
  return subscription(end)
}
