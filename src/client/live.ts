import { checkOptions, invalid } from '../checks.ts'
import { COLLECTIONS, type Collection } from '../collections.ts'
import { StoreError } from '../errors.ts'
import { type Call, kindOf } from '../protocol/calls.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { Queries, Subscription } from './async-store.ts'
import { queries } from './queries.ts'
import { guarded, subscription } from './subscription.ts'

/** A query that runs again when a collection that it read has changed. */
export function live<T>(
  channel: Channel,
  platform: ClientPlatform,
  query: (store: Queries) => Promise<T>,
  listener: (result: T) => void,
  options: { readonly onError?: ((error: unknown) => void) | undefined } = {},
): Subscription {
  for (const [name, callback] of Object.entries({ query, listener })) {
    if (typeof callback !== 'function') throw invalid(`the ${name}`, 'a function', callback)
  }
  const { onError = platform.report } = checkOptions(options, 'the options', ['onError'])
  const notify = guarded(listener, platform)
  const fail = guarded(onError, platform)
  const read = new Set<Collection>()
  const changed = new Set<Collection>()
  let isScheduled = false
  let isRunning = false
  let isEnded = false
  const store = queries({
    send: async (call) => {
      // A query that writes would trigger itself.
      if (kindOf(call) !== 'read') throw invalid('a live query', 'one that only reads', `${call.on}.${call.method}`)
      for (const collection of collectionsRead(call)) read.add(collection)
      return channel.send(call)
    },
    status: () => {
      for (const collection of COLLECTIONS) read.add(collection)
      return channel.status()
    },
  })

  async function run(): Promise<void> {
    if (isEnded) return
    isRunning = true
    changed.clear()
    read.clear()
    try {
      const result = await query(store)
      if (!isEnded) notify(result)
    } catch (error) {
      // A closed store has no further results.
      if (error instanceof StoreError && error.code === 'CLOSED') end()
      else if (!isEnded) fail(error)
    }
    isRunning = false
    scheduleIfStale()
  }

  function scheduleIfStale(): void {
    const isStale = [...changed].some((collection) => read.has(collection))
    if (isScheduled || isRunning || isEnded || !isStale) return
    isScheduled = true
    platform.nextFrame(() => {
      isScheduled = false
      void run()
    })
  }

  const unwatch = channel.watch(({ collections }) => {
    for (const collection of collections) changed.add(collection)
    scheduleIfStale()
  })
  function end(): void {
    isEnded = true
    unwatch()
  }
  // The caller has its subscription before the query runs.
  void Promise.resolve().then(run)
  return subscription(end)
}

const EVALUATING: readonly string[] = ['evaluatePolicy', 'loggedSituations']

/** The collections that the result of a call depends on. */
function collectionsRead({ on, method }: Call): readonly Collection[] {
  if (on === 'store' && EVALUATING.includes(method)) return ['agents', 'experiences', 'values']
  if (on === 'store' || on === 'host') return COLLECTIONS
  // A recommendation names the experiences behind it, including those that were recorded without learning.
  if (method === 'recommend') return ['agents', 'values', 'experiences']
  if (method === 'getStatistics') return ['agents', 'values', 'experiences', 'patterns']
  if (method === 'isLearningEnabled') return ['agents', 'preferences']
  if (on.startsWith('agent.')) return ['agents', 'experiences', 'values']
  if (on === 'agent') return ['agents', 'values']
  return COLLECTIONS.filter((collection) => on === collection || on.startsWith(`${collection}.`))
}
