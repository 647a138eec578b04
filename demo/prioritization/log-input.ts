import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'

/** A log file of the user. */
export interface LogFile {
  readonly name: string
  readonly csv: string
}

/** Reads a file that the user chooses or drops anywhere on the page. Dispatches `log` with the file. */
export class LogInput extends LitElement {
  static override properties: PropertyDeclarations = { isOver: { state: true } }
  /** Whether a file is dragged over the page. */
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
    // Not when it moves from one element to the next.
    if (event.relatedTarget === null) this.isOver = false
  }

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault()
    this.isOver = false
    void this.#read(event.dataTransfer?.files[0])
  }

  readonly #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement
    const [file] = input.files ?? []
    // So that choosing the same file again is a change.
    void this.#read(file).then(() => {
      input.value = ''
    })
  }

  async #read(file: File | undefined): Promise<void> {
    if (!file) return
    const detail: LogFile = { name: file.name, csv: await file.text() }
    this.dispatchEvent(new CustomEvent<LogFile>('log', { detail }))
  }
}
