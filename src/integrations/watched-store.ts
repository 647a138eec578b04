/** How something ended. */
export interface Ending {
  /** Cancelled by whoever made the call; failed otherwise. */
  readonly status: 'succeeded' | 'failed' | 'cancelled'
  /** What it threw. */
  readonly error?: unknown
}

/** What fails after the caller stopped it was cancelled. */
export function unlessAborted(ending: Ending, signal: AbortSignal | undefined): Ending {
  return ending.status === 'failed' && signal?.aborted ? { ...ending, status: 'cancelled' } : ending
}

/** Tells how something ended first: who stops it may stop listening too, without another word. */
export function firstEnding(signal: AbortSignal | undefined, tell: (ending: Ending) => void): (ending: Ending) => void {
  let isOver = false
  const end = (ending: Ending): void => {
    if (!isOver) tell(ending)
    isOver = true
    signal?.removeEventListener('abort', stop)
  }
  const stop = (): void => end({ status: 'cancelled', error: signal?.reason })
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  return end
}

/** The same stream; each part is shown on its way, and how it ended is told once. */
export function watchedStream<T>(
  stream: ReadableStream<T>,
  see: (part: T) => void,
  tell: (ending: Ending) => void,
): ReadableStream<T> {
  const reader = stream.getReader()
  let isCancelled = false
  const pull = async (controller: ReadableStreamDefaultController<T>): Promise<void> => {
    try {
      const read = await reader.read()
      if (isCancelled) return
      if (!read.done) {
        see(read.value)
        controller.enqueue(read.value)
      } else {
        tell({ status: 'succeeded' })
        controller.close()
      }
    } catch (error) {
      if (isCancelled) return
      tell({ status: 'failed', error })
      controller.error(error)
    }
  }
  const cancel = (reason: unknown): Promise<void> => {
    isCancelled = true
    tell({ status: 'cancelled' })
    return reader.cancel(reason)
  }
  // Nothing is read before it is asked for.
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
}

/** The same outputs; how they ended is told once, with the last of them. */
export async function* watchedOutputs<T>(
  outputs: AsyncIterable<T>,
  tell: (ending: Ending, last: T | undefined) => void,
): AsyncGenerator<T> {
  let ending: Ending = { status: 'cancelled' }
  let last: T | undefined
  try {
    for await (const output of outputs) {
      last = output
      yield output
    }
    ending = { status: 'succeeded' }
  } catch (error) {
    ending = { status: 'failed', error }
    throw error
  } finally {
    tell(ending, last)
  }
}
