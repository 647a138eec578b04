/** Calls a listener. What it throws is reported and does not reach the caller. */
export function notify<T>(listener: ((event: T) => void) | undefined, event: T): void {
  try {
    listener?.(event)
  } catch (error) {
    reportError(error)
  }
}
