/**
 * Runs the work in one tab at a time. A tab that is closed or hidden hands over to the next one; a hidden tab continues if
 * there is no other. Rejects with the error of the work.
 */
export async function whileElected(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<never> {
  for (;;) {
    await navigator.locks.request(name, async () => {
      const stop = new AbortController()
      const onChange = (): void => {
        if (document.visibilityState === 'hidden') stop.abort()
      }
      document.addEventListener('visibilitychange', onChange)
      try {
        await work(stop.signal)
      } finally {
        document.removeEventListener('visibilitychange', onChange)
      }
    })
  }
}
