import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import { countText } from './numbers.ts'

/** What somebody wants of a simulation. */
export type Wish = { readonly isPaused: boolean } | { readonly perSecond: number } | 'reset'

/** What a simulation counts, and how many of it a second may have. */
export interface Speeds {
  readonly unit: readonly [one: string, many: string]
  readonly slowest: number
  readonly fastest: number
}

/** The slider's scale is logarithmic. */
const STEPS = 60

/** Pause, speed and reset. Tells what is wanted by an event `wish`, whose detail is the wish. */
export class RunControls extends LitElement {
  static override properties: PropertyDeclarations = {
    isPaused: { attribute: false },
    isOver: { attribute: false },
    perSecond: { attribute: false },
    speeds: { attribute: false },
  }
  declare isPaused: boolean
  /** Whether there is nothing left to do but to begin anew. */
  declare isOver: boolean
  declare perSecond: number
  declare speeds: Speeds

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override render(): TemplateResult {
    const { unit, slowest, fastest } = this.speeds
    const speed = `${countText(this.perSecond)} ${this.perSecond === 1 ? unit[0] : unit[1]} a second`
    const step = Math.round((STEPS * Math.log(this.perSecond / slowest)) / Math.log(fastest / slowest))
    return html`<div class="toolbar" role="group" aria-label="The simulation">
      <button type="button" id="pause" class="primary" ?disabled=${this.isOver} @click=${this.#pause}>
        ${this.isPaused ? 'Go on' : 'Pause'}
      </button>
      <button type="button" id="reset" @click=${() => this.#tell('reset')}>Reset</button>
      <label class="slider">
        <span>Speed</span>
        <input id="speed" type="range" min="0" max=${STEPS} step="1" .value=${String(step)} aria-valuetext=${speed}
          @input=${this.#slide} />
        <span id="speed-text">${speed}</span>
      </label>
    </div>`
  }

  // What is wanted is shown at once; who does it then says so, too.

  readonly #pause = (): void => {
    this.isPaused = !this.isPaused
    this.#tell({ isPaused: this.isPaused })
  }

  readonly #slide = (event: Event): void => {
    const { slowest, fastest } = this.speeds
    const step = Number((event.target as HTMLInputElement).value)
    this.perSecond = Math.round(slowest * (fastest / slowest) ** (step / STEPS))
    this.#tell({ perSecond: this.perSecond })
  }

  #tell(wish: Wish): void {
    this.dispatchEvent(new CustomEvent<Wish>('wish', { detail: wish }))
  }
}
