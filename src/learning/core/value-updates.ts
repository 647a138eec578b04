import { type Known, probabilitiesOf } from '../../algorithms/policies.ts'
import { nStepReturn } from '../../algorithms/returns.ts'
import { constantStepSize, type StepSize, sampleAverageStepSize } from '../../algorithms/step-sizes.ts'
import { replacingTraces } from '../../algorithms/traces.ts'
import { doubleQLearning, expectedSarsa, qLearning, step } from '../../algorithms/value-learning.ts'
import { checkLearned } from '../../checks.ts'
import type { EpisodeRow } from '../../tables/experiences.ts'
import type { Twins, ValueRow } from '../../tables/values.ts'
import { stepsSinceBreak } from './episode-steps.ts'
import type { CheckedExperience } from './experience.ts'
import { tabular } from './learner-combinations.ts'
import { historyLength, type Learner, policyOf, type Writable } from './learners.ts'
import { type Transition, transitionOf } from './transition.ts'
import { meanOf, twinsOf } from './twins.ts'
import type { ValueCache } from './value-cache.ts'

/** The update of one value. */
export interface ValueUpdate {
  readonly value: number
  /** The temporal-difference error before the step. */
  readonly error: number
  readonly visits: number
}

/** How a step changes the row of a value. */
interface StepOptions {
  /** UTC text. */
  readonly time: string
  /** Scales the step, in (0, 1]. */
  readonly weight: number
  readonly isVisit: boolean
}

/** Applies an agent's algorithm to its table of values. */
export class ValueUpdates {
  readonly #cells: ValueCache

  constructor(cells: ValueCache) {
    this.#cells = cells
  }

  /**
   * Learns from an experience, and from earlier steps of its episode: those that waited for it, with n-step targets and by SARSA,
   * whose targets need the next action, and those with eligibility traces. Sutton & Barto (2018), chapters 7 and 12. Steps that an
   * episode leaves behind, because it ends or goes on in another state than the last one led to, are learned with the rewards that
   * they have.
   *
   * @param history the `historyLength` experiences before it in the episode, or fewer, oldest first.
   * @param time UTC text.
   * @returns the update of its own value; undefined if it waits for later steps.
   */
  learn(
    learner: Learner,
    experience: CheckedExperience,
    history: readonly EpisodeRow[],
    time: string,
  ): ValueUpdate | undefined {
    const { stateKey, actionKey, nextStateKey, nextKeys, row } = experience
    const { reward, terminated } = row
    const transition = { stateKey, actionKey, reward, nextStateKey, nextKeys, terminated }
    if (historyLength(learner) === 0) return this.relearn(learner, transition, time, 1, true)
    const step = { time, weight: 1, isVisit: true }
    const run = stepsSinceBreak(learner, history)
    const isConnected = run.at(-1)?.nextStateKey === stateKey
    if (learner.traceDecay > 0) {
      if (learner.algorithm === 'sarsa') {
        const qT = isConnected ? this.#valueOf(learner, transition) : undefined
        if (run.length > 0) this.#traced(learner, run, qT, step)
        if (!terminated && !row.truncated) return undefined
      }
      const kept = isConnected && this.keepsTraces(learner, experience, history) ? run : []
      return this.#traced(learner, [...kept, transition], undefined, step)
    }
    if (!isConnected) this.#finish(learner, run, step)
    const before = isConnected ? run : []
    if (learner.algorithm === 'sarsa') return this.#sarsa(learner, before, transition, row.truncated, step)
    const steps = [...before, transition]
    if (terminated || row.truncated) return this.#finish(learner, steps, step)
    return steps.length === learner.nStep ? this.#toward(learner, steps, undefined, step) : undefined
  }

  /**
   * Learns from a stored experience or a planned one. SARSA uses the expectation over its policy as the next value.
   *
   * @param time UTC text.
   * @param weight scales the step, in (0, 1].
   * @param isVisit whether the step counts as a visit.
   */
  relearn(learner: Learner, transition: Transition, time: string, weight: number, isVisit: boolean): ValueUpdate {
    const step = { time, weight, isVisit }
    switch (tabular(learner)) {
      case 'q-learning':
        return this.#qLearning(learner, transition, step)
      case 'double-q-learning':
        return this.#doubleQLearning(learner, transition, step)
      case 'expected-sarsa':
      case 'sarsa':
        return this.#expectedSarsa(learner, transition, step)
    }
  }

  /** The temporal-difference error of an experience by Q-learning and the current values. */
  errorOf(learner: Learner, transition: Transition): number {
    const q = this.#valueOf(learner, transition)
    const discount = transition.terminated ? 0 : learner.discountFactor
    return qLearning(q, transition.reward, discount, this.#nextValues(learner, transition))
  }

  /**
   * Whether the steps before an experience keep their eligibility traces when it is learned. An exploratory action cuts those of
   * Q-learning, because its consequences say nothing about the greedy policy. Watkins (1989); Sutton & Barto (2018), section 12.10.
   *
   * @returns null for an agent without traces.
   */
  keepsTraces(
    learner: Learner,
    experience: Pick<CheckedExperience, 'stateKey' | 'actionKey'>,
    history: readonly EpisodeRow[],
  ): boolean | null {
    if (learner.traceDecay === 0) return null
    const last = learner.algorithm === 'q-learning' && history.at(-1)
    if (!last) return true
    const q = this.#valueOf(learner, experience)
    // An action as good as the best one is greedy.
    return this.#nextValues(learner, transitionOf(last)).every((value) => q >= value)
  }

  #qLearning(learner: Learner, transition: Transition, step: StepOptions): ValueUpdate {
    const errorOf = (q: number, discount: number): number =>
      qLearning(q, transition.reward, discount, this.#nextValues(learner, transition))
    return this.#update(learner, transition, step, errorOf)
  }

  /** SARSA learns the step n before this one, whose action its target needs. A truncated episode has no next action. */
  #sarsa(
    learner: Learner,
    before: readonly Transition[],
    transition: Transition,
    truncated: boolean,
    step: StepOptions,
  ): ValueUpdate | undefined {
    const isDue = before.length === learner.nStep
    if (isDue) this.#toward(learner, before, this.#valueOf(learner, transition), step)
    if (!transition.terminated && !truncated) return undefined
    return this.#finish(learner, [...before.slice(Number(isDue)), transition], step)
  }

  /** Learns all of these steps with the rewards up to the last one. @returns the update of the last. */
  #finish(learner: Learner, steps: readonly Transition[], step: StepOptions): ValueUpdate | undefined {
    return steps.map((_, i) => this.#toward(learner, steps.slice(i), undefined, step)).at(-1)
  }

  /**
   * Updates the first of these steps towards its n-step return.
   *
   * @param steps at least one. @param vT the value after the last one. Default: that of its next state by the algorithm.
   */
  #toward(learner: Learner, steps: readonly Transition[], vT: number | undefined, step: StepOptions): ValueUpdate {
    const [first, last] = [steps[0], steps.at(-1)] as [Transition, Transition]
    if (steps.length === 1 && vT === undefined)
      return this.relearn(learner, first, step.time, step.weight, step.isVisit)
    const rT = steps.map(({ reward }) => reward)
    const discountT = steps.map(({ terminated }) => (terminated ? 0 : learner.discountFactor))
    const target = nStepReturn(rT, discountT, vT ?? this.#valueAfter(learner, last))
    return this.#update(learner, first, step, (q) => target - q)
  }

  /** Learns the last of these steps. Its error also moves the values of the steps before it, by their eligibility traces. */
  #traced(learner: Learner, steps: readonly Transition[], vT: number | undefined, step: StepOptions): ValueUpdate {
    const update = this.#toward(learner, steps.slice(-1), vT, step)
    const pairOf = ({ stateKey, actionKey }: Transition): string => `${stateKey}\0${actionKey}`
    const [, ...earlier] = replacingTraces(steps, pairOf, learner.discountFactor * learner.traceDecay)
    for (const [one, trace] of earlier) {
      // A value that was deleted meanwhile stays deleted.
      if (!this.#cells.get(learner.agentId, one.stateKey, one.actionKey)) continue
      this.#update(learner, one, { ...step, weight: trace, isVisit: false }, () => update.error)
    }
    return update
  }

  #valueOf(
    { agentId, initialValue }: Learner,
    { stateKey, actionKey }: Pick<Transition, 'stateKey' | 'actionKey'>,
  ): number {
    return this.#cells.get(agentId, stateKey, actionKey)?.value ?? initialValue
  }

  /** The value of the state after a step: of its best action, or the expectation over the policy. */
  #valueAfter(learner: Learner, transition: Transition): number {
    const next = this.#next(learner, transition)
    const values = next.map(({ value }) => value)
    return learner.algorithm === 'q-learning'
      ? qLearning(0, 0, 1, values)
      : expectedSarsa(0, 0, 1, values, policyOver(next, learner))
  }

  #expectedSarsa(learner: Learner, transition: Transition, step: StepOptions): ValueUpdate {
    const next = this.#next(learner, transition)
    const values = next.map(({ value }) => value)
    const policy = policyOver(next, learner)
    const errorOf = (q: number, discount: number): number =>
      expectedSarsa(q, transition.reward, discount, values, policy)
    return this.#update(learner, transition, step, errorOf)
  }

  #doubleQLearning(learner: Learner, transition: Transition, { time, weight, isVisit }: StepOptions): ValueUpdate {
    const which = learner.random.next() < 0.5 ? 0 : 1
    const { agentId } = learner
    const { stateKey, actionKey, reward } = transition
    const row = this.#cells.get(agentId, stateKey, actionKey)
    const twinsIn = (of: ValueRow | undefined): Twins => twinsOf(of, learner.initialValue)
    const twins: Writable<Twins> = [...twinsIn(row)]
    const next = this.#nextRows(learner, transition).map(twinsIn)
    const discount = transition.terminated ? 0 : learner.discountFactor
    const error = doubleQLearning(
      twins[which],
      reward,
      discount,
      next.map((pair) => pair[which]),
      next.map((pair) => pair[1 - which] ?? 0),
    )
    const visits = (row?.visits ?? 0) + Number(isVisit)
    const count = which === 0 ? 2 : 3
    twins[count] += Number(isVisit)
    const size = stepSizeOf(learner)(twins[count]) * weight
    twins[which] = step(twins[which], error, size)
    const value = checkLearned(meanOf(twins, learner.learningRateSchedule))
    if (isVisit && twins[count] > 1) countDeviation(learner, error, size)
    this.#cells.set(agentId, stateKey, { actionKey, value, visits, lastUpdated: time, twins })
    return { value, error, visits }
  }

  #update(
    learner: Learner,
    { stateKey, actionKey, terminated }: Transition,
    { time, weight, isVisit }: StepOptions,
    errorOf: (q: number, discount: number) => number,
  ): ValueUpdate {
    const { agentId, discountFactor, initialValue } = learner
    const row = this.#cells.get(agentId, stateKey, actionKey)
    const q = row?.value ?? initialValue
    const error = errorOf(q, terminated ? 0 : discountFactor)
    const visits = (row?.visits ?? 0) + Number(isVisit)
    const size = stepSizeOf(learner)(visits) * weight
    const value = checkLearned(step(q, error, size))
    if (isVisit && visits > 1) countDeviation(learner, error, size)
    this.#cells.set(agentId, stateKey, { actionKey, value, visits, lastUpdated: time })
    return { value, error, visits }
  }

  #nextValues(learner: Learner, transition: Transition): number[] {
    return this.#next(learner, transition).map(({ value }) => value)
  }

  #next(learner: Learner, transition: Transition): Known[] {
    return this.#nextRows(learner, transition).map((row) => row ?? { value: learner.initialValue, visits: 0 })
  }

  /**
   * One entry per action that the next state is known to offer, undefined for one without a value: the actions that the
   * experience names, else those seen there, else one unknown action.
   */
  #nextRows(
    { agentId }: Learner,
    { nextStateKey, nextKeys, terminated }: Transition,
  ): readonly (ValueRow | undefined)[] {
    if (terminated) return []
    const seen = this.#cells.of(agentId, nextStateKey)
    if (nextKeys.length === 0) return seen.length === 0 ? [undefined] : seen
    const unseen = new Set(nextKeys)
    const offered = seen.filter(({ actionKey }) => unseen.delete(actionKey))
    return [...offered, ...Array.from(unseen, () => undefined)]
  }
}

function policyOver(next: readonly Known[], learner: Learner): number[] {
  return next.length === 0 ? [] : probabilitiesOf(next, policyOf(learner))
}

/** A replayed step does not count a visit, so the count may still be 0. */
function stepSizeOf({ learningRateSchedule, learningRate }: Learner): StepSize {
  return learningRateSchedule === 'constant'
    ? constantStepSize(learningRate)
    : (visits) => sampleAverageStepSize(Math.max(1, visits))
}

/**
 * Counts the squared deviation of a target from the value that it moved. The factor makes it unbiased for independent targets:
 * the value is their mean after steps of 1/N, or a weighted mean of constant steps, with a variance of its own.
 */
function countDeviation(learner: Learner, error: number, size: number): void {
  const share = learner.learningRateSchedule === 'constant' ? 1 - size / 2 : 1 - size
  const square = error * error * share
  if (!Number.isFinite(learner.deviationSquares + square)) return
  learner.deviationCount++
  learner.deviationSquares += square
}
