import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'

type Answer = 'unknown' | 'granted' | 'not asked' | 'refused'

/** Says when the browser has not promised to keep what this site stores, and asks for it. */
export class StorageBanner extends LitElement {
  static override properties: PropertyDeclarations = { answer: { state: true } }
  declare answer: Answer

  constructor() {
    super()
    this.answer = 'unknown'
  }

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#look()
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.answer === 'unknown') return nothing
    // The live region is there before its text, or nobody would hear it.
    return html`<div role="status" class=${this.answer === 'granted' ? '' : 'banner'}>${this.#text()}</div>`
  }

  #text(): TemplateResult | typeof nothing {
    if (this.answer === 'granted') return nothing
    if (this.answer === 'refused') {
      return html`<p>
        The browser did not promise to keep this store. It may remove it when space is short; a bookmark or an
        installation of this page often changes its mind.
      </p>`
    }
    return html`<p>This browser may remove what is stored here when space is short.</p>
      <button type="button" @click=${this.#ask}>Ask to keep it</button>`
  }

  async #look(): Promise<void> {
    const storage: Partial<StorageManager> | undefined = navigator.storage
    const persisted = await storage?.persisted?.().catch(() => undefined)
    if (persisted !== undefined) this.answer = persisted ? 'granted' : 'not asked'
  }

  readonly #ask = async (): Promise<void> => {
    const granted = await navigator.storage.persist().catch(() => false)
    this.answer = granted ? 'granted' : 'refused'
  }
}
