import { checkOptions, invalid } from '../checks.ts'
import { notLoaded } from '../errors.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { Queries, Subscription } from './async-store.ts'
import { guarded, subscription } from './subscription.ts'

/** A query that is asked again when what it asked for has changed; how is loaded with the first one. */
export function live<T>(
  channel: Channel,
  platform: ClientPlatform,
  query: (store: Queries) => Promise<T>,
  listener: (result: T) => void,
  options: { readonly onError?: ((error: unknown) => void) | undefined } = {},
): Subscription {
  for (const [what, callback] of Object.entries({ query, listener })) {
    if (typeof callback !== 'function') throw invalid(`the ${what}`, 'a function', callback)
  }
  const { onError = platform.report } = checkOptions(options, 'the options', ['onError'])
  let isEnded = false
  let end = (): void => {
    isEnded = true
  }
  import('./live-query.ts').then(
    ({ liveQuery }) => {
      if (!isEnded) end = liveQuery(channel, platform, query, listener, onError).unsubscribe
    },
    (cause: unknown) => guarded(onError, platform)(notLoaded('live queries', cause)),
  )
  return subscription(() => end())
}
