import type { FacePlatform } from '../face/channel.ts'
import { newSeed } from './defaults.ts'

/** About what a screen takes for a frame, where nothing is drawn. */
const FRAME_MS = 16

/** What faces need, in every runtime that we know. */
export const facePlatform: FacePlatform = {
  nextFrame(callback) {
    // A hidden page draws no frames.
    if (typeof document === 'object' && document.visibilityState === 'visible') requestAnimationFrame(callback)
    else setTimeout(callback, FRAME_MS)
  },
  report(error) {
    if (typeof reportError === 'function') reportError(error)
    // Node has no reportError. A warning is printed and can be listened to; an exception would end the process.
    else process.emitWarning(error instanceof Error ? error : String(error))
  },
  newSeed,
}
