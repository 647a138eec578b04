import { HASH_START, hashEnd, hashText, hashUnit } from './feature-hash.ts'

/** Words of a text beyond these are not read, so that a long document costs as much as a page. */
const MOST_WORDS = 1_000
/** The length of the character n-grams, word boundaries included. */
const GRAM = 4
const LONGEST_WORD = 24
const LONGEST_CATEGORY = 64
const WORDS_OF_CATEGORY = 3
const QUOTE = 0x22
const SPACE = 0x20
const STAR = 0x2a

/**
 * The words of a text in lower case. An ideograph, a kana and a surrogate pair are words of their own, because such texts have no
 * spaces; pairs of words are pairs of characters there. Not by the classes of regular expressions, which grow with each
 * version of Unicode: equal texts must have equal features in every engine.
 */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase()
  const words: string[] = []
  let start = -1
  for (let i = 0; i <= lower.length && words.length < MOST_WORDS; i++) {
    const unit = i < lower.length ? lower.charCodeAt(i) : SPACE
    const single = isSingle(unit)
    if (isWordUnit(unit) && !single) {
      if (start === -1) start = i
      continue
    }
    if (start !== -1) words.push(lower.slice(start, i))
    start = -1
    if (!single) continue
    const length = isHighSurrogate(unit) ? 2 : 1
    words.push(lower.slice(i, i + length))
    i += length - 1
  }
  return words
}

/** Whether a string is a text: of more than one word, or of one so long that only its parts recur. */
export function isText(value: string): boolean {
  return value.length > LONGEST_WORD || wordStarts(value, 2) > 1
}

/** Whether a string can be a category. The whole of a longer text hardly recurs, and takes from what its words learn. */
export function isCategory(value: string): boolean {
  return value.length <= LONGEST_CATEGORY && wordStarts(value, WORDS_OF_CATEGORY + 1) <= WORDS_OF_CATEGORY
}

/** The number of words of a text, counted up to `most`. */
function wordStarts(text: string, most: number): number {
  let [count, isInside] = [0, false]
  for (let i = 0; i < text.length && count < most; i++) {
    const unit = text.charCodeAt(i)
    const isWord = isWordUnit(unit)
    if (isWord && (!isInside || isSingle(unit))) count++
    isInside = isWord
  }
  return count
}

/**
 * Calls back with the hash of each feature of a text: words, pairs of neighboring words, and character n-grams of four within
 * words. The hashes are those of the names that `textNames` returns. A feature that recurs is passed again.
 */
export function hashTextFeatures(path: string, words: readonly string[], add: (hash: number) => void): void {
  const start = hashText(HASH_START, `${path}~"`)
  let before: number | undefined
  for (const word of words) {
    const hash = hashText(start, word)
    add(hashEnd(hashUnit(hash, QUOTE)))
    if (before !== undefined) add(hashEnd(hashUnit(hashText(hashUnit(before, SPACE), word), QUOTE)))
    before = hash
    const last = word.length - GRAM + 2
    for (let k = -1; last > 0 && k < last; k++) {
      const opened = k < 0 ? start : hashUnit(start, STAR)
      const inner = hashText(opened, word, Math.max(0, k), Math.min(word.length, k + GRAM))
      add(hashEnd(hashUnit(k + GRAM > word.length ? inner : hashUnit(inner, STAR), QUOTE)))
    }
  }
}

/** The names of the features of a text, each once: `query~"book"`, `query~"book flight"`, and `query~"*ligh*"` for an n-gram. */
export function textNames(path: string, words: readonly string[], onlyWords: boolean): string[] {
  const names = new Set<string>()
  for (const [i, word] of words.entries()) {
    names.add(`${path}~"${word}"`)
    if (onlyWords) continue
    if (i > 0) names.add(`${path}~"${words[i - 1]} ${word}"`)
    const last = word.length - GRAM + 2
    for (let k = -1; last > 0 && k < last; k++) {
      const inner = word.slice(Math.max(0, k), k + GRAM)
      names.add(`${path}~"${k < 0 ? '' : '*'}${inner}${k + GRAM > word.length ? '' : '*'}"`)
    }
  }
  return [...names]
}

function isWordUnit(unit: number): boolean {
  if (unit < 0x80)
    return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a)
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba
  if (unit === 0xd7 || unit === 0xf7) return false
  // General punctuation and symbols, CJK punctuation, full-width punctuation.
  if (unit >= 0x2000 && unit <= 0x2bff) return false
  if (unit >= 0x3000 && unit <= 0x3004) return false
  if (unit >= 0x3008 && unit <= 0x3020) return false
  return !(unit >= 0xff00 && unit <= 0xff0f) && !(unit >= 0xff1a && unit <= 0xff20)
}

/** Kana and ideographs, and surrogate pairs: rarer ideographs, and emoji. */
function isSingle(unit: number): boolean {
  return (unit >= 0x3041 && unit <= 0x9fff) || (unit >= 0xf900 && unit <= 0xfaff) || isHighSurrogate(unit)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
