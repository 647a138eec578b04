import { checkCount, checkName, checkOptions } from '../../checks.ts'
import type { JsonValue } from '../../json-value.ts'
import { CrossSessionTable, type KeptRow } from '../../tables/cross-session.ts'
import { sqlTime } from '../../tables/sql-time.ts'
import type { Core } from '../core/core.ts'
import { checkLifetime, expiryOf } from '../records/lifetimes.ts'
import { checkPlain } from '../records/record-checks.ts'
import type { PageOptions } from '../records/records.ts'

/** What is kept from one session to the next. */
export interface KeptValue extends Omit<KeptRow, 'value' | 'metadata'> {
  readonly value: JsonValue
  readonly metadata: JsonValue
}

/** A value to keep under a key. */
export interface NewKeptValue {
  readonly key: string
  /** `default` unless given. */
  readonly namespace?: string
  readonly value: JsonValue
  readonly metadata?: JsonValue
  /** In seconds; 0, which stands for ever, unless given. */
  readonly ttl?: number
}

/** Memory from one session to the next, by namespace and key. It has no owners: whoever has the store may use it. */
export class CrossSession {
  readonly #core: Core
  readonly #table: CrossSessionTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new CrossSessionTable(core.connection)
  }

  /**
   * The namespace holds this under the key afterwards. Lifetimes end at a whole second, never early.
   * @throws INVALID_ARGUMENT
   */
  set(kept: NewKeptValue): void {
    const fields = ['key', 'namespace', 'value', 'metadata', 'ttl'] as const
    const { key, namespace = 'default', value, metadata = null, ttl = 0 } = checkOptions(kept, 'what to keep', fields)
    checkLifetime(ttl, 'ttl')
    const told = {
      ...{ key: checkName(key, 'key'), namespace: checkName(namespace, 'namespace'), ttl },
      value: JSON.stringify(checkPlain(value, 'value')),
      metadata: metadata === null ? null : JSON.stringify(checkPlain(metadata, 'metadata')),
    }
    this.#core.transaction(() => {
      const now = this.#core.now()
      const end = expiryOf(ttl, now)
      const expiresAt = end === null ? null : sqlTime(end + 999)
      this.#table.put({ ...told, createdAt: sqlTime(now), expiresAt })
    })
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT */
  get(key: string, namespace = 'default'): KeptValue | undefined {
    const row = this.#table.get(checkName(key, 'key'), checkName(namespace, 'namespace'), this.#core.now())
    return row && toKept(row)
  }

  /** By key. @throws INVALID_ARGUMENT */
  list(options: PageOptions & { readonly namespace?: string } = {}): KeptValue[] {
    const fields = ['namespace', 'limit', 'offset'] as const
    const { namespace = 'default', limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    return this.#table.list(checkName(namespace, 'namespace'), ...page, this.#core.now()).map(toKept)
  }

  /** Answers whether there was one. */
  delete(key: string, namespace = 'default'): boolean {
    checkName(key, 'key')
    checkName(namespace, 'namespace')
    return this.#core.transaction(() => {
      const isThere = this.#table.get(key, namespace, this.#core.now()) !== undefined
      if (isThere) this.#table.remove(key, namespace)
      return isThere
    })
  }
}

function toKept({ value, metadata, ...row }: KeptRow): KeptValue {
  return {
    ...row,
    value: JSON.parse(value) as JsonValue,
    metadata: metadata === null ? null : (JSON.parse(metadata) as JsonValue),
  }
}
