import { seededRandom } from '../algorithms/random.ts'
import { LinearArmsTable } from '../tables/linear-arms.ts'
import type { KeyedValueRow } from '../tables/values.ts'
import { type Dated, inCanonicalOrder } from './canonical-order.ts'
import type { Core } from './core.ts'
import type { CheckedExperience } from './experience.ts'
import { learnValue } from './learning.ts'
import { type Transition, transitionsOf } from './transition.ts'

/**
 * Forgets what an agent has learned and learns it again from these experiences, in the order that all replicas agree on and with
 * the same draws, so that equal experiences give equal values to the bit; belongs into a transaction. The agent's own generator
 * goes on where it stood: replicas should not explore alike.
 */
export function deriveAgain(core: Core, agentId: string, experiences: readonly Dated[]): void {
  forgetValues(core, agentId)
  const learner = core.learners.begin(agentId, seededRandom(0, `derived ${agentId}`))
  core.models.begin(agentId)
  const ordered = inCanonicalOrder(experiences)
  const last = new Map<string, Dated>()
  for (const [i, transition] of transitionsOf(ordered).entries()) {
    const row = ordered[i] as Dated
    const episode = `${row.replicaId}\0${row.episodeId ?? ''}`
    const previous = last.get(episode)
    const known = previous && { ...previous, experienceId: previous.identity }
    learnValue(core, learner, checkedOf(row, transition), known, row.timestamp)
    last.set(episode, row)
  }
  core.models.forget()
  core.learners.goOn(agentId, learner)
}

/** Values that no experience stands behind; both may know one. */
export function carryValue(core: Core, agentId: string, row: KeyedValueRow): void {
  const { stateKey, ...value } = row
  const known = core.cells.get(agentId, stateKey, value.actionKey)
  if (known && !isPreferred(value, known)) return
  core.cells.set(agentId, stateKey, value)
}

function forgetValues(core: Core, agentId: string): void {
  core.writeHeld()
  core.cells.forget()
  core.values.removeAgent(agentId)
  new LinearArmsTable(core.connection).removeAgent(agentId)
}

function checkedOf(row: Dated, transition: Transition): CheckedExperience {
  const { stateKey, actionKey, nextStateKey, availableKeys } = transition
  return { row: { ...row, experienceId: row.identity }, stateKey, actionKey, nextStateKey, availableKeys }
}

type Preferable = Pick<KeyedValueRow, 'visits' | 'lastUpdated' | 'value'>

/** The one with more behind it, then the newer, then the greater: the same whoever asks. */
function isPreferred(one: Preferable, other: Preferable): boolean {
  if (one.visits !== other.visits) return one.visits > other.visits
  if (one.lastUpdated !== other.lastUpdated) return one.lastUpdated > other.lastUpdated
  return one.value > other.value
}
