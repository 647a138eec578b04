import { checkCount, checkName, checkOptions, checkRowId, invalid } from '../../checks.ts'
import { RecordTable, type Shape } from '../../tables/record-table.ts'
import type { Core } from '../core/core.ts'
import { checkField } from './record-checks.ts'

/** A record that can be told apart from the others of its kind. */
export interface Identified {
  readonly id: string | number
}

/** What must and what may be told of a new record. Its id is made where it is not told. */
export type NewRecord<R extends Identified, Needed extends keyof R, Told extends keyof R> = Pick<R, Needed> &
  Partial<Pick<R, Told | 'id'>>

/** Which part of a list to answer. */
export interface PageOptions {
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** What is peculiar to one kind of record. */
export interface Rules<R, Needed extends keyof R, Told extends keyof R, Changing extends keyof R> {
  /** What one of them is called, with its article. */
  readonly what: string
  /** What must be told of a new one. */
  readonly needed: readonly (Needed & string)[]
  /** What may be told, and what holds where it is not. */
  readonly defaults: Pick<R, Told>
  /** What can be changed later. */
  readonly changing: readonly (Changing & string)[]
  /** The fields that nobody tells. It may throw INVALID_ARGUMENT. @param now in ms since the epoch. */
  made(told: Pick<R, Needed | Told>, now: number): Omit<R, Needed | Told | 'id'> & Partial<R>
  /** What else changes with these changes. It may throw INVALID_ARGUMENT. */
  changed?(before: R, changes: Partial<Pick<R, Changing>>, now: number): Partial<R>
}

/** Records of one kind: made, read, listed, changed and removed by their id. What has expired is not there. */
export class Records<
  R extends Identified,
  Needed extends keyof R,
  Told extends keyof R,
  Changing extends keyof R,
  By extends keyof R,
> {
  readonly #core: Core
  readonly #table: RecordTable<R>
  readonly #shape: Shape<R, By>
  readonly #rules: Rules<R, Needed, Told, Changing>

  constructor(core: Core, shape: Shape<R, By>, rules: Rules<R, Needed, Told, Changing>) {
    this.#core = core
    this.#table = new RecordTable(core.connection, shape)
    this.#shape = shape
    this.#rules = rules
  }

  /** Answers the id of the new record. @throws INVALID_ARGUMENT, also where there is one with this id. */
  create(record: NewRecord<R, Needed, Told>): R['id'] {
    const { what, needed, defaults } = this.#rules
    const told: object = checkOptions(record, what, ['id', ...needed, ...(Object.keys(defaults) as (Told & string)[])])
    const given = this.#checked({ ...defaults, ...present(told) }, [...needed, ...Object.keys(defaults)])
    const id = this.#newId(record.id)
    return this.#core.transaction(() => {
      const now = this.#core.now()
      const fields = given as unknown as Pick<R, Needed | Told>
      const made = { ...fields, ...this.#rules.made(fields, now), id } as unknown as R
      const added = this.#table.insert(made) ?? (this.#table.removeExpired(now) ? this.#table.insert(made) : undefined)
      if (added === undefined) throw invalid(what, 'a new one', id)
      return added
    })
  }

  /** Undefined where there is none. @throws INVALID_ARGUMENT */
  get(id: R['id']): R | undefined {
    return this.#table.get(this.#checkId(id), this.#core.now())
  }

  /** Those whose fields are what is asked for; null asks for a field that is null. @throws INVALID_ARGUMENT */
  list(options: Partial<Pick<R, By>> & PageOptions = {}): R[] {
    const { filters } = this.#shape
    const asked: PageOptions = checkOptions(options, 'the options', ['limit', 'offset', ...filters])
    const { limit = 100, offset = 0 } = asked
    const told = present(asked)
    const by = this.#checked(
      told,
      filters.filter((field) => Object.hasOwn(told, field)),
    )
    const page = [checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0)] as const
    return this.#table.list(by as Partial<R>, ...page, this.#core.now())
  }

  /**
   * The fields that are told have these values afterwards. Answers false where there is no such record.
   * @throws INVALID_ARGUMENT
   */
  update(id: R['id'], changes: Partial<Pick<R, Changing>>): boolean {
    const { changing } = this.#rules
    const told = present(checkOptions(changes, 'the changes', changing))
    const checked = this.#checked(told, Object.keys(told)) as Partial<R> & Partial<Pick<R, Changing>>
    const after = this.change(id, (before, now) => ({ ...checked, ...this.#rules.changed?.(before, checked, now) }))
    return after !== undefined
  }

  /** Answers whether there was one. */
  delete(id: R['id']): boolean {
    const checked = this.#checkId(id)
    return this.#core.transaction(() => {
      const isThere = this.#table.get(checked, this.#core.now()) !== undefined
      if (isThere) this.#table.remove(checked)
      return isThere
    })
  }

  /** Changes a record by what it was; answers what it is afterwards, or undefined where there is none. */
  protected change(id: R['id'], work: (before: R, now: number) => Partial<R>): R | undefined {
    const checked = this.#checkId(id)
    return this.#core.transaction(() => {
      const now = this.#core.now()
      const before = this.#table.get(checked, now)
      if (!before) return undefined
      const after = { ...before, ...work(before, now) }
      this.#table.update(after)
      return after
    })
  }

  /** One that has expired and was not removed yet. */
  protected expired(id: R['id']): R | undefined {
    return this.get(id) === undefined ? this.#table.get(id, BEFORE_ALL) : undefined
  }

  #checked(told: object, fields: readonly string[]): Record<string, unknown> {
    const kinds: { readonly [field: string]: string | readonly string[] } = this.#shape.columns
    const given = told as { readonly [field: string]: unknown }
    return Object.fromEntries(fields.map((field) => [field, checkField(given[field], kinds[field] ?? 'json', field)]))
  }

  #checkId(id: unknown): R['id'] {
    return this.#isNumbered ? checkRowId(id, 'id') : checkName(id, 'id')
  }

  /** Null stands for the next number. */
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

/** What is told: undefined counts as left out. */
function present(told: object): object {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}
