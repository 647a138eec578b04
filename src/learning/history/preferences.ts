import { checkCount, checkName, checkNumber, checkOptions } from '../../checks.ts'
import { type Preference, PreferencesTable } from '../../tables/preferences.ts'
import type { Core } from '../core/core.ts'

/** A preference to keep: what a user would rather have, such as type `pattern`, value `parallel`. */
export interface NewPreference {
  readonly preferenceType: string
  readonly preferenceValue: string
  /** In [0, 1]; 1 unless given. */
  readonly weight?: number
}

/** Which preferences to answer. */
export interface ListPreferencesOptions {
  readonly preferenceType?: string
  /** 100 unless given. */
  readonly limit?: number
  readonly offset?: number
}

/** What users prefer, each value of a type once. */
export class Preferences {
  readonly #core: Core
  readonly #table: PreferencesTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new PreferencesTable(core.connection)
  }

  /** The preference has this weight afterwards. @throws INVALID_ARGUMENT */
  set(preference: NewPreference): void {
    const fields = ['preferenceType', 'preferenceValue', 'weight'] as const
    const { preferenceType, preferenceValue, weight = 1 } = checkOptions(preference, 'a preference', fields)
    checkName(preferenceType, 'preferenceType')
    checkName(preferenceValue, 'preferenceValue')
    checkNumber(weight, 'weight', 0, 1)
    this.#core.transaction(() => {
      const known = this.#table.get(preferenceType, preferenceValue)
      if (known) this.#table.update({ ...known, weight })
      else this.#table.append({ preferenceType, preferenceValue, weight, usageCount: 0, lastUsed: this.#now() })
    })
  }

  /** Counts one use. Answers false where there is no such preference. @throws INVALID_ARGUMENT */
  recordUse(preferenceType: string, preferenceValue: string): boolean {
    return this.#change(preferenceType, preferenceValue, (known) => {
      this.#table.update({ ...known, usageCount: known.usageCount + 1, lastUsed: this.#now() })
    })
  }

  /** Answers whether there was one. @throws INVALID_ARGUMENT */
  delete(preferenceType: string, preferenceValue: string): boolean {
    return this.#change(preferenceType, preferenceValue, ({ id }) => this.#table.remove(id))
  }

  /** The weightiest first, then the most used, then the oldest. @throws INVALID_ARGUMENT */
  list(options: ListPreferencesOptions = {}): Preference[] {
    const fields = ['preferenceType', 'limit', 'offset'] as const
    const { preferenceType = null, limit = 100, offset = 0 } = checkOptions(options, 'the options', fields)
    const type = preferenceType === null ? null : checkName(preferenceType, 'preferenceType')
    return this.#table.list(type, checkCount(limit, 'limit', 0), checkCount(offset, 'offset', 0))
  }

  #change(preferenceType: string, preferenceValue: string, work: (known: Preference) => void): boolean {
    checkName(preferenceType, 'preferenceType')
    checkName(preferenceValue, 'preferenceValue')
    return this.#core.transaction(() => {
      const known = this.#table.get(preferenceType, preferenceValue)
      if (known) work(known)
      return known !== undefined
    })
  }

  /** In seconds since the epoch, as the table has it. */
  #now(): number {
    return this.#core.now() / 1000
  }
}
