/** Numbers as text. */

export function countText(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** @param share in [0, 1]; shown in percent with one decimal. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)}\u00a0%`
}
