import { LEARNING_RATE_SCHEDULES, type LearningRateSchedule } from '../../algorithms/step-sizes.ts'
import { type Twins, twinsSharing, type ValueRow } from '../../tables/values.ts'

/** The two tables of Double Q-learning. If another algorithm changed their mean since, both start from it. */
export function twinsOf(row: ValueRow | undefined, initialValue: number): Twins {
  const { value = initialValue, visits = 0, twins } = row ?? {}
  if (twins && LEARNING_RATE_SCHEDULES.some((schedule) => meanOf(twins, schedule) === value)) return twins
  return twinsSharing(visits, value)
}

/** The value of an action: with sample averages the mean of all its targets, so that a table without visits does not count. */
export function meanOf([first, second, firstVisits, secondVisits]: Twins, schedule: LearningRateSchedule): number {
  const visits = firstVisits + secondVisits
  if (schedule === 'constant' || visits === 0) return (first + second) / 2
  return (first * firstVisits + second * secondVisits) / visits
}
