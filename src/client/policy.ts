/// <reference lib="esnext.disposable" preserve="true" />
import { isLinear } from '../algorithms/algorithms.ts'
import { type ActionValue, type Choice, choose, type KeyedValue, type SelectOptions } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import { parseKey } from '../algorithms/keys/parse-key.ts'
import type { PolicySettings, TabularPolicy } from '../algorithms/policies.ts'
import { seededRandom } from '../algorithms/random.ts'
import { isSeenOnce, type StateCount, usesSimilarStates } from '../algorithms/unseen-states.ts'
import { invalid } from '../checks.ts'
import { failedToLoad, StoreError } from '../errors.ts'
import type { JsonValue } from '../json-value.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { StateValues } from '../learning/values.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { SimilarStates } from './similar-states.ts'

/**
 * A copy of an agent's values in the caller's thread: reads without waiting, and follows the store about a frame
 * behind.
 */
export interface Policy {
  /** The id of the agent. */
  readonly agentId: string
  /** The exploration rate, after decay, as of the last update. */
  readonly explorationRate: number
  /**
   * Chooses an action as `agent.selectAction` does, with a random generator of its own. @throws INVALID_ARGUMENT,
   * CLOSED
   */
  selectAction(state: JsonValue, options?: SelectOptions): Choice
  /** Returns the actions seen in a state, ordered by action key. @throws INVALID_ARGUMENT, CLOSED */
  valuesOf(state: JsonValue): ActionValue[]
  /** Resolves when everything committed before the call is in this copy. @throws CLOSED */
  fresh(): Promise<void>
  /** Stops following the store. */
  close(): void
  /** Same as `close`. */
  [Symbol.dispose](): void
}

/** What has changed since the last update: everything, or some states. */
type Stale = 'all' | Set<string>

export async function followedPolicy(
  channel: Channel,
  platform: ClientPlatform,
  agentId: string,
  seed: number = platform.newSeed(),
): Promise<Policy> {
  const values = new Map<string, readonly KeyedValue[]>()
  const random = seededRandom(seed, agentId)
  let settings: PolicySettings = {
    policy: 'epsilon-greedy',
    epsilon: 0,
    temperature: null,
    ucbScale: 0,
    initialValue: 0,
    rewardRange: null,
    rewardScale: null,
    learnedScale: null,
  }
  let similar: SimilarStates | undefined
  let stale: Stale | undefined
  let isDue = false
  let closed = false
  let reading: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    const what = stale
    stale = undefined
    if (what === undefined || closed) return
    const keys = what === 'all' ? [] : [[...what]]
    try {
      const [status, states] = (await Promise.all([
        channel.send({ on: 'agent', method: 'status', args: [], agentId }),
        channel.send({ on: 'values', method: 'listByState', args: [agentId, ...keys] }),
      ])) as [AgentStatus, readonly StateValues[]]
      if (isLinear(status.algorithm)) throw invalid('the agent', 'one that learns a table of values', agentId)
      settings = { ...status, policy: status.policy as TabularPolicy, epsilon: status.currentExplorationRate }
      if (what === 'all') {
        values.clear()
        similar = undefined
      }
      for (const { stateKey, actions } of states) values.set(stateKey, actions)
      await followSimilarStates(status)
    } catch (error) {
      stale = mergeStale(stale, what)
      throw error
    }
  }

  /** Whether states without values borrow those of similar ones, as in the store. */
  async function followSimilarStates({ unseenStates }: AgentStatus): Promise<void> {
    const isUsed = usesSimilarStates(unseenStates, () => countOf(values))
    if (!isUsed) similar = undefined
    else if (!similar) {
      const { similarStatesIn } = await import('./similar-states.ts').catch(failedToLoad('similar states'))
      similar = similarStatesIn(values)
    }
  }

  /** Reads do not overlap, so that an older result never overwrites a newer one. */
  function refresh(): Promise<void> {
    reading = reading.catch(() => {}).then(read)
    return reading
  }

  const unwatch = channel.watch(({ collections, states }) => {
    const touched = states?.get(agentId)
    if (!states) stale = 'all'
    else if (touched) stale = mergeStale(stale, new Set(touched))
    else if (collections.includes('agents')) stale = mergeStale(stale, new Set())
    if (stale === undefined || isDue) return
    isDue = true
    platform.nextFrame(() => {
      isDue = false
      refresh().catch((error: unknown) => {
        // A closed store does not change any more.
        if (error instanceof StoreError && error.code === 'CLOSED') close()
        else if (!closed) platform.report(error)
      })
    })
  })
  const close = (): void => {
    closed = true
    unwatch()
  }

  function checkOpen(): void {
    if (closed) throw new StoreError('CLOSED', 'The policy is closed')
  }

  function actionsIn(state: JsonValue): readonly KeyedValue[] {
    checkOpen()
    return values.get(keyOf(state, 'state')) ?? []
  }

  stale = 'all'
  try {
    await refresh()
  } catch (error) {
    close()
    throw error
  }
  return {
    agentId,
    get explorationRate() {
      return settings.epsilon
    },
    selectAction: (state, options = {}) => {
      const known = actionsIn(state)
      const { actions } = options
      const values = known.length === 0 && actions !== undefined && similar ? similar(state, actions) : known
      return choose(values, options, settings, () => random.next())
    },
    valuesOf: (state) =>
      actionsIn(state).map(({ actionKey, value, visits }) => ({ action: parseKey(actionKey), value, visits })),
    fresh: async () => {
      checkOpen()
      stale = 'all'
      await refresh()
    },
    close,
    [Symbol.dispose]: close,
  }
}

function countOf(values: ReadonlyMap<string, readonly KeyedValue[]>): StateCount {
  let once = 0
  for (const actions of values.values()) if (isSeenOnce(actions)) once++
  return { states: values.size, once }
}

function mergeStale(one: Stale | undefined, other: Stale): Stale {
  if (one === undefined || other === 'all') return other
  return one === 'all' ? one : new Set([...one, ...other])
}
