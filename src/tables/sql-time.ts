let lastSecond = Number.NaN
let lastText = ''

/** UTC text as SQLite's CURRENT_TIMESTAMP gives it, `YYYY-MM-DD HH:MM:SS`. @param now in ms since the epoch. */
export function sqlTime(now: number): string {
  const second = Math.floor(now / 1000)
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')
    lastSecond = second
  }
  return lastText
}
