import { checkCount, checkName, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { CrossSessionTable, type MemoryStoreRow } from '../../tables/cross-session.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { checkLifetime, expiryOf } from '../records/lifetimes.ts'
import { checkPlain } from '../records/record-checks.ts'
import type { PageOptions } from '../records/records.ts'

/** A value that is kept from one session to the next. */
export interface KeptValue extends Omit<MemoryStoreRow, 'value' | 'metadata'> {
  /** The value. */
  readonly value: JsonValue
  /** Metadata of the value, or null. */
  readonly metadata: JsonValue
}

/** A value to set under a namespace and key. */
export interface NewKeptValue {
  /** The key. */
  readonly key: string
  /** The namespace of the key. Default: `default`. */
  readonly namespace?: string
  /** The value. */
  readonly value: JsonValue
  /** Metadata of the value. Default: null. */
  readonly metadata?: JsonValue
  /** A lifetime in ms; 0 is for ever. Default: 0. */
  readonly ttlMs?: number
}

/** Values that are kept from one session to the next, by namespace and key. They have no owners or access levels. */
export class CrossSession {
  readonly #core: Core
  readonly #table: CrossSessionTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new CrossSessionTable(core.connection)
  }

  /**
   * Sets the value of a key.
   *
   * @throws INVALID_ARGUMENT
   */
  set(entry: NewKeptValue): void {
    const fields = ['key', 'namespace', 'value', 'metadata', 'ttlMs'] as const
    const { key, namespace = 'default', value, metadata = null, ttlMs = 0 } = checkOptions(entry, 'an entry', fields)
    const row = {
      key: checkName(key, 'key'),
      namespace: checkName(namespace, 'namespace'),
      ttlMs: checkLifetime(ttlMs, 'ttlMs'),
      value: JSON.stringify(checkPlain(value, 'value')),
      metadata: metadata === null ? null : JSON.stringify(checkPlain(metadata, 'metadata')),
    }
    this.#core.transaction(() => {
      const now = isoTime(this.#core.now())
      this.#table.put({ ...row, createdAt: now, expiresAt: expiryOf(ttlMs, now) })
    })
  }

  /**
   * Returns the value of a key.
   *
   * @returns undefined if there is none, or it has expired.
   * @throws INVALID_ARGUMENT
   */
  get(key: string, namespace = 'default'): KeptValue | undefined {
    const row = this.#table.get(checkName(key, 'key'), checkName(namespace, 'namespace'), this.#core.now())
    return row && toKept(row)
  }

  /**
   * Lists the values of a namespace, by default of `default`.
   *
   * @returns sorted by key.
   * @throws INVALID_ARGUMENT
   */
  list(options: PageOptions & { readonly namespace?: string } = {}): KeptValue[] {
    const fields = ['namespace', 'limit', 'offset'] as const
    const { namespace = 'default', limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    return this.#table.list(checkName(namespace, 'namespace'), ...page, this.#core.now()).map(toKept)
  }

  /**
   * Deletes the value of a key.
   *
   * @returns false if there is none.
   * @throws INVALID_ARGUMENT
   */
  delete(key: string, namespace = 'default'): boolean {
    checkName(key, 'key')
    checkName(namespace, 'namespace')
    return this.#core.transaction(() => {
      const exists = this.#table.get(key, namespace, this.#core.now()) !== undefined
      if (exists) this.#table.remove(key, namespace)
      return exists
    })
  }
}

function toKept({ value, metadata, ...row }: MemoryStoreRow): KeptValue {
  return {
    ...row,
    value: JSON.parse(value) as JsonValue,
    metadata: metadata === null ? null : (JSON.parse(metadata) as JsonValue),
  }
}
