import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import { basicStyles } from './basics.styles.ts'
import { icon } from './icons.ts'
import type { Live } from './live.ts'

/** A request to show another view or another agent. */
export interface InspectRequest {
  readonly view?: string
  readonly agentId?: string | undefined
}

/** A view of a store. */
export abstract class View extends LitElement {
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    agentId: { attribute: false },
  }
  static override styles: CSSResultGroup = [basicStyles]

  declare store: AsyncStore | undefined
  /** The selected agent; undefined means all agents, or the first. */
  declare agentId: string | undefined

  /** Renders the result of a query, a loading message, or the error. */
  protected renderLive<T>(live: Live<T>, render: (value: T) => unknown): unknown {
    const failed = live.error === undefined ? nothing : problem(live.error, () => live.restart())
    if (live.value !== undefined) return [failed, render(live.value)]
    return live.error === undefined ? html`<p class="empty">Loading …</p>` : failed
  }

  /** Asks the inspector to show another view or agent. */
  protected inspect(detail: InspectRequest): void {
    this.dispatchEvent(new CustomEvent<InspectRequest>('inspect', { detail, bubbles: true, composed: true }))
  }
}

/** An error with its code, its message and a button to try again. */
export function problem(error: unknown, retry?: () => void): TemplateResult {
  const code = error instanceof StoreError ? html`<code>${error.code}</code> ` : nothing
  const message = error instanceof Error ? error.message : String(error)
  return html`<div class="problem" role="alert">
    ${icon('warning')}<span>${code}<bdi>${message}</bdi></span>
    ${retry ? html`<button type="button" @click=${retry}>Try again</button>` : nothing}
  </div>`
}

/** A message that stands where data would be. */
export function empty(text: unknown): TemplateResult {
  return html`<p class="empty">${text}</p>`
}
