/** The schedules of the learning rate. */
export const LEARNING_RATE_SCHEDULES = ['constant', 'sample-average'] as const

/** How the learning rate depends on the number of visits. @useDeclaredType */
export type LearningRateSchedule = (typeof LEARNING_RATE_SCHEDULES)[number]

/** Returns a step size in (0, 1]. @param visits number of updates of the value, including this one. */
export type StepSize = (visits: number) => number

/** A constant step, for non-stationary problems: recent rewards always weigh more. Sutton & Barto (2018), eq. 2.5. @param size in (0, 1]. */
export function constantStepSize(size: number): StepSize {
  return () => size
}

/** The step 1/N, which makes a value the mean of its targets. Sutton & Barto (2018), eq. 2.3. */
export const sampleAverageStepSize: StepSize = (visits) => 1 / visits

/**
 * A constant step without initial bias: size / (1 - (1 - size)^N). Sutton & Barto (2018), exercise 2.7.
 * @param size in (0, 1].
 */
export function unbiasedStepSize(size: number): StepSize {
  return (visits) => size / (1 - (1 - size) ** visits)
}
