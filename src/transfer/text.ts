import { StoreError } from '../errors.ts'

/** Maximum size of a text source in bytes: the length that strings can have in every engine. */
export const MAX_TEXT_BYTES: number = 256 * 1024 * 1024
/** Approximate length of a chunk of an export, in characters. */
const CHUNK = 64 * 1024

/** The encoding of a text: UTF-8, or UTF-16 with a byte order mark, as spreadsheets write "Unicode text". */
export function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** Decodes as `textOf` does, with invalid text replaced. */
export function decoded(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes)
}

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark, and removes the mark.
 * @throws NOT_A_STORE for other bytes, INVALID_ARGUMENT for more than 256 MiB.
 */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length > MAX_TEXT_BYTES) {
    throw new StoreError('INVALID_ARGUMENT', `Expected at most ${MAX_TEXT_BYTES} bytes of text, got ${bytes.length}`)
  }
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new StoreError('NOT_A_STORE', 'Expected text in UTF-8, got other bytes. Save the file as UTF-8', { cause })
  }
}

/** Parses a source that is JSON as a whole. @throws NOT_A_STORE */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StoreError('NOT_A_STORE', 'Expected a file of JSON, got other text', { cause })
  }
}

/** Parses a line of JSON. @throws INVALID_ARGUMENT */
export function jsonOfLine({ number, text }: Line): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const got = `\`${text.slice(0, 40)}\``
    throw new StoreError('INVALID_ARGUMENT', `Expected line ${number} to be JSON, got ${got}`, { cause })
  }
}

/** A line of a text. */
export interface Line {
  /** Line number, from 1. */
  readonly number: number
  readonly text: string
}

/** The lines of a text that are not blank. Lines end in LF or CRLF; the last line ending is optional. */
export function* linesOf(text: string): Generator<Line, void, undefined> {
  for (let start = 0, number = 1; start < text.length; number++) {
    const lineFeed = text.indexOf('\n', start)
    const end = lineFeed < 0 ? text.length : lineFeed
    const line = text.slice(start, end)
    if (line.trim() !== '') yield { number, text: line }
    start = end + 1
  }
}

/** Encodes the pieces of a text as UTF-8, in chunks of about 64 KiB, so that a large export can be streamed and stopped. */
export function* bytesOf(pieces: Iterable<string>): Generator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  let pending = ''
  for (const piece of pieces) {
    pending += piece
    if (pending.length < CHUNK) continue
    yield encoder.encode(pending)
    pending = ''
  }
  if (pending !== '') yield encoder.encode(pending)
}
