import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { ExperienceFilterOptions } from '../../learning/experiences/experience-filters.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { basics } from '../basics.styles.ts'
import { agentChoice } from '../components/agent-select.ts'
import { newestColumns } from '../components/experience-columns.ts'
import { experienceDetail } from '../components/experience-detail.ts'
import { count, plural } from '../format.ts'
import { icon } from '../icons.ts'
import { Live } from '../live.ts'
import '../components/rows-table.ts'
import { empty, View } from '../view.ts'

const PAGE = 200

/** What agents experienced: live on the first page, filtered, page by page, each in detail. */
export class ExperiencesView extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    filters: { state: true },
    page: { state: true },
    isHeld: { state: true },
    chosen: { state: true },
  }
  static override styles: CSSResultGroup = [
    basics,
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
  /** Whether the page stays as it is while experiences come in. */
  declare protected isHeld: boolean
  declare protected chosen: RecordedExperience | undefined

  readonly #ids = new Live(this, async (queries) => (await queries.agents.list()).map(({ id }) => id))
  readonly #count = new Live(this, (queries) => queries.experiences.count(this.#asked), { on: () => [this.#key] })
  readonly #rows: Live<readonly RecordedExperience[]> = new Live(
    this,
    async (queries): Promise<readonly RecordedExperience[]> => {
      // What is held is asked for once: a page would move under the reader with every experience that comes in.
      if (this.isFixed && this.#read === this.#storage && this.#rows.value) return this.#rows.value
      this.#read = this.#storage
      return queries.experiences.list({ ...this.#asked, limit: PAGE, offset: this.page * PAGE })
    },
    { on: () => [this.#storage, this.isHeld] },
  )
  /** The page that was read last. */
  #read = ''

  constructor() {
    super()
    this.filters = {}
    this.page = 0
    this.isHeld = false
  }

  protected get isFixed(): boolean {
    return this.isHeld || this.page > 0
  }

  get #asked(): ExperienceFilterOptions {
    return { ...this.filters, ...(this.agentId === undefined ? {} : { agentId: this.agentId }) }
  }

  get #key(): string {
    return JSON.stringify(this.#asked)
  }

  get #storage(): string {
    return `${this.page} ${this.#key}`
  }

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.#form()}
      <section class="panel" aria-labelledby="title">
        <div class="head">
          <h2 id="title">Experiences</h2>
          <span class="dim" data-count="found">${this.#count.value === undefined ? '' : plural(this.#count.value, 'experience')}</span>
          <span class="row">${this.#hold()}${this.#pages()}</span>
        </div>
        ${this.shown(this.#rows, (rows) =>
          rows.length === 0
            ? empty(
                this.#key === '{}'
                  ? 'None yet: call agent.learn(…), or import a file in the Storage view.'
                  : 'No experience is like this. Ask for less.',
              )
            : html`<learning-rows
                label="Experiences, newest first"
                can-choose
                .columns=${newestColumns}
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
    const ask = (event: Event): void => {
      const form = (event.currentTarget as HTMLElement).closest('form') as HTMLFormElement
      const given = Object.entries(Object.fromEntries(new FormData(form))) as [string, string][]
      const known = given.filter(([name, value]) => name !== 'agentId' && value !== '')
      const filters = known.map(([name, value]) => [name, name.endsWith('Reward') ? Number(value) : value])
      this.filters = Object.fromEntries(filters) as typeof this.filters
      this.page = 0
    }
    return html`<form class="panel" role="search" aria-label="Which experiences" @input=${ask} @submit=${(event: Event) => event.preventDefault()}>
      ${agentChoice(this.#ids.value, this.agentId, (agentId) => {
        this.page = 0
        this.inspect({ agentId })
      })}
      <label>Text <input name="text" type="search" placeholder="in state, action, task, episode" /></label>
      <label>Task type <input name="taskType" type="search" placeholder="any" /></label>
      <label>Reward from <input name="minReward" type="number" step="any" placeholder="any" /></label>
      <label>Reward to <input name="maxReward" type="number" step="any" placeholder="any" /></label>
    </form>`
  }

  #hold(): TemplateResult {
    return html`<button
      type="button"
      aria-pressed=${this.isFixed}
      ?disabled=${this.page > 0}
      @click=${() => {
        this.isHeld = !this.isHeld
      }}
    >
      ${icon(this.isFixed ? 'play' : 'pause')}${this.isFixed ? 'Held' : 'Hold'}
    </button>`
  }

  #pages(): TemplateResult {
    const pages = Math.max(1, Math.ceil((this.#count.value ?? 0) / PAGE))
    const go = (page: number) => (): void => {
      this.page = page
    }
    return html`<button type="button" ?disabled=${this.page === 0} @click=${go(0)}>Newest</button>
      <button type="button" ?disabled=${this.page === 0} @click=${go(this.page - 1)}>Newer</button>
      <button type="button" ?disabled=${this.page + 1 >= pages} @click=${go(this.page + 1)}>Older</button>
      <span class="dim" aria-live="polite">PageOptions ${count(this.page + 1)} of ${count(pages)}</span>`
  }
}

customElements.define('learning-experiences', ExperiencesView)
