import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { classMap } from 'lit/directives/class-map.js'
import type { KeyedValue } from '../../algorithms/choice.ts'
import type { StateValues } from '../../learning/values.ts'
import { basics } from '../basics.styles.ts'
import { number, plural, text } from '../format.ts'
import { styled } from '../style-properties.ts'
import { heatMapLook } from './heat-map.styles.ts'

/** One action in one state. */
export interface Cell {
  readonly stateKey: string
  readonly actionKey: string
}

/** In px. */
const ROW = 38
const MARGIN = 4

/** Values of states by actions, as a grid that is walked through by arrow keys; only the rows that are seen are drawn. */
export class HeatMap extends LitElement {
  static override properties: PropertyDeclarations = {
    states: { attribute: false },
    actionKeys: { attribute: false },
    greatest: { attribute: false },
    chosen: { attribute: false },
    first: { state: true },
    active: { state: true },
  }
  static override styles: CSSResultGroup = [basics, heatMapLook]

  declare states: readonly StateValues[]
  declare actionKeys: readonly string[]
  /** The greatest size of a value: what is fully coloured. */
  declare greatest: number
  declare chosen: Cell | undefined
  declare protected first: number
  /** Row and column of the cell that has the focus when the grid has it. */
  declare protected active: readonly [number, number]
  #seen = 16
  #isDue = false

  constructor() {
    super()
    this.states = []
    this.actionKeys = []
    this.greatest = 1
    this.first = 0
    this.active = [0, 0]
  }

  override render(): TemplateResult {
    const { states, actionKeys } = this
    const first = Math.max(0, Math.min(this.first, states.length - this.#seen))
    const last = Math.min(states.length, first + this.#seen)
    const active = [Math.min(this.active[0], states.length - 1), Math.min(this.active[1], actionKeys.length - 1)]
    return html`<div class="scroller" @scroll=${() => this.#look()}>
      <table
        role="grid"
        aria-label="Values of actions in states"
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
      <th scope="row">${broken(stateKey)}</th>
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
    const strength = known ? Math.min(42, (42 * Math.abs(known.value)) / (this.greatest || 1)) : 0
    const look = { '--tone': (known?.value ?? 0) < 0 ? 'var(--bad)' : 'var(--good)', '--strength': `${strength}%` }
    return html`<td
      class=${classMap({ unseen: !known, best: known?.value === best })}
      tabindex=${isActive ? 0 : -1}
      data-at=${`${row} ${column}`}
      aria-selected=${isChosen}
      @click=${() => this.#choose(cell, [row, column])}
      ${styled(look)}
    >
      ${known ? html`<b>${number(known.value)}</b><small>${plural(known.visits, 'visit')}</small>` : '–'}
    </td>`
  }

  #choose(cell: Cell, at: readonly [number, number]): void {
    this.active = at
    // Behind an action that was never taken there lies nothing.
    if (!this.#isSeen(cell)) return
    this.dispatchEvent(new CustomEvent<Cell>('choose', { detail: cell }))
  }

  #isSeen({ stateKey, actionKey }: Cell): boolean {
    const state = this.states.find((one) => one.stateKey === stateKey)
    return state?.actions.some((action) => action.actionKey === actionKey) ?? false
  }

  #look(): void {
    if (this.#isDue) return
    this.#isDue = true
    requestAnimationFrame(() => {
      this.#isDue = false
      const { scrollTop, clientHeight } = this.renderRoot.querySelector('.scroller') as HTMLElement
      this.#seen = Math.ceil(clientHeight / ROW) + 2 * MARGIN
      this.first = Math.max(0, Math.floor(scrollTop / ROW) - MARGIN)
    })
  }

  #key(event: KeyboardEvent): void {
    const [row, column] = this.active
    const moves: { readonly [key: string]: readonly [number, number] } = {
      ...{ ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + 1] },
      ...{ ArrowLeft: [row, column - 1], Home: [row, 0], End: [row, this.actionKeys.length - 1] },
      ...{ PageDown: [row + 10, column], PageUp: [row - 10, column] },
    }
    const to = moves[event.key]
    const [stateKey, actionKey] = [this.states[row]?.stateKey, this.actionKeys[column]]
    if (to) {
      event.preventDefault()
      void this.#moveTo(within(to[0], this.states.length), within(to[1], this.actionKeys.length))
    } else if ((event.key === 'Enter' || event.key === ' ') && stateKey !== undefined && actionKey !== undefined) {
      event.preventDefault()
      this.#choose({ stateKey, actionKey }, [row, column])
    }
  }

  async #moveTo(row: number, column: number): Promise<void> {
    const scroller = this.renderRoot.querySelector('.scroller') as HTMLElement
    this.active = [row, column]
    const [top, bottom] = [row * ROW, (row + 2) * ROW - scroller.clientHeight]
    if (scroller.scrollTop > top) scroller.scrollTop = top
    else if (scroller.scrollTop < bottom) scroller.scrollTop = bottom
    this.first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - MARGIN)
    await this.updateComplete
    const cell = this.renderRoot.querySelector<HTMLElement>(`td[data-at="${row} ${column}"]`)
    cell?.focus({ preventScroll: true })
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
}

/** A key that goes on in the next line after a part of it, if it must. */
function broken(stateKey: string): TemplateResult {
  const parts = stateKey.split(/(?<=\|)/)
  return html`<bdi class="cut" title=${stateKey}>${parts.map((part) => html`${part}<wbr />`)}</bdi>`
}

function within(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}

function gap(rows: number, columns: number): TemplateResult | typeof nothing {
  if (rows <= 0) return nothing
  return html`<tr class="gap" aria-hidden="true" ${styled({ '--height': `${rows * ROW}px` })}>
    <td colspan=${columns + 1}></td>
  </tr>`
}

customElements.define('learning-heat-map', HeatMap)
