/** Numbers as people read them. */

export function countText(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** A share, in percent with one digit. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`
}
