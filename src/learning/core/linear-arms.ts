import {
  type ActionValue,
  availableOf,
  type Choice,
  drawn,
  isGreedyBy,
  type SelectOptions,
} from '../../algorithms/choice.ts'
import { epsilonGreedy } from '../../algorithms/exploration.ts'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { linearArm, linearArmUpdated, linUcb } from '../../algorithms/lin-ucb.ts'
import { type LinearFeatures, linearFeatures } from '../../algorithms/linear-features.ts'
import { checkLearned } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { JsonValue } from '../../json-value.ts'
import { type LinearArmRow, LinearArmsTable } from '../../tables/linear-arms.ts'
import type { Core } from './core.ts'
import type { CheckedExperience } from './experience.ts'
import type { Learner } from './learners.ts'
import type { ValueUpdate } from './value-updates.ts'

/** The predicted value of an action in a state. */
export interface Prediction {
  readonly actionKey: string
  readonly value: number
  readonly visits: number
  readonly lastUpdated: string
  /** The standard error of the value, in standard deviations of the reward. */
  readonly deviation: number
}

/** Fits the reward of an action to the features of its state. The next state is not used. @param time UTC text. */
export function learnLinear(
  core: Core,
  { agentId }: Learner,
  { state, actionKey, row: { reward } }: CheckedExperience,
  time: string,
): ValueUpdate {
  const table = new LinearArmsTable(core.connection)
  const features = linearFeatures(state)
  const known = table.get(agentId, actionKey)
  const arm = known ?? linearArm(features.values.length)
  if (known) checkSame(known, features)
  const error = reward - linUcb(arm, features.values, 0)
  const updated = linearArmUpdated(arm, features.values, reward)
  const value = checkLearned(linUcb(updated, features.values, 0))
  const visits = (known?.visits ?? 0) + 1
  table.put(agentId, { actionKey, features: features.names, ...updated, visits, lastUpdated: time })
  return { value, error, visits }
}

/** The predicted values of all tried actions in a state, sorted by action key. @throws INVALID_ARGUMENT */
export function predictions(core: Core, agentId: string, state: JsonValue): Prediction[] {
  return armsIn(core, agentId, state).map(({ arm, x }) => {
    const value = linUcb(arm, x, 0)
    return { ...arm, value, deviation: linUcb(arm, x, 1) - value }
  })
}

/** Chooses among the available actions by upper confidence bounds. @throws INVALID_ARGUMENT */
export function chooseLinear(
  core: Core,
  learner: Learner,
  state: JsonValue,
  options: SelectOptions,
  draw: () => number,
): Choice {
  const scale = isGreedyBy(options) ? 0 : learner.ucbScale
  const x = linearFeatures(state).values
  const arms = armsIn(core, learner.agentId, state)
  const values = availableOf(
    arms.map(({ arm }) => ({ actionKey: arm.actionKey, value: linUcb(arm, x, 0), visits: arm.visits })),
    options.actions,
    0,
  )
  const fresh = linearArm(x.length)
  const armOf = ({ action }: ActionValue): typeof fresh =>
    arms.find(({ arm }) => arm.actionKey === keyOf(action))?.arm ?? fresh
  const bounds = values.map((one) => linUcb(armOf(one), x, scale))
  return drawn(values, epsilonGreedy(bounds, 0), draw)
}

function armsIn(core: Core, agentId: string, state: JsonValue): { arm: LinearArmRow; x: readonly number[] }[] {
  const features = linearFeatures(state)
  return new LinearArmsTable(core.connection).ofAgent(agentId).map((arm) => {
    checkSame(arm, features)
    return { arm, x: features.values }
  })
}

function checkSame({ features }: LinearArmRow, { names }: LinearFeatures): void {
  if (features.length === names.length && features.every((name, i) => name === names[i])) return
  const expected = `Expected a state with the features of those before, ${shown(features)}`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got ${shown(names)}`)
}

function shown(names: readonly string[]): string {
  const text = names.map((name) => name || 'one number').join(', ')
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
