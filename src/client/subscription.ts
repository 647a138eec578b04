import { checkList, checkOptions, invalid } from '../checks.ts'
import { FAMILIES, type Family } from '../collections.ts'
import type { StoreCommit } from '../learning/commits.ts'
import type { Channel, FacePlatform } from '../protocol/channel.ts'
import type { Subscription } from './async-store.ts'

export function subscription(end: () => void): Subscription {
  return { unsubscribe: end, [Symbol.dispose]: end }
}

/** Runs what a caller gave us; what it throws is reported and disturbs nobody. */
export function guarded<A extends readonly unknown[]>(
  callback: (...args: A) => unknown,
  { report }: FacePlatform,
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
  platform: FacePlatform,
  listener: (commit: StoreCommit) => void,
  options: { readonly families?: readonly Family[] | undefined } = {},
): Subscription {
  if (typeof listener !== 'function') throw invalid('the listener', 'a function', listener)
  const { families } = checkOptions(options, 'the options', ['families'])
  const wanted = families === undefined ? undefined : checkList(families, 'families')
  for (const family of wanted ?? []) {
    if (!FAMILIES.includes(family as Family)) throw invalid('a family', `one of ${FAMILIES.join(', ')}`, family)
  }
  const call = guarded(listener, platform)
  const end = channel.watch(({ sequence, families: touched }) => {
    if (!wanted || touched.some((family) => wanted.includes(family))) call({ sequence, families: touched })
  })
  return subscription(end)
}
