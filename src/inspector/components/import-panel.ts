import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { Progress } from '../../learning/progress.ts'
import type { ImportOptions, ImportResult } from '../../transfer/job.ts'
import { basicStyles } from '../basics.styles.ts'
import { type DroppedFile, pairedFiles } from '../dropped-files.ts'
import { count, plural } from '../format.ts'
import { problem, View } from '../view.ts'
import { importStyles } from './import-panel.styles.ts'
import { importReport } from './import-report.ts'

/** The progress of an import: a dry run first, then the import. */
type Stage = 'none' | 'checking' | 'checked' | 'importing' | 'imported'

/**
 * Imports files that are dropped or chosen, SQLite files with their write-ahead logs. A dry run shows the changes first; the user then
 * confirms the import. Dispatches `imported` with the result of each file, once all are imported.
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
  #files: readonly DroppedFile[] = []
  /** The file that is being read, or the last one. */
  #current: DroppedFile | undefined
  #reports: readonly ImportResult[] = []
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
      // Files that were dropped before the store was set.
      void this.#check()
      return
    }
    this.#controller.abort()
    this.#files = []
    this.#error = undefined
    this.stage = 'none'
  }

  /** Shows what importing files would change. */
  async check(files: Iterable<File>): Promise<void> {
    const found = pairedFiles(files)
    if (found.length === 0) return
    this.#files = found
    await this.#check()
  }

  #check(): Promise<void> {
    return this.#run('checking', { dryRun: true })
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
        <span>Drop .db (with -wal), .sqlite, .json, .jsonl, .csv or .vw files here</span>
        <button type="button" @click=${() => this.renderRoot.querySelector<HTMLElement>('input')?.click()}>Choose files …</button>
        <input
          type="file"
          multiple
          hidden
          @change=${({ currentTarget }: Event) => {
            const input = currentTarget as HTMLInputElement
            void this.check([...(input.files ?? [])])
            input.value = ''
          }}
        />
      </div>
      ${this.#files.length === 1 ? title(this.#files[0]) : nothing}
      ${this.#error === undefined ? nothing : this.#problem()}
      ${this.stage === 'checking' || this.stage === 'importing' ? this.#progressBar() : nothing}
      <div class="stack" aria-live="polite">
        ${this.stage === 'checked' ? this.#confirmation() : nothing}
        ${
          this.stage === 'imported'
            ? html`<p class="good">Import complete.</p>
                ${this.#allReports()}`
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

  #problem(): TemplateResult {
    return html`${this.#files.length > 1 ? title(this.#current) : nothing}${problem(this.#error, () => void this.#check())}`
  }

  #allReports(): TemplateResult {
    const isOne = this.#files.length === 1
    return html`${this.#reports.map((report, i) => html`${isOne ? nothing : title(this.#files[i])}${importReport(report)}`)}`
  }

  #confirmation(): TemplateResult {
    const added = this.#reports.reduce((sum, report) => sum + rowsAdded(report), 0)
    return html`${this.#allReports()}
      ${this.#reports.every(({ merged }) => merged) ? nothing : this.#duplicates()}
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
          void this.#check()
        }}
      /><span>Add experiences without an id and a time although equal ones are known</span></label
    >`
  }

  async #run(stage: 'checking' | 'importing', options: ImportOptions): Promise<void> {
    const { store } = this
    const files = this.#files
    if (!store || files.length === 0) return
    this.#controller.abort()
    const controller = new AbortController()
    this.#controller = controller
    this.#error = undefined
    this.#progress = undefined
    this.stage = stage
    try {
      const reports: ImportResult[] = []
      for (const dropped of files) {
        this.#current = dropped
        const { file, log } = dropped
        const report = await store.importFile(file, {
          ...options,
          ...(this.keepsDuplicates && { duplicates: 'keep' }),
          ...(log && { wal: new Uint8Array(await log.arrayBuffer()) }),
          name: file.name,
          signal: controller.signal,
          onProgress: (progress) => {
            this.#progress = progress
            this.requestUpdate()
          },
        })
        if (this.#controller !== controller) return
        reports.push(report)
      }
      this.#reports = reports
      this.stage = stage === 'checking' ? 'checked' : 'imported'
      if (stage === 'checking') return
      for (const detail of reports) this.dispatchEvent(new CustomEvent<ImportResult>('imported', { detail }))
    } catch (error) {
      if (this.#controller !== controller) return
      // Cancelled by the user.
      this.#error = controller.signal.aborted ? undefined : error
      this.stage = stage === 'importing' ? 'checked' : 'none'
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
    void this.check([...(event.dataTransfer?.files ?? [])])
  }
}

function title(dropped: DroppedFile | undefined): TemplateResult {
  const log = dropped?.log ? ' with its write-ahead log' : ''
  return html`<p class="wrap"><b><bdi>${dropped?.file.name}</bdi></b>${log}</p>`
}

function rowsAdded({ changes, merged }: ImportResult): number {
  return changes.reduce((sum, { added }) => sum + added, 0) + (merged?.added ?? 0)
}

customElements.define('learning-import', ImportPanel)

declare global {
  interface HTMLElementTagNameMap {
    'learning-import': ImportPanel
  }
}
