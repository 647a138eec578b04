/**
 * Does the work in one tab at a time. The tab that does it gives way when it is closed or hidden, and the next one begins;
 * a hidden one goes on where there is no other. Rejects as the work does.
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
