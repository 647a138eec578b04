/** Phrases and words beyond these limits are ignored. */
const MAX_PHRASES = 32
const MAX_WORDS = 64

/** The words of SQLite's porter tokenizer: ASCII letters, digits and `_`, and all characters outside ASCII. */
const WORDS = /[A-Za-z0-9_\u0080-\uffff]+/g
/** A quoted phrase, whose closing quote may be missing, or a run without spaces. */
const CHUNKS = /"([^"]*)"?|[^\s"]+/g

/** Whether a result must match all words and phrases of the query, or any of them. */
export type Matching = 'all' | 'any'

/**
 * Converts the text of a search box into a valid expression for SQLite's full-text search. It supports `word`, `prefix*` and
 * `"a phrase"`; words joined without a space, such as `edge-case`, are a phrase, too. Operators are ordinary words.
 * @returns undefined if the text contains no word.
 */
export function matchExpression(text: string, matching: Matching): string | undefined {
  const phrases = new Set<string>()
  let words = 0
  for (const [chunk, quoted] of text.toWellFormed().matchAll(CHUNKS)) {
    const matches = wordsOf(quoted ?? chunk).slice(0, MAX_WORDS - words)
    if (phrases.size === MAX_PHRASES || words === MAX_WORDS) break
    if (matches.length === 0) continue
    words += matches.length
    phrases.add(`"${matches.join(' ')}"`)
  }
  return phrases.size === 0 ? undefined : [...phrases].join(matching === 'all' ? ' ' : ' OR ')
}

/** The number of words that SQLite's tokenizer finds in a text. */
export function countWords(text: string): number {
  return text.match(WORDS)?.length ?? 0
}

/** The words of a chunk; prefixes keep their asterisk. */
function wordsOf(chunk: string): string[] {
  return Array.from(chunk.matchAll(WORDS), ({ 0: word, index }) =>
    chunk[index + word.length] === '*' ? `${word}*` : word,
  )
}
