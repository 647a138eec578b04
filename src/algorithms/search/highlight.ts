/** A piece of a text; `isHit` where it is what was searched for. */
export interface TextPart {
  readonly text: string
  readonly isHit: boolean
}

/** A run of bytes in the UTF-8 of a text. */
export interface ByteRange {
  readonly start: number
  readonly length: number
}

/** Of a long text, so many bytes around the most hits are shown. */
const SHOWN = 240
const BEFORE = 40

/**
 * A text, or of a long one the stretch with the most hits, cut at spaces and with `…` where something was left out. The
 * parts need no markers, so nothing in a text can be taken for one.
 */
export function highlighted(text: string, hits: readonly ByteRange[]): TextPart[] {
  const bytes = new TextEncoder().encode(text)
  const ranges = merged(hits)
  const { start, end } = stretch(bytes, ranges)
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

/** Sorted, those that overlap or touch as one. */
function merged(ranges: readonly ByteRange[]): ByteRange[] {
  const all: { start: number; length: number }[] = []
  for (const { start, length } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1)
    if (last && start <= last.start + last.length) last.length = Math.max(last.length, start + length - last.start)
    else all.push({ start, length })
  }
  return all
}

function stretch(bytes: Uint8Array, ranges: readonly ByteRange[]): { start: number; end: number } {
  if (bytes.length <= SHOWN) return { start: 0, end: bytes.length }
  let best = { from: 0, count: 0 }
  let last = 0
  for (const [i, { start }] of ranges.entries()) {
    while (last < ranges.length && endOf(ranges[last]) <= start + SHOWN - BEFORE) last++
    if (last - i > best.count) best = { from: start, count: last - i }
  }
  const start = cut(bytes, Math.max(0, best.from - BEFORE), best.from)
  const wanted = Math.max(start + SHOWN, ...ranges.filter((range) => range.start === best.from).map(endOf))
  return { start, end: cutBack(bytes, Math.min(bytes.length, wanted), ranges, start) }
}

function endOf(range: ByteRange | undefined): number {
  return range ? range.start + range.length : 0
}

/** Behind the next space, at the latest where the hit begins. */
function cut(bytes: Uint8Array, from: number, latest: number): number {
  if (from === 0) return 0
  for (let i = from; i < latest; i++) if (bytes[i] === SPACE) return i + 1
  return latest
}

/** Before the last space that is in no hit, else at the beginning of a character. */
function cutBack(bytes: Uint8Array, from: number, ranges: readonly ByteRange[], least: number): number {
  if (from === bytes.length) return from
  const floor = Math.max(least, ...ranges.map(endOf).filter((end) => end <= from))
  for (let i = from; i > floor; i--) if (bytes[i] === SPACE) return i
  let end = from
  while (end > floor && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return end
}

const SPACE = 0x20
