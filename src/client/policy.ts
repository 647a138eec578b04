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
export interface Policy<State = JsonValue, Action = JsonValue> {
  /** The id of the agent. */
  readonly agentId: string
  /** The exploration rate, after decay, as of the last update. */
  readonly explorationRate: number
  /**
   * Chooses an action as `agent.selectAction` does, with a random generator of its own. @throws INVALID_ARGUMENT,
   * CLOSED
   */
  selectAction<A extends Action = Action>(state: State, options?: SelectOptions<A>): Choice<A>
  /** Returns the actions seen in a state, ordered by action key. @throws INVALID_ARGUMENT, CLOSED */
  valuesOf(state: State): ActionValue<Action>[]
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
  /** Whether the agent has a linear model, by its last status. */
  let isModel = false
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
      if (await update(copy, what)) return
      // The agent learns in another way than the copy was made for, which stays in use until the new one is complete.
      for (let next = await newCopy(); ; next = await newCopy()) {
        if (!(await update(next, 'all'))) continue
        copy = next
        return
      }
    } catch (error) {
      stale = mergeStale(stale, what)
      throw error
    }
  }

  /** @returns false if the copy is not one of the way in which the agent learns. */
  async function update(one: PolicyCopy, what: Stale): Promise<boolean> {
    const [status, answer] = (await Promise.all([
      channel.send({ on: 'agent', method: 'status', args: [], agentId }),
      channel.send(one.request(what)),
    ])) as [AgentStatus, unknown]
    isModel = isLinear(status.algorithm)
    if (isModel !== one.isModel || !(await one.take(status, answer, what))) return false
    explorationRate = status.currentExplorationRate
    return true
  }

  async function newCopy(): Promise<PolicyCopy> {
    if (!isModel) return valuesCopy(agentId)
    return (await import('./model-copy.ts').catch(failedToLoad('linear models'))).modelCopy(agentId)
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
    selectAction: <A extends JsonValue>(state: JsonValue, options: SelectOptions<A> = {}) => {
      checkOpen()
      return copy.selectAction(state, options, draw) as Choice<A>
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
