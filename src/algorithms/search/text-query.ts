/** What people type into a search box, made into an expression of SQLite's full-text search that cannot fail. */

/** So many phrases and words of a query count; the rest is left out. */
const MOST_PHRASES = 32
const MOST_WORDS = 64

/** What SQLite's porter tokenizer takes for words: ASCII letters, digits and `_`, and everything that is not ASCII. */
const WORDS = /[A-Za-z0-9_\u0080-\uffff]+/g
/** Something in quotes, which may lack the last one, or what stands between spaces. */
const CHUNKS = /"([^"]*)"?|[^\s"]+/g

/** Whether a hit has all words and phrases that are searched for, or any of them. */
export type Matching = 'all' | 'any'

/**
 * The expression to match, or undefined where nothing is asked for. `word`, `begin*`, `"some words"`; what stands together
 * without a space, such as `edge-case`, is a phrase too. Nothing else has a meaning: operators are words.
 * @param matching whether all phrases must be there, or any.
 */
export function matchExpression(text: string, matching: Matching): string | undefined {
  const phrases = new Set<string>()
  let words = 0
  for (const [chunk, quoted] of text.toWellFormed().matchAll(CHUNKS)) {
    const found = wordsOf(quoted ?? chunk).slice(0, MOST_WORDS - words)
    if (phrases.size === MOST_PHRASES || words === MOST_WORDS) break
    if (found.length === 0) continue
    words += found.length
    phrases.add(`"${found.join(' ')}"`)
  }
  return phrases.size === 0 ? undefined : [...phrases].join(matching === 'all' ? ' ' : ' OR ')
}

/** How many words SQLite finds in a text. */
export function countWords(text: string): number {
  return text.match(WORDS)?.length ?? 0
}

/** With the asterisk of those that are only the beginning of a word. */
function wordsOf(chunk: string): string[] {
  return Array.from(chunk.matchAll(WORDS), ({ 0: word, index }) =>
    chunk[index + word.length] === '*' ? `${word}*` : word,
  )
}
