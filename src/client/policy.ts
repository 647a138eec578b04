/// <reference lib="esnext.disposable" preserve="true" />
import { isLinear } from '../algorithms/algorithms.ts'
import type { ActionValue, Choice, SelectOptions } from '../algorithms/choice.ts'
import { seededRandom } from '../algorithms/random.ts'
import { failedToLoad, StoreError } from '../errors.ts'
import type { JsonValue } from '../json-value.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { Channel, ClientPlatform } from '../protocol/channel.ts'
import type { PolicyCopy, Stale } from './policy-copy.ts'
import { valuesCopy } from './values-copy.ts'

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

export async function followedPolicy(
  channel: Channel,
  platform: ClientPlatform,
  agentId: string,
  seed: number = platform.newSeed(),
): Promise<Policy> {
  const random = seededRandom(seed, agentId)
  const draw = (): number => random.next()
  let copy: PolicyCopy = valuesCopy(agentId)
  let hasModel = false
  let explorationRate = 0
  let stale: Stale | undefined
  let isDue = false
  let closed = false
  let reading: Promise<void> = Promise.resolve()

  async function read(): Promise<void> {
    const what = stale
    stale = undefined
    if (what === undefined || closed) return
    try {
      const [status, answer] = (await Promise.all([
        channel.send({ on: 'agent', method: 'status', args: [], agentId }),
        channel.send(copy.request(what)),
      ])) as [AgentStatus, unknown]
      // No answer: the algorithm was changed after the status was read.
      if (isLinear(status.algorithm) !== hasModel || answer === null)
        return await replaceCopy(isLinear(status.algorithm))
      explorationRate = status.currentExplorationRate
      await copy.take(status, answer, what)
    } catch (error) {
      stale = mergeStale(stale, what)
      throw error
    }
  }

  /** The agent learns in another way than the copy was made for. */
  async function replaceCopy(isModel: boolean): Promise<void> {
    copy = isModel
      ? (await import('./model-copy.ts').catch(failedToLoad('linear models'))).modelCopy(agentId)
      : valuesCopy(agentId)
    hasModel = isModel
    stale = 'all'
    await read()
  }

  /** Reads do not overlap, so that an older result never overwrites a newer one. */
  function refresh(): Promise<void> {
    reading = reading.catch(() => {}).then(read)
    return reading
  }

  const unwatch = channel.watch(({ collections, states }) => {
    const touched = states?.get(agentId)
    if (!states) stale = 'all'
    else if (touched) stale = mergeStale(stale, touched)
    else if (collections.some((one) => one === 'agents' || one === 'experiences')) stale = mergeStale(stale, new Set())
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
      return explorationRate
    },
    selectAction: (state, options = {}) => {
      checkOpen()
      return copy.selectAction(state, options, draw)
    },
    valuesOf: (state) => {
      checkOpen()
      return copy.valuesOf(state)
    },
    fresh: async () => {
      checkOpen()
      stale = 'all'
      await refresh()
    },
    close,
    [Symbol.dispose]: close,
  }
}

function mergeStale(one: Stale | undefined, other: Stale): Stale {
  if (one === undefined || other === 'all') return other
  return one === 'all' ? one : new Set([...one, ...other])
}
