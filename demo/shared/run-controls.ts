import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import { FieldValue } from '../../src/inspector/field-value.ts'
import { countText } from './numbers.ts'

/** A command to a simulation. */
export type RunCommand = { readonly isPaused: boolean } | { readonly perSecond: number } | 'reset'

/** The unit of a simulation, and its range of speeds in units per second. */
export interface Speeds {
  readonly unit: readonly [one: string, many: string]
  readonly slowest: number
  readonly fastest: number
}

/** Number of steps of the slider, whose scale is logarithmic. */
const STEPS = 60

/** Pause, speed and reset. Dispatches `command` with a `RunCommand`. */
export class RunControls extends LitElement {
  static override properties: PropertyDeclarations = {
    isPaused: { attribute: false },
    isOver: { attribute: false },
    perSecond: { attribute: false },
    speeds: { attribute: false },
  }
  declare isPaused: boolean
  /** Whether the simulation has ended and can only be reset. */
  declare isOver: boolean
  declare perSecond: number
  declare speeds: Speeds
  readonly #speed = new FieldValue(this, () => this.perSecond)

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override willUpdate(): void {
    // The speed that the user set has been applied: from now on the slider follows other tabs.
    if (this.perSecond === this.#speed.value) this.#speed.reset()
  }

  protected override render(): TemplateResult {
    const { unit, slowest, fastest } = this.speeds
    const perSecond = this.#speed.value
    const speed = `${countText(perSecond)} ${perSecond === 1 ? unit[0] : unit[1]} a second`
    const step = Math.round((STEPS * Math.log(perSecond / slowest)) / Math.log(fastest / slowest))
    return html`<div class="toolbar" role="group" aria-label="Simulation">
      <button type="button" id="pause" class="primary" ?disabled=${this.isOver} @click=${this.#pause}>
        ${this.isPaused ? 'Resume' : 'Pause'}
      </button>
      <button type="button" id="reset" @click=${() => this.#dispatch('reset')}>Reset</button>
      <label class="slider">
        <span>Speed</span>
        <input id="speed" type="range" min="0" max=${STEPS} step="1" .value=${String(step)} aria-valuetext=${speed}
          @focus=${this.#speed.focus} @blur=${this.#speed.blur} @input=${this.#slide} />
        <span id="speed-text">${speed}</span>
      </label>
    </div>`
  }

  readonly #pause = (): void => {
    // Shown at once, before the simulation confirms it.
    this.isPaused = !this.isPaused
    this.#dispatch({ isPaused: this.isPaused })
  }

  readonly #slide = (event: Event): void => {
    const { slowest, fastest } = this.speeds
    const step = Number((event.target as HTMLInputElement).value)
    const perSecond = Math.round(slowest * (fastest / slowest) ** (step / STEPS))
    this.#speed.edit(perSecond)
    this.#dispatch({ perSecond })
  }

  #dispatch(command: RunCommand): void {
    this.dispatchEvent(new CustomEvent<RunCommand>('command', { detail: command }))
  }
}
