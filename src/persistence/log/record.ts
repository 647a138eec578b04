import { StoreError } from '../../errors.ts'
import { encodeFrame, type Frame } from './frame.ts'

/** A value that SQLite stores. */
export type RecordedValue = number | string | Uint8Array | null

/** A commit as the log records it: its sequence, and the statements that it ran. */
export interface RecordedCommit {
  readonly sequence: number
  readonly statements: readonly { readonly sql: string; readonly values: readonly RecordedValue[] }[]
}

/** A value in JSON: strings, null and most numbers as they are; values that JSON would change as a tagged list. */
type JsonValue = string | number | null | readonly ['n', string] | readonly ['b', string]

/** A statement in JSON: its number, its SQL at its first use in the segment (0 later), and its values. */
type JsonStatement = readonly [number: number, sql: string | 0, ...values: JsonValue[]]

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Encodes the commits of one log segment. The first record that uses a statement carries its SQL, later ones its
 * number, so that any version of the code can read the segment.
 */
export class RecordWriter {
  readonly #numbers = new Map<string, number>()

  /** @param first the first sequence that may not be on the disk yet */
  encode(commit: RecordedCommit, first: number): Uint8Array {
    const statements = commit.statements.map(({ sql, values }): JsonStatement => {
      const known = this.#numbers.get(sql)
      if (known !== undefined) return [known, 0, ...values.map(toJson)]
      this.#numbers.set(sql, this.#numbers.size)
      return [this.#numbers.size - 1, sql, ...values.map(toJson)]
    })
    return encodeFrame({ sequence: commit.sequence, first, payload: encoder.encode(JSON.stringify(statements)) })
  }
}

/** Decodes the records of one log segment, in their order. */
export class RecordReader {
  readonly #texts = new Map<number, string>()

  /** Decodes the frames of a log in their order: a later one may refer to the text of an earlier one. */
  decode({ sequence, payload }: Frame): RecordedCommit {
    const statements = JSON.parse(decoder.decode(payload)) as JsonStatement[]
    return {
      sequence,
      statements: statements.map(([number, sql, ...values]) => {
        if (sql !== 0) this.#texts.set(number, sql)
        return { sql: this.#texts.get(number) ?? '', values: values.map(fromJson) }
      }),
    }
  }
}

/** The approximate size of a commit's values, to limit what is pending. */
export function estimatedBytes({ statements }: RecordedCommit): number {
  let bytes = 40
  for (const { values } of statements) {
    bytes += 16
    for (const value of values) bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length + 4 : 8
  }
  return bytes
}

/**
 * A record is one JSON text, JavaScript limits the length of strings, and an escape can turn one character into six.
 */
const MAX_COMMIT_BYTES = 64 * 1024 * 1024

/** @throws INVALID_ARGUMENT for more than one record can hold */
export function checkSize(statements: RecordedCommit['statements']): void {
  const bytes = estimatedBytes({ sequence: 0, statements })
  if (bytes <= MAX_COMMIT_BYTES) return
  const expected = `Expected an operation of at most ${MAX_COMMIT_BYTES} bytes`
  throw new StoreError('INVALID_ARGUMENT', `${expected}, got about ${bytes} bytes; split it`)
}

function toJson(value: RecordedValue): JsonValue {
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : ['n', Object.is(value, -0) ? '-0' : String(value)]
  }
  return value instanceof Uint8Array ? ['b', toBase64(value)] : value
}

function fromJson(value: JsonValue): RecordedValue {
  if (typeof value !== 'object' || value === null) return value
  const [tag, text] = value
  return tag === 'n' ? Number(text) : Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
