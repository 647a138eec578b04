import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import type { KeyedValue } from '../../algorithms/choice.ts'
import type { StateValues } from '../../learning/values.ts'
import { basicStyles } from '../basics.styles.ts'
import { number, plural, text } from '../format.ts'
import { styleProperties } from '../style-properties.ts'
import { heatMapStyles } from './heat-map.styles.ts'

/** An action in a state. */
export interface Cell {
  readonly stateKey: string
  readonly actionKey: string
}

const ROW_PX = 38
/** Rows that are drawn above and below the visible ones. */
const MARGIN = 4

/** A grid of values, states by actions, with keyboard navigation. Only visible rows are drawn. */
export class HeatMap extends LitElement {
  static override properties: PropertyDeclarations = {
    states: { attribute: false },
    actionKeys: { attribute: false },
    maxValue: { attribute: false },
    chosen: { attribute: false },
    first: { state: true },
    active: { state: true },
  }
  static override styles: CSSResultGroup = [basicStyles, heatMapStyles]

  declare states: readonly StateValues[]
  declare actionKeys: readonly string[]
  /** The largest absolute value, which gets the full color. */
  declare maxValue: number
  declare chosen: Cell | undefined
  declare protected first: number
  /** Row and column of the cell that has the focus when the grid is focused. */
  declare protected active: readonly [number, number]
  #drawnRows = 16
  #isScheduled = false

  constructor() {
    super()
    this.states = []
    this.actionKeys = []
    this.maxValue = 1
    this.first = 0
    this.active = [0, 0]
  }

  override render(): TemplateResult {
    const { states, actionKeys } = this
    const first = Math.max(0, Math.min(this.first, states.length - this.#drawnRows))
    const last = Math.min(states.length, first + this.#drawnRows)
    const active = [Math.min(this.active[0], states.length - 1), Math.min(this.active[1], actionKeys.length - 1)]
    return html`<div class="scroller" @scroll=${() => this.#scheduleLayout()}>
      <table
        role="grid"
        aria-label="State-action values"
        aria-rowcount=${states.length + 1}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      >
        <thead>
          <tr aria-rowindex="1">
            <th scope="col">state</th>
            ${actionKeys.map((key) => html`<th scope="col">${text(key)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${gap(first, actionKeys.length)}
          ${states.slice(first, last).map((state, i) => this.#row(state, first + i, active))}
          ${gap(states.length - last, actionKeys.length)}
        </tbody>
      </table>
    </div>`
  }

  #row({ stateKey, actions }: StateValues, row: number, [activeRow, activeColumn]: readonly number[]): TemplateResult {
    const known = new Map(actions.map((action) => [action.actionKey, action]))
    const best = Math.max(...actions.map(({ value }) => value))
    return html`<tr aria-rowindex=${row + 2}>
      <th scope="row">${breakableKey(stateKey)}</th>
      ${this.actionKeys.map((actionKey, column) => {
        const isActive = row === activeRow && column === activeColumn
        return this.#cell({ stateKey, actionKey }, known.get(actionKey), best, [row, column], isActive)
      })}
    </tr>`
  }

  #cell(
    cell: Cell,
    known: KeyedValue | undefined,
    best: number,
    [row, column]: readonly [number, number],
    isActive: boolean,
  ): TemplateResult {
    const { chosen } = this
    const isChosen = chosen?.stateKey === cell.stateKey && chosen.actionKey === cell.actionKey
    const strength = known ? Math.min(42, (42 * Math.abs(known.value)) / (this.maxValue || 1)) : 0
    const properties = {
      '--tone': (known?.value ?? 0) < 0 ? 'var(--bad)' : 'var(--good)',
      '--strength': `${strength}%`,
    }
    return html`<td
      class=${classMap({ unseen: !known, best: known?.value === best })}
      tabindex=${isActive ? 0 : -1}
      data-at=${`${row} ${column}`}
      aria-selected=${isChosen}
      @click=${() => this.#choose(cell, [row, column])}
      ${styleProperties(properties)}
    >
      ${known ? html`<b>${number(known.value)}</b><small>${plural(known.visits, 'visit')}</small>` : '–'}
    </td>`
  }

  #choose(cell: Cell, at: readonly [number, number]): void {
    this.active = at
    // An action that was never taken has no experiences to show.
    if (!this.#isVisited(cell)) return
    this.dispatchEvent(new CustomEvent<Cell>('choose', { detail: cell }))
  }

  #isVisited({ stateKey, actionKey }: Cell): boolean {
    const state = this.states.find((one) => one.stateKey === stateKey)
    return state?.actions.some((action) => action.actionKey === actionKey) ?? false
  }

  #scheduleLayout(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    requestAnimationFrame(() => {
      this.#isScheduled = false
      const { scrollTop, clientHeight } = this.renderRoot.querySelector('.scroller') as HTMLElement
      this.#drawnRows = Math.ceil(clientHeight / ROW_PX) + 2 * MARGIN
      this.first = Math.max(0, Math.floor(scrollTop / ROW_PX) - MARGIN)
    })
  }

  #key(event: KeyboardEvent): void {
    const [row, column] = this.active
    const moves: { readonly [key: string]: readonly [number, number] } = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [row, 0],
      End: [row, this.actionKeys.length - 1],
      PageDown: [row + 10, column],
      PageUp: [row - 10, column],
    }
    const to = moves[event.key]
    const [stateKey, actionKey] = [this.states[row]?.stateKey, this.actionKeys[column]]
    if (to) {
      event.preventDefault()
      void this.#moveTo(clampIndex(to[0], this.states.length), clampIndex(to[1], this.actionKeys.length))
    } else if ((event.key === 'Enter' || event.key === ' ') && stateKey !== undefined && actionKey !== undefined) {
      event.preventDefault()
      this.#choose({ stateKey, actionKey }, [row, column])
    }
  }

  async #moveTo(row: number, column: number): Promise<void> {
    const scroller = this.renderRoot.querySelector('.scroller') as HTMLElement
    this.active = [row, column]
    const [top, bottom] = [row * ROW_PX, (row + 2) * ROW_PX - scroller.clientHeight]
    if (scroller.scrollTop > top) scroller.scrollTop = top
    else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom
    this.first = Math.max(0, Math.floor(scroller.scrollTop / ROW_PX) - MARGIN)
    await this.updateComplete
    const cell = this.renderRoot.querySelector<HTMLElement>(`td[data-at="${row} ${column}"]`)
    cell?.focus({ preventScroll: true })
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
}

/** A key with a line break opportunity after each part. */
function breakableKey(stateKey: string): TemplateResult {
  const parts = stateKey.split(/(?<=\|)/)
  return html`<bdi class="cut" title=${stateKey}>${parts.map((part) => html`${part}<wbr />`)}</bdi>`
}

function clampIndex(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}

function gap(rows: number, columns: number): TemplateResult | typeof nothing {
  if (rows <= 0) return nothing
  return html`<tr class="gap" aria-hidden="true" ${styleProperties({ '--height': `${rows * ROW_PX}px` })}>
    <td colspan=${columns + 1}></td>
  </tr>`
}

customElements.define('learning-heat-map', HeatMap)
