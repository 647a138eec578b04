import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ExportedFile, ExportFormat, ExportOptions } from '../../transfer/job.ts'
import { bytes } from '../format.ts'
import { Live } from '../live.ts'
import { problem, View } from '../view.ts'
import { agentChoice } from './agent-select.ts'
import { offered } from './download-link.ts'

const FORMATS: readonly (readonly [ExportFormat, string])[] = [
  ['sqlite', 'SQLite: the whole store'],
  ['agentic-qe', 'agentic-qe: its folder of three files'],
  ['learning-model-state', 'learning model state of one agent'],
  ['json-lines', 'JSON Lines: experiences'],
  ['csv', 'CSV'],
]

const WHATS = ['experiences', 'values', 'patterns'] as const

/** Writes what the store holds as files to be saved. */
export class ExportPanel extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    format: { state: true },
    what: { state: true },
    isWriting: { state: true },
  }

  declare protected format: ExportFormat
  declare protected what: (typeof WHATS)[number]
  declare protected isWriting: boolean
  readonly #ids = new Live(this, async (queries) => (await queries.agents.list()).map(({ id }) => id))
  #files: readonly ExportedFile[] = []
  #error: unknown

  constructor() {
    super()
    this.format = 'sqlite'
    this.what = 'experiences'
    this.isWriting = false
  }

  override render(): TemplateResult {
    const isOfOne = this.format === 'learning-model-state'
    return html`<div class="stack">
      <div class="row end">
        <label
          >Format
          <select
            @change=${({ currentTarget }: Event) => {
              this.format = (currentTarget as HTMLSelectElement).value as ExportFormat
            }}
          >
            ${FORMATS.map(([id, name]) => html`<option value=${id}>${name}</option>`)}
          </select>
        </label>
        ${
          this.format === 'csv'
            ? html`<label
                >What
                <select
                  @change=${({ currentTarget }: Event) => {
                    this.what = (currentTarget as HTMLSelectElement).value as (typeof WHATS)[number]
                  }}
                >
                  ${WHATS.map((what) => html`<option>${what}</option>`)}
                </select>
              </label>`
            : nothing
        }
        ${
          this.format === 'sqlite' || this.format === 'agentic-qe'
            ? nothing
            : agentChoice(this.#ids.value, this.agentId, (agentId) => this.inspect({ agentId }), !isOfOne)
        }
        <button type="button" ?disabled=${this.isWriting} @click=${() => void this.#write()}>
          ${this.isWriting ? 'Writing …' : 'Write'}
        </button>
      </div>
      ${this.#error === undefined ? nothing : problem(this.#error, () => void this.#write())}
      <ul aria-live="polite">
        ${this.#files.map((file) => html`<li>${offered(file.path, file.bytes)} <span class="dim">${bytes(file.bytes.length)}</span></li>`)}
      </ul>
    </div>`
  }

  async #write(): Promise<void> {
    const { store, format, what } = this
    if (!store) return
    const isWhole = format === 'sqlite' || format === 'agentic-qe'
    const agentId = this.agentId ?? (format === 'learning-model-state' ? this.#ids.value?.[0] : undefined)
    const options: ExportOptions = {
      format,
      ...(isWhole || agentId === undefined ? {} : { agentId }),
      ...(format === 'csv' ? { what } : {}),
    }
    this.isWriting = true
    this.#error = undefined
    this.#files = []
    try {
      this.#files = await store.exportFile(options)
    } catch (error) {
      this.#error = error
    }
    this.isWriting = false
  }
}

customElements.define('learning-export', ExportPanel)
