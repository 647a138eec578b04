import { isLinear } from '../../algorithms/algorithms.ts'
import { memoizedKeyOfJson } from '../../algorithms/keys/key-of-json.ts'
import { seededRandom } from '../../algorithms/random.ts'
import { isRefusal } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import type { EpisodeRow } from '../../tables/experiences.ts'
import { LinearArmsTable } from '../../tables/linear-arms.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { CheckedExperience } from '../core/experience.ts'
import { countExperience, learnValue } from '../core/learn.ts'
import { historyLength, type Learner } from '../core/learners.ts'
import { transitionOf } from '../core/transition.ts'
import { inCanonicalOrder, type OrderedExperience } from './canonical-order.ts'

/** Result of rederiving the values of an agent. */
export interface RederiveResult {
  /** The keys of the state-action pairs that were learned. */
  readonly pairs: ReadonlySet<string>
  /** Number of experiences that could not be learned from. */
  readonly refused: number
}

/**
 * Discards the values of an agent and learns them again from these experiences, in canonical order and with the same
 * random draws, so that equal experiences give bit-identical values in all replicas. Call it inside a transaction.
 * There is no planning and no replay. The agent's own generator is unchanged, so that replicas do not explore alike.
 */
export function rederiveValues(core: Core, agentId: string, experiences: readonly OrderedExperience[]): RederiveResult {
  forgetValues(core, agentId)
  const learner = { ...core.learners.fresh(agentId, seededRandom(0, `derived ${agentId}`)), planningSteps: 0 }
  if (isLinear(learner.algorithm)) return rederiveModel(core, learner, experiences)
  const histories = new Map<string, EpisodeRow[]>()
  const length = historyLength(learner)
  const pairs = new Set<string>()
  const keyOfJson = memoizedKeyOfJson()
  let refused = 0
  for (const row of inCanonicalOrder(experiences)) {
    const episode = JSON.stringify([row.replicaId, row.episodeId])
    const history = histories.get(episode) ?? []
    const step = learnAgain(core, learner, row, history, keyOfJson)
    if (step === undefined) {
      refused++
      continue
    }
    pairs.add(step.pair)
    if (length > 0) histories.set(episode, [...history, step.row].slice(-length))
  }
  core.models.drop(agentId)
  core.learners.setProgress(agentId, learner)
  return { pairs, refused }
}

/** A linear model is learned again when it is next used, from all experiences in the order in which this store got them. */
function rederiveModel(core: Core, learner: Learner, experiences: readonly OrderedExperience[]): RederiveResult {
  core.linear().rebuild(learner.agentId)
  for (const one of experiences) countExperience(learner, one)
  core.learners.setProgress(learner.agentId, learner)
  return { pairs: new Set(), refused: 0 }
}

/** The key of a state-action pair. State and action keys contain no NUL. */
export function pairKey(stateKey: string, actionKey: string): string {
  return `${stateKey}\0${actionKey}`
}

/** Copies a value that no stored experience supports, unless the store has a preferred one. */
export function carryValue(core: Core, agentId: string, row: KeyedValueRow): void {
  const { stateKey, ...value } = row
  const known = core.valueCache.get(agentId, stateKey, value.actionKey)
  if (known && !isPreferred(value, known)) return
  core.valueCache.set(agentId, stateKey, value)
}

/** Deletes the values and the linear models of an agent. */
export function forgetValues(core: Core, agentId: string): void {
  core.writePending()
  core.valueCache.forget()
  core.values.removeAgent(agentId)
  new LinearArmsTable(core.connection).removeAgent(agentId)
}

/** @returns the key of the learned pair, and the step for the history of its episode; undefined if the experience cannot be learned from. */
function learnAgain(
  core: Core,
  learner: Learner,
  row: OrderedExperience,
  history: readonly EpisodeRow[],
  keyOfJson: (json: string) => string,
): { readonly pair: string; readonly row: EpisodeRow } | undefined {
  try {
    const { stateKey, actionKey, nextStateKey, nextKeys } = transitionOf(row, keyOfJson)
    const checked: CheckedExperience = {
      row: { ...row, experienceId: row.identity },
      // Parsed only if the algorithm reads it.
      get state() {
        return JSON.parse(row.state) as JsonValue
      },
      stateKey,
      actionKey,
      nextStateKey,
      nextKeys,
    }
    const keepsTraces = core.updates.keepsTraces(learner, checked, history)
    learnValue(core, learner, checked, history, row.timestamp)
    return { pair: pairKey(stateKey, actionKey), row: { ...row, keepsTraces } }
  } catch (error) {
    // Rows of other programs may not be JSON, and values may overflow.
    if (!(error instanceof SyntaxError) && !isRefusal(error)) throw error
    return undefined
  }
}

type Preferable = Pick<KeyedValueRow, 'visits' | 'lastUpdated' | 'value'>

/** More visits, then newer, then greater: the same choice in every replica. */
function isPreferred(one: Preferable, other: Preferable): boolean {
  if (one.visits !== other.visits) return one.visits > other.visits
  if (one.lastUpdated !== other.lastUpdated) return one.lastUpdated > other.lastUpdated
  return one.value > other.value
}
