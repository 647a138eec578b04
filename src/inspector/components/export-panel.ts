import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ExportedFile, ExportFormat, ExportOptions } from '../../transfer/job.ts'
import { bytes } from '../format.ts'
import { Live } from '../live.ts'
import { problem, View } from '../view.ts'
import { agentIds, agentSelect } from './agent-select.ts'
import { downloadLink } from './download-link.ts'

const FORMATS: { readonly [F in ExportFormat]: string } = {
  sqlite: 'SQLite: the whole store',
  'agentic-qe': 'agentic-qe: folder with three files',
  'learning-model-state': 'Learning model state of one agent',
  'json-lines': 'JSON Lines: experiences',
  csv: 'CSV',
}

const DATA = ['experiences', 'values', 'patterns'] as const

/** Exports the store as files that the user can save. */
export class ExportPanel extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    format: { state: true },
    what: { state: true },
    isExporting: { state: true },
  }

  declare protected format: ExportFormat
  declare protected what: (typeof DATA)[number]
  declare protected isExporting: boolean
  readonly #ids = new Live(this, agentIds)
  #files: readonly ExportedFile[] = []
  #error: unknown

  constructor() {
    super()
    this.format = 'sqlite'
    this.what = 'experiences'
    this.isExporting = false
  }

  override render(): TemplateResult {
    const needsAgent = this.format === 'learning-model-state'
    return html`<div class="stack">
      <div class="row end">
        <label
          >Format
          <select
            @change=${({ currentTarget }: Event) => {
              this.format = (currentTarget as HTMLSelectElement).value as ExportFormat
            }}
          >
            ${Object.entries(FORMATS).map(([id, name]) => html`<option value=${id}>${name}</option>`)}
          </select>
        </label>
        ${
          this.format === 'csv'
            ? html`<label
                >Data
                <select
                  @change=${({ currentTarget }: Event) => {
                    this.what = (currentTarget as HTMLSelectElement).value as (typeof DATA)[number]
                  }}
                >
                  ${DATA.map((what) => html`<option ?selected=${what === this.what}>${what}</option>`)}
                </select>
              </label>`
            : nothing
        }
        ${
          this.format === 'sqlite' || this.format === 'agentic-qe'
            ? nothing
            : agentSelect(this.#ids.value, this.agentId, (agentId) => this.inspect({ agentId }), !needsAgent)
        }
        <button type="button" ?disabled=${this.isExporting} @click=${() => void this.#export()}>
          ${this.isExporting ? 'Exporting …' : 'Export'}
        </button>
      </div>
      ${this.#error === undefined ? nothing : problem(this.#error, () => void this.#export())}
      <ul aria-live="polite">
        ${this.#files.map(
          (file) => html`<li>
            ${downloadLink(file.path, file.bytes)} <span class="dim">${bytes(file.bytes.length)}</span>
            ${file.notes?.map((note) => html`<p class="note">${note}</p>`)}
          </li>`,
        )}
      </ul>
    </div>`
  }

  async #export(): Promise<void> {
    const { store, format, what } = this
    if (!store) return
    const isWhole = format === 'sqlite' || format === 'agentic-qe'
    const agentId = this.agentId ?? (format === 'learning-model-state' ? this.#ids.value?.[0] : undefined)
    const options: ExportOptions = {
      format,
      ...(isWhole || agentId === undefined ? {} : { agentId }),
      ...(format === 'csv' ? { what } : {}),
    }
    this.isExporting = true
    this.#error = undefined
    this.#files = []
    try {
      this.#files = await store.exportFile(options)
    } catch (error) {
      this.#error = error
    }
    this.isExporting = false
  }
}

customElements.define('learning-export', ExportPanel)
