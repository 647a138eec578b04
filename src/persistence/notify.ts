/** Calls a listener. What it throws is its own trouble: it is reported, and stops nothing here. */
export function tell<T>(listener: ((what: T) => void) | undefined, what: T): void {
  try {
    listener?.(what)
  } catch (error) {
    reportError(error)
  }
}
