/** After any of these events the page may be frozen, discarded or closed without another one. */
const EVENTS = [
  ['document', 'visibilitychange'],
  ['document', 'freeze'],
  ['window', 'pagehide'],
] as const

/**
 * Calls back whenever the page may be about to end. Returns a function that stops it. Does nothing outside of pages.
 */
export function onPageHide(callback: () => void): () => void {
  const listen = (event: Event): void => {
    if (event.type !== 'visibilitychange' || document.visibilityState === 'hidden') callback()
  }
  if (typeof document !== 'object') return () => {}
  const targets = { document, window }
  for (const [target, type] of EVENTS) targets[target].addEventListener(type, listen)
  return () => {
    for (const [target, type] of EVENTS) targets[target].removeEventListener(type, listen)
  }
}
