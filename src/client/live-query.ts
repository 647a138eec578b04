import { invalid } from '../checks.ts'
import { COLLECTIONS, type Collection } from '../collections.ts'
import { StoreError } from '../errors.ts'
import { type Call, kindOf } from '../protocol/calls.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { Queries, Subscription } from './async-store.ts'
import { queries } from './queries.ts'
import { guarded, subscription } from './subscription.ts'

/** A query that is asked again when what it asked for has changed. */
export function liveQuery<T>(
  channel: Channel,
  platform: ClientPlatform,
  query: (store: Queries) => Promise<T>,
  listener: (result: T) => void,
  onError: (error: unknown) => void,
): Subscription {
  const tell = guarded(listener, platform)
  const fail = guarded(onError, platform)
  const asked = new Set<Collection>()
  const changed = new Set<Collection>()
  let isDue = false
  let isAsking = false
  let ended = false
  const store = queries({
    send: async (call) => {
      // What a query changes would be its own next question.
      if (kindOf(call) !== 'read') throw invalid('a live query', 'one that only reads', `${call.on}.${call.method}`)
      for (const collection of collectionsRead(call)) asked.add(collection)
      return channel.send(call)
    },
    status: () => {
      for (const collection of COLLECTIONS) asked.add(collection)
      return channel.status()
    },
  })

  async function ask(): Promise<void> {
    isAsking = true
    changed.clear()
    asked.clear()
    try {
      const result = await query(store)
      if (!ended) tell(result)
    } catch (error) {
      // A closed store has nothing more to tell.
      if (error instanceof StoreError && error.code === 'CLOSED') end()
      else if (!ended) fail(error)
    }
    isAsking = false
    askAgain()
  }

  function askAgain(): void {
    if (isDue || isAsking || ended || ![...changed].some((collection) => asked.has(collection))) return
    isDue = true
    platform.nextFrame(() => {
      isDue = false
      if (!ended) void ask()
    })
  }

  const unwatch = channel.watch(({ collections }) => {
    for (const collection of collections) changed.add(collection)
    askAgain()
  })
  function end(): void {
    ended = true
    unwatch()
  }
  void ask()
  return subscription(end)
}

const EVALUATING: readonly string[] = ['evaluatePolicy', 'loggedSituations']

/** What an answer rests on. */
function collectionsRead({ on, method }: Call): readonly Collection[] {
  if (on === 'store' && EVALUATING.includes(method)) return ['agents', 'experiences', 'values']
  if (on === 'store' || on === 'host') return COLLECTIONS
  // Recommendation names the experiences it rests on, also those that were recorded without learning.
  if (method === 'recommend') return ['agents', 'values', 'experiences']
  if (method === 'getStatistics') return ['agents', 'values', 'experiences', 'patterns']
  if (method === 'isLearningEnabled') return ['agents', 'preferences']
  if (on.startsWith('agent.')) return ['agents', 'experiences', 'values']
  if (on === 'agent') return ['agents', 'values']
  return COLLECTIONS.filter((collection) => on === collection || on.startsWith(`${collection}.`))
}
