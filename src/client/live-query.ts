import { invalid } from '../checks.ts'
import { FAMILIES, type Family } from '../collections.ts'
import { StoreError } from '../errors.ts'
import { type Call, kindOf } from '../protocol/calls.ts'
import type { Channel, FacePlatform } from '../protocol/channel.ts'
import type { Queries, Subscription } from './async-store.ts'
import { queries } from './queries.ts'
import { guarded, subscription } from './subscription.ts'

/** A query that is asked again when what it asked for has changed. */
export function liveQuery<T>(
  channel: Channel,
  platform: FacePlatform,
  query: (store: Queries) => Promise<T>,
  listener: (result: T) => void,
  onError: (error: unknown) => void,
): Subscription {
  const tell = guarded(listener, platform)
  const fail = guarded(onError, platform)
  const asked = new Set<Family>()
  const changed = new Set<Family>()
  let isDue = false
  let isAsking = false
  let ended = false
  const store = queries({
    send: async (call) => {
      // What a query changes would be its own next question.
      if (kindOf(call) !== 'read') throw invalid('a live query', 'one that only reads', `${call.on}.${call.method}`)
      for (const family of familiesAsked(call)) asked.add(family)
      return channel.send(call)
    },
    status: () => {
      for (const family of FAMILIES) asked.add(family)
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
    if (isDue || isAsking || ended || ![...changed].some((family) => asked.has(family))) return
    isDue = true
    platform.nextFrame(() => {
      isDue = false
      if (!ended) void ask()
    })
  }

  const unwatch = channel.watch(({ families }) => {
    for (const family of families) changed.add(family)
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
function familiesAsked({ on, method }: Call): readonly Family[] {
  if (on === 'store' && method === 'agentIds') return ['agents']
  if (on === 'store' && EVALUATING.includes(method)) return ['agents', 'experiences', 'values']
  if (on === 'store' || on === 'host') return FAMILIES
  // Advice names the experiences it rests on, also those that were recorded without learning.
  if (method === 'recommendStrategy') return ['agents', 'values', 'experiences']
  if (method === 'statistics') return ['agents', 'values', 'experiences', 'patterns']
  if (method === 'isEnabled') return ['agents', 'preferences']
  if (on === 'agent') return ['agents', 'values']
  return FAMILIES.filter((family) => on === family || on.startsWith(`${family}.`))
}
