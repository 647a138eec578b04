import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'

type Persistence = 'unknown' | 'granted' | 'not requested' | 'denied'

/** Shows whether the browser may delete the stored data, and requests persistent storage. */
export class StorageBanner extends LitElement {
  static override properties: PropertyDeclarations = { persistence: { state: true } }
  declare persistence: Persistence

  constructor() {
    super()
    this.persistence = 'unknown'
  }

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#check()
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.persistence === 'unknown') return nothing
    // The live region must exist before its text, or screen readers do not announce it.
    return html`<div role="status" class=${this.persistence === 'granted' ? '' : 'banner'}>${this.#text()}</div>`
  }

  #text(): TemplateResult | typeof nothing {
    if (this.persistence === 'granted') return nothing
    if (this.persistence === 'denied') {
      return html`<p>
        The browser denied persistent storage. It may delete this store when space is low. Browsers often grant persistence
        to pages that are bookmarked or installed.
      </p>`
    }
    return html`<p>The browser may delete this store when space is low.</p>
      <button type="button" @click=${this.#request}>Request persistent storage</button>`
  }

  async #check(): Promise<void> {
    const storage: Partial<StorageManager> | undefined = navigator.storage
    const persisted = await storage?.persisted?.().catch(() => undefined)
    if (persisted !== undefined) this.persistence = persisted ? 'granted' : 'not requested'
  }

  readonly #request = async (): Promise<void> => {
    const granted = await navigator.storage.persist().catch(() => false)
    this.persistence = granted ? 'granted' : 'denied'
  }
}
