/**
 * Whether a text matches a pattern in which `*` matches any run of characters. Each part matches at its first occurrence, which is
 * sufficient without other wildcards, so there is no backtracking.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return text === pattern
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const index = text.indexOf(part, at)
    if (index < 0) return false
    at = index + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
