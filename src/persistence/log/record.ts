import { StoreError } from '../../errors.ts'
import { encodeFrame, type Frame } from './frame.ts'

/** A value as SQLite takes it. */
export type RecordedValue = number | string | Uint8Array | null

/** One commit as the log keeps it: its number and the writes it consists of. */
export interface RecordedCommit {
  readonly sequence: number
  readonly statements: readonly { readonly sql: string; readonly values: readonly RecordedValue[] }[]
}

/** A value in JSON: strings, null and most numbers as they are; what JSON would change, as a tagged list. */
type JsonValue = string | number | null | readonly ['n', string] | readonly ['b', string]

/** A statement in JSON: its number, its text where the segment has not named it before, and its values. */
type JsonStatement = readonly [number: number, sql: string | 0, ...values: JsonValue[]]

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Writes the commits of one log segment. The first record that uses a statement carries its text, later ones its number,
 * so that a segment can be read by any version of the code.
 */
export class RecordWriter {
  readonly #numbers = new Map<string, number>()

  /** @param first the first sequence that may not be on the disk yet. */
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

/** Reads the records of one log segment, in their order. */
export class RecordReader {
  readonly #texts = new Map<number, string>()

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

/** The size of a commit's values, near enough to bound a backlog. */
export function estimatedBytes({ statements }: RecordedCommit): number {
  let bytes = 40
  for (const { values } of statements) {
    bytes += 16
    for (const value of values) bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length + 4 : 8
  }
  return bytes
}

/** A record is one piece of JSON, and a string in JavaScript has its limit; escapes can make six characters of one. */
const MOST_COMMIT_BYTES = 64 * 1024 * 1024

/** @throws INVALID_ARGUMENT for more than one record can hold. */
export function checkSize(statements: RecordedCommit['statements']): void {
  const bytes = estimatedBytes({ sequence: 0, statements })
  if (bytes <= MOST_COMMIT_BYTES) return
  const most = `Expected an operation of at most ${MOST_COMMIT_BYTES} bytes`
  throw new StoreError('INVALID_ARGUMENT', `${most}, got one of about ${bytes}; split it`)
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
