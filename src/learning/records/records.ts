import { checkCount, checkName, checkOptions, checkRowId, invalid } from '../../checks.ts'
import { RecordTable, type Shape } from '../../tables/record-table.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'
import { checkField } from './record-checks.ts'

/** A record with an id that is unique among its kind. */
export interface Identified {
  /** The id. */
  readonly id: string | number
}

/** A record to create: its required fields, and optional ones. Default of `id`: a new id. */
export type NewRecord<R extends Identified, RequiredKeys extends keyof R, OptionalKeys extends keyof R> = Pick<
  R,
  RequiredKeys
> &
  Partial<Pick<R, OptionalKeys | 'id'>>

/** A page of a list. */
export interface PageOptions {
  /** Maximum number of records. Default: 100. */
  readonly limit?: number
  /** Number of records to skip. Default: 0. */
  readonly offset?: number
}

/** The rules of one kind of record. */
export interface RecordRules<
  R,
  RequiredKeys extends keyof R,
  OptionalKeys extends keyof R,
  MutableKeys extends keyof R,
> {
  /** The name of the kind with its article, for messages. */
  readonly what: string
  /** The fields that a new record must have. */
  readonly required: readonly (RequiredKeys & string)[]
  /** The fields that a new record may have, with their defaults. */
  readonly defaults: Pick<R, OptionalKeys>
  /** The fields that can be updated. */
  readonly mutable: readonly (MutableKeys & string)[]
  /** The derived fields of a new record. May throw INVALID_ARGUMENT. @param now ISO 8601 in UTC. */
  create(
    given: Pick<R, RequiredKeys | OptionalKeys>,
    now: string,
  ): Omit<R, RequiredKeys | OptionalKeys | 'id'> & Partial<R>
  /** The derived fields of a record with these changes. May throw INVALID_ARGUMENT. */
  update?(before: R, changes: Partial<Pick<R, MutableKeys>>, now: string): Partial<R>
}

/** Records of one kind by id. Expired records do not exist. */
export class Records<
  R extends Identified,
  RequiredKeys extends keyof R,
  OptionalKeys extends keyof R,
  MutableKeys extends keyof R,
  FilterKeys extends keyof R,
> {
  readonly #core: Core
  readonly #table: RecordTable<R>
  readonly #shape: Shape<R, FilterKeys>
  readonly #rules: RecordRules<R, RequiredKeys, OptionalKeys, MutableKeys>

  constructor(core: Core, shape: Shape<R, FilterKeys>, rules: RecordRules<R, RequiredKeys, OptionalKeys, MutableKeys>) {
    this.#core = core
    this.#table = new RecordTable(core.connection, shape)
    this.#shape = shape
    this.#rules = rules
  }

  /**
   * Creates a record.
   *
   * @returns its id.
   * @throws INVALID_ARGUMENT
   */
  create(record: NewRecord<R, RequiredKeys, OptionalKeys>): R['id'] {
    const { what, required, defaults } = this.#rules
    const optional = Object.keys(defaults) as (OptionalKeys & string)[]
    const given: object = checkOptions(record, what, ['id', ...required, ...optional])
    const checked = this.#checked({ ...defaults, ...defined(given) }, [...required, ...optional])
    const id = this.#newId(record.id)
    return this.#core.transaction(() => {
      const now = this.#core.now()
      const fields = checked as unknown as Pick<R, RequiredKeys | OptionalKeys>
      const row = { ...fields, ...this.#rules.create(fields, isoTime(now)), id } as unknown as R
      const added = this.#table.insert(row) ?? (this.#table.removeExpired(now) ? this.#table.insert(row) : undefined)
      if (added === undefined) throw invalid(what, 'a new one', id)
      return added
    })
  }

  /**
   * Returns one record.
   *
   * @returns undefined if there is none with this id.
   * @throws INVALID_ARGUMENT
   */
  get(id: R['id']): R | undefined {
    return this.#table.get(this.#checkId(id), this.#core.now())
  }

  /**
   * Lists records whose fields equal the given ones; null matches null.
   *
   * @throws INVALID_ARGUMENT
   */
  list(options: Partial<Pick<R, FilterKeys>> & PageOptions = {}): R[] {
    const { filters } = this.#shape
    const given: PageOptions = checkOptions(options, 'the options', ['limit', 'offset', ...filters])
    const { limit = 100, offset = 0 } = given
    const criteria = defined(given)
    const by = this.#checked(
      criteria,
      filters.filter((field) => Object.hasOwn(criteria, field)),
    )
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    return this.#table.list(by as Partial<R>, ...page, this.#core.now())
  }

  /**
   * Updates the given fields of a record.
   *
   * @returns false if there is no record with this id.
   * @throws INVALID_ARGUMENT
   */
  update(id: R['id'], changes: Partial<Pick<R, MutableKeys>>): boolean {
    const given = defined(checkOptions(changes, 'the changes', this.#rules.mutable))
    const checked = this.#checked(given, Object.keys(given)) as Partial<R> & Partial<Pick<R, MutableKeys>>
    const after = this.change(id, (before, now) => ({ ...checked, ...this.#rules.update?.(before, checked, now) }))
    return after !== undefined
  }

  /**
   * Deletes a record.
   *
   * @returns false if there is no record with this id.
   * @throws INVALID_ARGUMENT
   */
  delete(id: R['id']): boolean {
    const checked = this.#checkId(id)
    return this.#core.transaction(() => {
      const exists = this.#table.get(checked, this.#core.now()) !== undefined
      if (exists) this.#table.remove(checked)
      return exists
    })
  }

  /** Changes a record. @returns the changed record; undefined if there is none. */
  protected change(id: R['id'], work: (before: R, now: string) => Partial<R>): R | undefined {
    const checked = this.#checkId(id)
    return this.#core.transaction(() => {
      const now = this.#core.now()
      const before = this.#table.get(checked, now)
      if (!before) return undefined
      const after = { ...before, ...work(before, isoTime(now)) }
      this.#table.update(after)
      return after
    })
  }

  /** A record that has expired and was not removed yet. */
  protected expired(id: R['id']): R | undefined {
    return this.get(id) === undefined ? this.#table.get(id, BEFORE_ALL) : undefined
  }

  #checked(given: object, fields: readonly string[]): Record<string, unknown> {
    const kinds: { readonly [field: string]: string | readonly string[] } = this.#shape.columns
    const values = given as { readonly [field: string]: unknown }
    return Object.fromEntries(fields.map((field) => [field, checkField(values[field], kinds[field] ?? 'json', field)]))
  }

  #checkId(id: unknown): R['id'] {
    return this.#isNumbered ? checkRowId(id, 'id') : checkName(id, 'id')
  }

  /** Null if SQLite assigns the next number. */
  #newId(id: unknown): R['id'] | null {
    if (id !== undefined) return this.#checkId(id)
    return this.#isNumbered ? null : this.#core.newId()
  }

  get #isNumbered(): boolean {
    return (this.#shape.columns as { readonly id: unknown }).id === 'count'
  }
}

/** A moment at which nothing has expired. */
const BEFORE_ALL = Number.NEGATIVE_INFINITY

/** Without fields that are undefined, which count as absent. */
function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
