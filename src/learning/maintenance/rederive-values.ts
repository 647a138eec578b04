import { keyOf } from '../../algorithms/keys/keys.ts'
import { seededRandom } from '../../algorithms/random.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { LinearArmsTable } from '../../tables/linear-arms.ts'
import type { KeyedValueRow } from '../../tables/values.ts'
import type { Core } from '../core/core.ts'
import type { CheckedExperience } from '../core/experience.ts'
import { learnValue } from '../core/learn.ts'
import type { Learner } from '../core/learners.ts'
import { transitionOf } from '../core/transition.ts'
import { type Dated, inCanonicalOrder } from './canonical-order.ts'
import { memoized } from './memoize.ts'

/** What came of deriving the values of an agent. */
export interface Derived {
  /** Pairs of state and action that it experienced. */
  readonly pairs: ReadonlySet<string>
  /** How many experiences nothing could be learned from. */
  readonly refused: number
}

/**
 * Forgets what an agent has learned and learns it again from these experiences, in the order that all replicas agree on and with
 * the same draws, so that equal experiences give equal values to the bit; belongs into a transaction. Nothing is planned or replayed.
 * The agent's own generator goes on where it stood: replicas should not explore alike.
 */
export function deriveAgain(core: Core, agentId: string, experiences: readonly Dated[]): Derived {
  forgetValues(core, agentId)
  const learner = { ...core.learners.begin(agentId, seededRandom(0, `derived ${agentId}`)), planningSteps: 0 }
  const last = new Map<string, Dated>()
  const pairs = new Set<string>()
  const keyOfJson = memoized((json) => keyOf(JSON.parse(json) as JsonValue))
  let refused = 0
  for (const row of inCanonicalOrder(experiences)) {
    const episode = JSON.stringify([row.replicaId, row.episodeId])
    const learned = learnedFrom(core, learner, row, last.get(episode), keyOfJson)
    if (learned === undefined) {
      refused++
      continue
    }
    pairs.add(learned)
    last.set(episode, row)
  }
  core.models.drop(agentId)
  core.learners.goOn(agentId, learner)
  return { pairs, refused }
}

/** Names a pair: keys hold no NUL. */
export function pairKey(stateKey: string, actionKey: string): string {
  return `${stateKey}\0${actionKey}`
}

/** Values that no experience stands behind; both may know one. */
export function carryValue(core: Core, agentId: string, row: KeyedValueRow): void {
  const { stateKey, ...value } = row
  const known = core.valueCache.get(agentId, stateKey, value.actionKey)
  if (known && !isPreferred(value, known)) return
  core.valueCache.set(agentId, stateKey, value)
}

function forgetValues(core: Core, agentId: string): void {
  core.writeHeld()
  core.valueCache.forget()
  core.values.removeAgent(agentId)
  new LinearArmsTable(core.connection).removeAgent(agentId)
}

/** The pair that was learned about; undefined where the experience is none that can be learned from. */
function learnedFrom(
  core: Core,
  learner: Learner,
  row: Dated,
  previous: Dated | undefined,
  keyOfJson: (json: string) => string,
): string | undefined {
  try {
    const { stateKey, actionKey, nextStateKey, availableKeys } = transitionOf(row, keyOfJson)
    const checked: CheckedExperience = {
      row: { ...row, experienceId: row.identity },
      ...{ stateKey, actionKey, nextStateKey, availableKeys },
    }
    const known = previous && { ...previous, experienceId: previous.identity }
    learnValue(core, learner, checked, known, row.timestamp)
    return pairKey(stateKey, actionKey)
  } catch (error) {
    // Rows of other programs may be no JSON; values may leave the range of numbers.
    const isRefused = error instanceof SyntaxError || (error instanceof StoreError && error.code === 'INVALID_ARGUMENT')
    if (!isRefused) throw error
    return undefined
  }
}

type Preferable = Pick<KeyedValueRow, 'visits' | 'lastUpdated' | 'value'>

/** The one with more behind it, then the newer, then the greater: the same whoever asks. */
function isPreferred(one: Preferable, other: Preferable): boolean {
  if (one.visits !== other.visits) return one.visits > other.visits
  if (one.lastUpdated !== other.lastUpdated) return one.lastUpdated > other.lastUpdated
  return one.value > other.value
}
