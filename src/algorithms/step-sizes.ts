/** How far one update moves a value. */

/** The size of a step, in (0, 1]. @param visits how often the value was updated, this update included; 1 at the first. */
export type StepSize = (visits: number) => number

/** Recent rewards count more, for ever: for problems that change. Sutton & Barto (2018), eq. 2.5. @param size in (0, 1]. */
export function constantStepSize(size: number): StepSize {
  return () => size
}

/** 1/N: the value is the plain mean of what it was moved towards. Sutton & Barto (2018), eq. 2.3. */
export const sampleAverageStepSize: StepSize = (visits) => 1 / visits

/**
 * A constant step without the bias of the initial value: size / (1 - (1 - size)^N). Sutton & Barto (2018), exercise 2.7.
 * @param size in (0, 1].
 */
export function unbiasedStepSize(size: number): StepSize {
  return (visits) => size / (1 - (1 - size) ** visits)
}
