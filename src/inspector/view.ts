import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { AsyncStore } from '../client/async-store.ts'
import { StoreError } from '../errors.ts'
import { basics } from './basics.styles.ts'
import { icon } from './icons.ts'
import type { Live } from './live.ts'

/** What one view asks to be shown in another. */
export interface Inspected {
  readonly view?: string
  readonly agentId?: string | undefined
}

/** One view of a store. */
export abstract class View extends LitElement {
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    agentId: { attribute: false },
  }
  static override styles: CSSResultGroup = [basics]

  declare store: AsyncStore | undefined
  /** Whom the views are about; each may have none. */
  declare agentId: string | undefined

  /** What a question answered; or that it was not answered yet, or why not. */
  protected shown<T>(live: Live<T>, render: (value: T) => unknown): unknown {
    const failed = live.error === undefined ? nothing : problem(live.error, () => live.restart())
    if (live.value !== undefined) return [failed, render(live.value)]
    return live.error === undefined ? html`<p class="empty">Reading …</p>` : failed
  }

  /** Tells the inspector what to show. */
  protected inspect(detail: Inspected): void {
    this.dispatchEvent(new CustomEvent<Inspected>('inspect', { detail, bubbles: true, composed: true }))
  }
}

/** An error where it occurred: its code, what it says, and a way on. */
export function problem(error: unknown, retry?: () => void): TemplateResult {
  const code = error instanceof StoreError ? html`<code>${error.code}</code> ` : nothing
  const message = error instanceof Error ? error.message : String(error)
  return html`<div class="problem" role="alert">
    ${icon('warning')}<span>${code}<bdi>${message}</bdi></span>
    ${retry ? html`<button type="button" @click=${retry}>Try again</button>` : nothing}
  </div>`
}

/** Says that there is nothing yet, and what would change that. */
export function empty(text: unknown): TemplateResult {
  return html`<p class="empty">${text}</p>`
}
