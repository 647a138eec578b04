import type { AsyncStore } from 'learning-store'
import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'

/** The inspector for the store of the page. */
export class StorePanel extends LitElement {
  static override properties: PropertyDeclarations = { store: { attribute: false }, isOpen: { state: true } }
  declare store: AsyncStore
  declare isOpen: boolean

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override render(): TemplateResult {
    return html`<details id="store-panel" @toggle=${this.#toggle}>
      <summary>Inspect the store</summary>
      ${this.isOpen ? html`<learning-inspector .store=${this.store}></learning-inspector>` : ''}
    </details>`
  }

  readonly #toggle = (event: Event): void => {
    this.isOpen = (event.target as HTMLDetailsElement).open
    // Loaded on demand.
    if (this.isOpen) void import('learning-store/inspector')
  }
}
