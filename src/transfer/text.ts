import { StoreError } from '../errors.ts'

/** The most bytes that a source of text may have: what every engine can hold as one string. */
export const LARGEST_TEXT: number = 256 * 1024 * 1024
/** About as many characters as a chunk of an export has. */
const CHUNK = 64 * 1024

/**
 * A source as text; a byte order mark is left out.
 * @throws NOT_A_STORE for bytes that are not UTF-8, INVALID_ARGUMENT for more than 256 MiB.
 */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length > LARGEST_TEXT) {
    throw new StoreError('INVALID_ARGUMENT', `Expected at most ${LARGEST_TEXT} bytes of text, got ${bytes.length}`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new StoreError('NOT_A_STORE', 'Expected text in UTF-8, got bytes that are none', { cause })
  }
}

/** The value that a whole source is the JSON of. @throws NOT_A_STORE */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StoreError('NOT_A_STORE', 'Expected a file of JSON, got text that is none', { cause })
  }
}

/** The value that a line is the JSON of. @throws INVALID_ARGUMENT */
export function jsonOfLine({ number, text }: Line): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const got = `\`${text.slice(0, 40)}\``
    throw new StoreError('INVALID_ARGUMENT', `Expected line ${number} to be JSON, got ${got}`, { cause })
  }
}

/** A line of a text, counted from 1. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** The lines that hold something. They end in LF or CRLF; the last one need not. */
export function* linesOf(text: string): Generator<Line, void, undefined> {
  for (let start = 0, number = 1; start < text.length; number++) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const line = text.slice(start, end)
    if (line.trim() !== '') yield { number, text: line }
    start = end + 1
  }
}

/** The pieces of a text as UTF-8, in chunks of about 64 KiB, so that a large export can be streamed and stopped. */
export function* bytesOf(pieces: Iterable<string>): Generator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  let waiting = ''
  for (const piece of pieces) {
    waiting += piece
    if (waiting.length < CHUNK) continue
    yield encoder.encode(waiting)
    waiting = ''
  }
  if (waiting !== '') yield encoder.encode(waiting)
}
