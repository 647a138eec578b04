import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { Progress } from '../../learning/progress.ts'
import type { ImportOptions, ImportResult } from '../../transfer/job.ts'
import { basics } from '../basics.styles.ts'
import { count, plural } from '../format.ts'
import { problem, View } from '../view.ts'
import { importLook } from './import-panel.styles.ts'
import { importReport } from './import-report.ts'

/** What became of the file that was chosen. */
type Stage = 'none' | 'looking' | 'looked' | 'importing' | 'imported'

/**
 * Takes in a file that is dropped or chosen: tells first what would come of it, and changes nothing before it is told to.
 * Tells `imported` with the report.
 */
export class ImportPanel extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    stage: { state: true },
    isOver: { state: true },
  }
  static override styles: CSSResultGroup = [basics, importLook]

  declare protected stage: Stage
  /** Whether a file is held over the page. */
  declare protected isOver: boolean
  #file: File | undefined
  #report: ImportResult | undefined
  #error: unknown
  #progress: Progress | undefined
  #stopping = new AbortController()

  constructor() {
    super()
    this.stage = 'none'
    this.isOver = false
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopping.abort()
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('store')) return
    if (changed.get('store') === undefined) {
      // What was dropped before there was a store.
      void this.take(this.#file)
      return
    }
    this.#stopping.abort()
    this.#file = undefined
    this.#error = undefined
    this.stage = 'none'
  }

  /** Looks at a file as if it had been dropped. */
  async take(file: File | undefined): Promise<void> {
    if (!file) return
    this.#file = file
    await this.#run('looking', { dryRun: true })
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
        <span>Drop a .db, .sqlite, .json, .jsonl or .csv file here</span>
        <button type="button" @click=${() => this.renderRoot.querySelector<HTMLElement>('input')?.click()}>Choose a file …</button>
        <input
          type="file"
          hidden
          @change=${({ currentTarget }: Event) => {
            const input = currentTarget as HTMLInputElement
            void this.take(input.files?.[0])
            input.value = ''
          }}
        />
      </div>
      ${this.#file ? html`<p class="wrap"><b><bdi>${this.#file.name}</bdi></b></p>` : nothing}
      ${this.#error === undefined ? nothing : problem(this.#error, () => void this.take(this.#file))}
      ${this.stage === 'looking' || this.stage === 'importing' ? this.#working() : nothing}
      <div class="stack" aria-live="polite">
        ${this.stage === 'looked' ? this.#looked() : nothing}
        ${
          this.stage === 'imported' && this.#report
            ? html`<p class="good">Imported.</p>
                ${importReport(this.#report)}`
            : nothing
        }
      </div>
    </div>`
  }

  #working(): TemplateResult {
    const { what, done, total } = this.#progress ?? {}
    const far = done === undefined ? '' : total === undefined ? count(done) : `${count(done)} of ${count(total)}`
    return html`<div class="row">
      <progress aria-label="Progress" max=${total ?? nothing} value=${total === undefined ? nothing : (done ?? 0)}></progress>
      <span class="dim">${this.stage === 'looking' ? 'Looking at it' : 'Importing'}: <bdi>${what ?? 'the file'}</bdi> ${far}</span>
      <button type="button" @click=${() => this.#stopping.abort()}>Stop</button>
    </div>`
  }

  #looked(): TemplateResult {
    const report = this.#report as ImportResult
    const added = report.changes.reduce((sum, change) => sum + change.added, 0) + (report.merged?.added ?? 0)
    return html`${importReport(report)}
      <div class="row">
        <button type="button" class="primary" @click=${() => void this.#run('importing', {})}>
          Import ${plural(added, 'row')}
        </button>
        <span class="note">Nothing has been changed so far.</span>
      </div>`
  }

  async #run(stage: 'looking' | 'importing', options: ImportOptions): Promise<void> {
    const [store, file] = [this.store, this.#file]
    if (!store || !file) return
    this.#stopping.abort()
    const stopping = new AbortController()
    this.#stopping = stopping
    this.#error = undefined
    this.#progress = undefined
    this.stage = stage
    try {
      const report = await store.importFile(file, {
        ...{ ...options, name: file.name, signal: stopping.signal },
        onProgress: (progress) => {
          this.#progress = progress
          this.requestUpdate()
        },
      })
      if (this.#stopping !== stopping) return
      this.#report = report
      this.stage = stage === 'looking' ? 'looked' : 'imported'
      if (stage === 'importing') this.dispatchEvent(new CustomEvent<ImportResult>('imported', { detail: report }))
    } catch (error) {
      if (this.#stopping !== stopping) return
      // What the reader stopped is no error.
      this.#error = stopping.signal.aborted ? undefined : error
      this.stage = stage === 'importing' && this.#report ? 'looked' : 'none'
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
    void this.take(event.dataTransfer?.files[0])
  }
}

customElements.define('learning-import', ImportPanel)

declare global {
  interface HTMLElementTagNameMap {
    'learning-import': ImportPanel
  }
}
