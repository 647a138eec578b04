const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What the process was asked to do. */
export interface StopSignal {
  /** Resolves with the first SIGINT or SIGTERM. The second one ends the process at once. */
  readonly received: Promise<NodeJS.Signals>
  /** Stops listening. */
  end(): void
}

/** Listens for the signals that ask a process to stop, so that it can finish what it does. */
export function stopSignal(): StopSignal {
  let isFirst = true
  let end = (): void => {}
  const received = new Promise<NodeJS.Signals>((resolve) => {
    const listener = (signal: NodeJS.Signals): void => {
      if (!isFirst) process.exit(signal === 'SIGINT' ? 130 : 143)
      isFirst = false
      resolve(signal)
    }
    for (const signal of SIGNALS) process.on(signal, listener)
    end = () => {
      for (const signal of SIGNALS) process.removeListener(signal, listener)
    }
  })
  return { received, end: () => end() }
}
