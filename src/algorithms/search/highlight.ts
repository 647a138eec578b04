/** A part of a highlighted text. */
export interface TextPart {
  readonly text: string
  /** Whether the part matches the query. */
  readonly isHit: boolean
}

/** A range of bytes in the UTF-8 encoding of a text. */
export interface ByteRange {
  readonly start: number
  readonly length: number
}

/** Length of an excerpt of a long text, and of the context before its first hit, in bytes. */
const EXCERPT = 240
const CONTEXT = 40

/**
 * Splits a text into hits and the text between them. A long text is cut at spaces to the excerpt with the most hits, with `…`
 * for omitted text. Returns parts instead of marked-up text, so that nothing in the text can be mistaken for markup.
 */
export function highlighted(text: string, hits: readonly ByteRange[]): TextPart[] {
  const bytes = new TextEncoder().encode(text)
  const ranges = merged(hits)
  const { start, end } = excerpt(bytes, ranges)
  const decoder = new TextDecoder()
  const parts: TextPart[] = []
  const add = (from: number, to: number, isHit: boolean): void => {
    if (to > from) parts.push({ text: decoder.decode(bytes.subarray(from, to)), isHit })
  }
  if (start > 0) parts.push({ text: '…', isHit: false })
  let at = start
  for (const range of ranges) {
    const until = range.start + range.length
    if (range.start < at || until > end) continue
    add(at, range.start, false)
    add(range.start, until, true)
    at = until
  }
  add(at, end, false)
  if (end < bytes.length) parts.push({ text: '…', isHit: false })
  return parts
}

/** Sorts the ranges and joins those that overlap or touch. */
function merged(ranges: readonly ByteRange[]): ByteRange[] {
  const all: { start: number; length: number }[] = []
  for (const { start, length } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1)
    if (last && start <= last.start + last.length) last.length = Math.max(last.length, start + length - last.start)
    else all.push({ start, length })
  }
  return all
}

function excerpt(bytes: Uint8Array, ranges: readonly ByteRange[]): { start: number; end: number } {
  if (bytes.length <= EXCERPT) return { start: 0, end: bytes.length }
  let best = { from: 0, count: 0 }
  let last = 0
  for (const [i, { start }] of ranges.entries()) {
    while (last < ranges.length && endOf(ranges[last]) <= start + EXCERPT - CONTEXT) last++
    if (last - i > best.count) best = { from: start, count: last - i }
  }
  const start = cut(bytes, Math.max(0, best.from - CONTEXT), best.from)
  const wanted = Math.max(start + EXCERPT, ...ranges.filter((range) => range.start === best.from).map(endOf))
  return { start, end: cutBack(bytes, Math.min(bytes.length, wanted), ranges, start) }
}

function endOf(range: ByteRange | undefined): number {
  return range ? range.start + range.length : 0
}

/** The position after the next space, at most `latest`. */
function cut(bytes: Uint8Array, from: number, latest: number): number {
  if (from === 0) return 0
  for (let i = from; i < latest; i++) if (bytes[i] === SPACE) return i + 1
  return latest
}

/** The position of the last space outside of hits, else the start of a character. */
function cutBack(bytes: Uint8Array, from: number, ranges: readonly ByteRange[], least: number): number {
  if (from === bytes.length) return from
  const floor = Math.max(least, ...ranges.map(endOf).filter((end) => end <= from))
  for (let i = from; i > floor; i--) if (bytes[i] === SPACE) return i
  let end = from
  while (end > floor && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return end
}

const SPACE = 0x20
