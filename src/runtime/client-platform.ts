import type { ClientPlatform } from '../protocol/channel.ts'
import { newSeed } from './defaults.ts'

/** About what a screen takes for a frame, where nothing is drawn. */
const FRAME_MS = 16
/** A page that is hidden before its frame is drawn would wait until it is shown again. */
const LONGEST_FRAME_MS = 100

/** What clients need, in every runtime that we know. */
export const clientPlatform: ClientPlatform = {
  nextFrame(callback) {
    const isDrawn = typeof document === 'object' && document.visibilityState === 'visible'
    if (!isDrawn) {
      setTimeout(callback, FRAME_MS)
      return
    }
    const late = setTimeout(() => {
      cancelAnimationFrame(frame)
      callback()
    }, LONGEST_FRAME_MS)
    const frame = requestAnimationFrame(() => {
      clearTimeout(late)
      callback()
    })
  },
  later(ms, callback) {
    setTimeout(callback, ms)
  },
  report(error) {
    // An exception would end a process: Node has no reportError, and that of Deno and Bun raises one. A warning is printed
    // and can be listened to.
    if (typeof process === 'object' && typeof process.emitWarning === 'function') {
      process.emitWarning(error instanceof Error ? error : String(error))
    } else if (typeof reportError === 'function') reportError(error)
    // biome-ignore lint/suspicious/noConsole: Vercel's edge runtime has neither, and its console is its log.
    else console.error(error)
  },
  newSeed,
}
