/** The ending of a call. */
export interface Ending {
  /** `cancelled`: stopped by the caller. */
  readonly status: 'succeeded' | 'failed' | 'cancelled'
  /** The error of a call that failed. */
  readonly error?: unknown
}

/** Turns a failure into a cancellation if the signal is aborted. */
export function cancelledIfAborted(ending: Ending, signal: AbortSignal | undefined): Ending {
  return ending.status === 'failed' && signal?.aborted ? { ...ending, status: 'cancelled' } : ending
}

/** Reports only the first ending, or the abort of the signal: a caller that aborts may stop reading. */
export function firstEnding(
  signal: AbortSignal | undefined,
  onEnd: (ending: Ending) => void,
): (ending: Ending) => void {
  let isOver = false
  const end = (ending: Ending): void => {
    if (!isOver) onEnd(ending)
    isOver = true
    signal?.removeEventListener('abort', stop)
  }
  const stop = (): void => end({ status: 'cancelled', error: signal?.reason })
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  return end
}

/** The same stream. Calls `onPart` for each part, and `onEnd` once. */
export function watchedStream<T>(
  stream: ReadableStream<T>,
  onPart: (part: T) => void,
  onEnd: (ending: Ending) => void,
): ReadableStream<T> {
  const reader = stream.getReader()
  let isCancelled = false
  const pull = async (controller: ReadableStreamDefaultController<T>): Promise<void> => {
    try {
      const read = await reader.read()
      if (isCancelled) return
      if (!read.done) {
        onPart(read.value)
        controller.enqueue(read.value)
      } else {
        onEnd({ status: 'succeeded' })
        controller.close()
      }
    } catch (error) {
      if (isCancelled) return
      onEnd({ status: 'failed', error })
      controller.error(error)
    }
  }
  const cancel = (reason: unknown): Promise<void> => {
    isCancelled = true
    onEnd({ status: 'cancelled' })
    return reader.cancel(reason)
  }
  // Nothing is read ahead.
  return new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
}

/** The same outputs. Calls `onEnd` once, with the last of them. */
export async function* watchedOutputs<T>(
  outputs: AsyncIterable<T>,
  onEnd: (ending: Ending, last: T | undefined) => void,
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
    onEnd(ending, last)
  }
}
