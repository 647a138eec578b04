import { type FSWatcher, watch } from 'node:fs'

/** Not every file system reports changes: those of the network and of some containers do not. */
const LOOK_EVERY_MS = 1_000

/** Yields soon after each change in a folder, and once a second in any case, until the signal is aborted. */
export async function* changesIn(folder: string, signal: AbortSignal): AsyncGenerator<void> {
  let isDue = true
  let wake = (): void => {}
  const notify = (): void => {
    isDue = true
    wake()
  }
  const watcher = watched(folder, notify)
  const timer = setInterval(notify, LOOK_EVERY_MS)
  signal.addEventListener('abort', notify)
  try {
    while (!signal.aborted) {
      if (!isDue) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      isDue = false
      if (!signal.aborted) yield
    }
  } finally {
    signal.removeEventListener('abort', notify)
    clearInterval(timer)
    watcher?.close()
  }
}

/** Undefined if the folder does not exist or cannot be watched. */
function watched(folder: string, notify: () => void): FSWatcher | undefined {
  try {
    return watch(folder, notify).on('error', () => {})
  } catch {
    return undefined
  }
}
