import type { ReactiveControllerHost } from 'lit'

/**
 * The value of a field with a suggestion that may arrive or change at any time, such as a result of a query. While the field
 * has the focus and after the user edited it, a new suggestion does not overwrite it.
 *
 * Bind `value` to the field, and `focus`, `blur` and `edit` to its events.
 */
export class FieldValue<T> {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>
  readonly #suggestion: () => T
  #held: { readonly value: T } | undefined
  #isFocused = false
  #isEdited = false

  constructor(host: Pick<ReactiveControllerHost, 'requestUpdate'>, suggestion: () => T) {
    this.#host = host
    this.#suggestion = suggestion
  }

  get value(): T {
    return this.#held ? this.#held.value : this.#suggestion()
  }

  /** Holds the current value while the field has the focus. */
  readonly focus = (): void => {
    this.#isFocused = true
    this.#held ??= { value: this.value }
  }

  /** Follows the suggestion again, unless the user edited the field. */
  readonly blur = (): void => {
    this.#isFocused = false
    this.#release()
  }

  /** Holds a value that the user entered. */
  edit(value: T): void {
    this.#held = { value }
    this.#isEdited = true
    this.#host.requestUpdate()
  }

  /** Ends the edit, because the value was saved or the field is about something else now. */
  reset(): void {
    this.#isEdited = false
    this.#release()
  }

  #release(): void {
    if (this.#isFocused || this.#isEdited) return
    this.#held = undefined
    this.#host.requestUpdate()
  }
}
