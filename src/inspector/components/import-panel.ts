import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { Progress } from '../../learning/progress.ts'
import type { ImportOptions, ImportResult } from '../../transfer/job.ts'
import { basicStyles } from '../basics.styles.ts'
import { count, plural } from '../format.ts'
import { problem, View } from '../view.ts'
import { importStyles } from './import-panel.styles.ts'
import { importReport } from './import-report.ts'

/** The progress of an import: a dry run first, then the import. */
type Stage = 'none' | 'checking' | 'checked' | 'importing' | 'imported'

/**
 * Imports a file that is dropped or chosen. A dry run shows the changes first; the user then confirms the import.
 * Dispatches `imported` with the result.
 */
export class ImportPanel extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    stage: { state: true },
    isOver: { state: true },
    keepsDuplicates: { state: true },
  }
  static override styles: CSSResultGroup = [basicStyles, importStyles]

  declare protected stage: Stage
  /** Whether a file is dragged over the drop zone. */
  declare protected isOver: boolean
  /** Whether equal experiences without an id and a time are imported from every file. */
  declare protected keepsDuplicates: boolean
  #file: File | undefined
  #report: ImportResult | undefined
  #error: unknown
  #progress: Progress | undefined
  #controller = new AbortController()

  constructor() {
    super()
    this.stage = 'none'
    this.isOver = false
    this.keepsDuplicates = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#controller.abort()
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('store')) return
    if (changed.get('store') === undefined) {
      // A file that was dropped before the store was set.
      void this.check(this.#file)
      return
    }
    this.#controller.abort()
    this.#file = undefined
    this.#error = undefined
    this.stage = 'none'
  }

  /** Shows what importing a file would change. */
  async check(file: File | undefined): Promise<void> {
    if (!file) return
    this.#file = file
    await this.#run('checking', { dryRun: true })
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      <div
        class="drop ${this.isOver ? 'over' : ''}"
        @dragover=${this.#over}
        @dragleave=${() => {
          this.isOver = false
        }}
        @drop=${this.#drop}
      >
        <span>Drop a .db, .sqlite, .json, .jsonl, .csv or .vw file here</span>
        <button type="button" @click=${() => this.renderRoot.querySelector<HTMLElement>('input')?.click()}>Choose a file …</button>
        <input
          type="file"
          hidden
          @change=${({ currentTarget }: Event) => {
            const input = currentTarget as HTMLInputElement
            void this.check(input.files?.[0])
            input.value = ''
          }}
        />
      </div>
      ${this.#file ? html`<p class="wrap"><b><bdi>${this.#file.name}</bdi></b></p>` : nothing}
      ${this.#error === undefined ? nothing : problem(this.#error, () => void this.check(this.#file))}
      ${this.stage === 'checking' || this.stage === 'importing' ? this.#progressBar() : nothing}
      <div class="stack" aria-live="polite">
        ${this.stage === 'checked' ? this.#confirmation() : nothing}
        ${
          this.stage === 'imported' && this.#report
            ? html`<p class="good">Import complete.</p>
                ${importReport(this.#report)}`
            : nothing
        }
      </div>
    </div>`
  }

  #progressBar(): TemplateResult {
    const { what, done, total } = this.#progress ?? {}
    const position = done === undefined ? '' : total === undefined ? count(done) : `${count(done)} of ${count(total)}`
    return html`<div class="row">
      <progress aria-label="Progress" max=${total ?? nothing} value=${total === undefined ? nothing : (done ?? 0)}></progress>
      <span class="dim">${this.stage === 'checking' ? 'Checking' : 'Importing'}: <bdi>${what ?? 'the file'}</bdi> ${position}</span>
      <button type="button" @click=${() => this.#controller.abort()}>Cancel</button>
    </div>`
  }

  #confirmation(): TemplateResult {
    const report = this.#report as ImportResult
    const added = report.changes.reduce((sum, change) => sum + change.added, 0) + (report.merged?.added ?? 0)
    return html`${importReport(report)}
      ${report.merged ? nothing : this.#duplicates()}
      <div class="row">
        <button type="button" class="primary" @click=${() => void this.#run('importing', {})}>
          Import ${plural(added, 'row')}
        </button>
        <span class="note">Dry run: nothing has been changed yet.</span>
      </div>`
  }

  #duplicates(): TemplateResult {
    return html`<label class="line"
      ><input
        type="checkbox"
        .checked=${this.keepsDuplicates}
        @change=${({ currentTarget }: Event) => {
          this.keepsDuplicates = (currentTarget as HTMLInputElement).checked
          void this.check(this.#file)
        }}
      /><span>Add experiences without an id and a time although equal ones are known</span></label
    >`
  }

  async #run(stage: 'checking' | 'importing', options: ImportOptions): Promise<void> {
    const [store, file] = [this.store, this.#file]
    if (!store || !file) return
    this.#controller.abort()
    const controller = new AbortController()
    this.#controller = controller
    this.#error = undefined
    this.#progress = undefined
    this.stage = stage
    try {
      const report = await store.importFile(file, {
        ...options,
        ...(this.keepsDuplicates && { duplicates: 'keep' }),
        name: file.name,
        signal: controller.signal,
        onProgress: (progress) => {
          this.#progress = progress
          this.requestUpdate()
        },
      })
      if (this.#controller !== controller) return
      this.#report = report
      this.stage = stage === 'checking' ? 'checked' : 'imported'
      if (stage === 'importing') this.dispatchEvent(new CustomEvent<ImportResult>('imported', { detail: report }))
    } catch (error) {
      if (this.#controller !== controller) return
      // Cancelled by the user.
      this.#error = controller.signal.aborted ? undefined : error
      this.stage = stage === 'importing' && this.#report ? 'checked' : 'none'
    }
    this.requestUpdate()
  }

  readonly #over = (event: DragEvent): void => {
    event.preventDefault()
    this.isOver = true
  }

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault()
    this.isOver = false
    void this.check(event.dataTransfer?.files[0])
  }
}

customElements.define('learning-import', ImportPanel)

declare global {
  interface HTMLElementTagNameMap {
    'learning-import': ImportPanel
  }
}
