import type { ClientPlatform } from '../protocol/channel.ts'
import { newSeed } from './defaults.ts'

/** The length of a frame on a usual screen, where nothing is drawn. */
const FRAME_MS = 16
/** A page that is hidden before its frame would otherwise wait until it is visible again. */
const MAX_FRAME_MS = 100

/** What clients need, in every supported runtime. */
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
    }, MAX_FRAME_MS)
    const frame = requestAnimationFrame(() => {
      clearTimeout(late)
      callback()
    })
  },
  later(ms, callback) {
    setTimeout(callback, ms)
  },
  report(error) {
    // An exception would end the process: Node has no reportError, and that of Deno and Bun raises one. A warning is
    // printed and can be listened to.
    if (typeof process === 'object' && typeof process.emitWarning === 'function') {
      process.emitWarning(error instanceof Error ? error : String(error))
    } else if (typeof reportError === 'function') reportError(error)
    // biome-ignore lint/suspicious/noConsole: Vercel's edge runtime has neither, and its console is its log.
    else console.error(error)
  },
  newSeed,
  elapsed: () => performance.now(),
}
