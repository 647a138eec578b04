import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import { countText } from '../shared/numbers.ts'
import { type Controls, FASTEST, SLOWEST } from './controls.ts'

/** The slider's scale is logarithmic: each step is about an eighth more. */
const STEPS = 60

/** Pause, speed and reset. Tells what is wished by an event `wish` with the changed controls as its detail. */
export class FleetControls extends LitElement {
  static override properties: PropertyDeclarations = {
    controls: { attribute: false },
    isOver: { attribute: false },
  }
  declare controls: Controls
  /** Whether the fleet has done its last task. */
  declare isOver: boolean

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override render(): TemplateResult {
    const { isPaused, tasksPerSecond, resets } = this.controls
    const speed = `${countText(tasksPerSecond)} ${tasksPerSecond === 1 ? 'task' : 'tasks'} a second`
    return html`<div class="toolbar" role="group" aria-label="The simulation">
      <button type="button" id="pause" class="primary" ?disabled=${this.isOver} @click=${() => this.#wish({ isPaused: !isPaused })}>
        ${isPaused ? 'Go on' : 'Pause'}
      </button>
      <label class="slider">
        <span>Speed</span>
        <input id="speed" type="range" min="0" max=${STEPS} step="1" .value=${String(stepOf(tasksPerSecond))}
          aria-valuetext=${speed} @input=${this.#slide} />
        <output>${speed}</output>
      </label>
      <button type="button" id="reset" @click=${() => this.#wish({ resets: resets + 1, isPaused: false })}>Reset</button>
    </div>`
  }

  readonly #slide = (event: Event): void => {
    const step = Number((event.target as HTMLInputElement).value)
    this.#wish({ tasksPerSecond: Math.round(SLOWEST * (FASTEST / SLOWEST) ** (step / STEPS)) })
  }

  #wish(changes: Partial<Controls>): void {
    // Shown at once; the store then says so too.
    this.controls = { ...this.controls, ...changes }
    this.dispatchEvent(new CustomEvent<Partial<Controls>>('wish', { detail: changes }))
  }
}

function stepOf(tasksPerSecond: number): number {
  return Math.round((STEPS * Math.log(tasksPerSecond / SLOWEST)) / Math.log(FASTEST / SLOWEST))
}

customElements.define('fleet-controls', FleetControls)
