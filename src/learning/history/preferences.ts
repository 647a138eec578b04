import { checkCount, checkName, checkNumber, checkOptions } from '../../checks.ts'
import { type Preference, PreferencesTable } from '../../tables/preferences.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'

/** A preference to set, for example type `pattern` and value `parallel`. */
export interface NewPreference {
  /** The type of the preference. */
  readonly preferenceType: string
  /** The preferred value. */
  readonly preferenceValue: string
  /** The weight of the preference, in [0, 1]. Default: 1. */
  readonly weight?: number
}

/** Options of `preferences.list`. */
export interface ListPreferencesOptions {
  /** Only preferences of this type. */
  readonly preferenceType?: string
  /** Maximum number of preferences. Default: 100. */
  readonly limit?: number
  /** Number of preferences to skip. Default: 0. */
  readonly offset?: number
}

/** Preferences of users, unique by type and value. */
export class Preferences {
  readonly #core: Core
  readonly #table: PreferencesTable

  constructor(core: Core) {
    this.#core = core
    this.#table = new PreferencesTable(core.connection)
  }

  /**
   * Sets the weight of a preference.
   *
   * @throws INVALID_ARGUMENT
   * @example
   * ```ts
   * const store = await openLearningStore({ storage: 'memory:' })
   * await store.preferences.set({ preferenceType: 'pattern', preferenceValue: 'parallel', weight: 0.8 })
   * const [preference] = await store.preferences.list({ preferenceType: 'pattern' })
   * console.log(preference?.preferenceValue, preference?.weight) // parallel 0.8
   * await store.close()
   * ```
   */
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

  /**
   * Counts one use of a preference.
   *
   * @returns false if there is no such preference.
   * @throws INVALID_ARGUMENT
   */
  recordUse(preferenceType: string, preferenceValue: string): boolean {
    return this.#change(preferenceType, preferenceValue, (known) => {
      this.#table.update({ ...known, usageCount: known.usageCount + 1, lastUsed: this.#now() })
    })
  }

  /**
   * Deletes a preference.
   *
   * @returns false if there is no such preference.
   * @throws INVALID_ARGUMENT
   */
  delete(preferenceType: string, preferenceValue: string): boolean {
    return this.#change(preferenceType, preferenceValue, ({ id }) => this.#table.remove(id))
  }

  /**
   * Lists preferences.
   *
   * @returns greatest weight first, then most used, then oldest.
   * @throws INVALID_ARGUMENT
   */
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

  #now(): string {
    return isoTime(this.#core.now())
  }
}
