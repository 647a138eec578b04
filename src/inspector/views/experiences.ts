import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ExperienceFilterOptions } from '../../learning/experiences/experience-filters.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { basicStyles } from '../basics.styles.ts'
import { agentIds, agentSelect } from '../components/agent-select.ts'
import { experienceColumns } from '../components/experience-columns.ts'
import { experienceDetail } from '../components/experience-detail.ts'
import { count, plural } from '../format.ts'
import { icon } from '../icons.ts'
import { Live } from '../live.ts'
import '../components/rows-table.ts'
import { empty, View } from '../view.ts'

const PAGE = 200

/** Experiences with filters, pages and details. The first page updates live. */
export class ExperiencesView extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    filters: { state: true },
    page: { state: true },
    isPaused: { state: true },
    chosen: { state: true },
  }
  static override styles: CSSResultGroup = [
    basicStyles,
    css`
      form.panel {
        align-items: end;
        display: grid;
        gap: 8px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 132px), 1fr));
      }
      learning-rows {
        --rows-height: min(60vh, 512px);
      }
    `,
  ]

  declare protected filters: Omit<ExperienceFilterOptions, 'agentId'>
  declare protected page: number
  /** Whether the user paused the live update of the first page. */
  declare protected isPaused: boolean
  declare protected chosen: RecordedExperience | undefined

  readonly #ids = new Live(this, agentIds)
  readonly #count = new Live(this, (queries) => queries.experiences.count(this.#allFilters), {
    inputs: () => [this.#filterKey],
  })
  readonly #rows: Live<readonly RecordedExperience[]> = new Live(
    this,
    async (queries): Promise<readonly RecordedExperience[]> => {
      // Each new experience would move the rows of a later page.
      if (this.isFixed && this.#loadedPage === this.#pageKey && this.#rows.value) return this.#rows.value
      this.#loadedPage = this.#pageKey
      return queries.experiences.list({ ...this.#allFilters, limit: PAGE, offset: this.page * PAGE })
    },
    { inputs: () => [this.#pageKey, this.isPaused] },
  )
  /** The page that was loaded last. */
  #loadedPage = ''

  constructor() {
    super()
    this.filters = {}
    this.page = 0
    this.isPaused = false
  }

  protected get isFixed(): boolean {
    return this.isPaused || this.page > 0
  }

  get #allFilters(): ExperienceFilterOptions {
    return { ...this.filters, ...(this.agentId === undefined ? {} : { agentId: this.agentId }) }
  }

  get #filterKey(): string {
    return JSON.stringify(this.#allFilters)
  }

  get #pageKey(): string {
    return `${this.page} ${this.#filterKey}`
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.#form()}
      <section class="panel" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Experiences</h2>
          <span class="dim" data-count="found">${this.#count.value === undefined ? '' : plural(this.#count.value, 'experience')}</span>
          <span class="row">${this.#pauseButton()}${this.#pageButtons()}</span>
        </div>
        ${this.renderLive(this.#rows, (rows) =>
          rows.length === 0
            ? empty(
                this.#filterKey === '{}'
                  ? 'No experiences yet. Call agent.learn(…) or import a file in the Storage view.'
                  : 'No experiences match the filters.',
              )
            : html`<learning-rows
                label="Experiences, newest first"
                can-choose
                .columns=${experienceColumns}
                .rows=${rows}
                .offset=${this.page * PAGE}
                .total=${this.#count.value}
                .chosen=${({ id, agentId }: RecordedExperience) =>
                  id === this.chosen?.id && agentId === this.chosen.agentId}
                @choose=${({ detail }: CustomEvent<RecordedExperience>) => {
                  this.chosen = detail
                }}
              ></learning-rows>`,
        )}
      </section>
      ${
        this.chosen
          ? experienceDetail(this.chosen, () => {
              this.chosen = undefined
            })
          : nothing
      }
    </div>`
  }

  #form(): TemplateResult {
    const applyFilters = (event: Event): void => {
      const form = (event.currentTarget as HTMLElement).closest('form') as HTMLFormElement
      const entries = Object.entries(Object.fromEntries(new FormData(form))) as [string, string][]
      const filled = entries.filter(([name, value]) => name !== 'agentId' && value !== '')
      const filters = filled.map(([name, value]) => [name, name.endsWith('Reward') ? Number(value) : value])
      this.filters = Object.fromEntries(filters) as typeof this.filters
      this.page = 0
    }
    return html`<form class="panel" role="search" aria-label="Filter experiences" @input=${applyFilters} @submit=${(event: Event) => event.preventDefault()}>
      ${agentSelect(this.#ids.value, this.agentId, (agentId) => {
        this.page = 0
        this.inspect({ agentId })
      })}
      <label>Text <input name="text" type="search" placeholder="in state, action, task, episode" /></label>
      <label>Task type <input name="taskType" type="search" placeholder="any" /></label>
      <label>Minimum reward <input name="minReward" type="number" step="any" placeholder="any" /></label>
      <label>Maximum reward <input name="maxReward" type="number" step="any" placeholder="any" /></label>
    </form>`
  }

  #pauseButton(): TemplateResult {
    return html`<button
      type="button"
      aria-pressed=${this.isFixed}
      ?disabled=${this.page > 0}
      @click=${() => {
        this.isPaused = !this.isPaused
      }}
    >
      ${icon(this.isFixed ? 'play' : 'pause')}${this.isFixed ? 'Paused' : 'Pause'}
    </button>`
  }

  #pageButtons(): TemplateResult {
    const pages = Math.max(1, Math.ceil((this.#count.value ?? 0) / PAGE))
    const go = (page: number) => (): void => {
      this.page = page
    }
    return html`<button type="button" ?disabled=${this.page === 0} @click=${go(0)}>Newest</button>
      <button type="button" ?disabled=${this.page === 0} @click=${go(this.page - 1)}>Newer</button>
      <button type="button" ?disabled=${this.page + 1 >= pages} @click=${go(this.page + 1)}>Older</button>
      <span class="dim" aria-live="polite">Page ${count(this.page + 1)} of ${count(pages)}</span>`
  }
}

customElements.define('learning-experiences', ExperiencesView)
