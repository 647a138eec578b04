import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'

/** A log that somebody gave. */
export interface GivenLog {
  readonly name: string
  readonly csv: string
}

/** Takes a file by a button or a drop, anywhere on the page. Tells of it by an event `log`. */
export class LogInput extends LitElement {
  static override properties: PropertyDeclarations = { isOver: { state: true } }
  /** Whether a file is held over the page. */
  declare isOver: boolean

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('dragover', this.#over)
    addEventListener('dragleave', this.#leave)
    addEventListener('drop', this.#drop)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('dragover', this.#over)
    removeEventListener('dragleave', this.#leave)
    removeEventListener('drop', this.#drop)
  }

  protected override render(): TemplateResult {
    return html`<label class="drop ${this.isOver ? 'over' : ''}">
      <span><strong>Drop a RETECS log here</strong>, or choose a file. It stays in this page.</span>
      <input type="file" accept=".csv,text/csv" @change=${this.#chosen} />
    </label>`
  }

  readonly #over = (event: DragEvent): void => {
    event.preventDefault()
    this.isOver = true
  }

  readonly #leave = (event: DragEvent): void => {
    // Only when it leaves the page, not from one element to the next.
    if (event.relatedTarget === null) this.isOver = false
  }

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault()
    this.isOver = false
    void this.#take(event.dataTransfer?.files[0])
  }

  readonly #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement
    const [file] = input.files ?? []
    // The same file may be chosen again.
    void this.#take(file).then(() => {
      input.value = ''
    })
  }

  async #take(file: File | undefined): Promise<void> {
    if (!file) return
    const detail: GivenLog = { name: file.name, csv: await file.text() }
    this.dispatchEvent(new CustomEvent<GivenLog>('log', { detail }))
  }
}
