import { type CSSResultGroup, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import type { AsyncStore, Queries } from '../client/async-store.ts'
import type { StoreStatus } from '../protocol/status.ts'
import './views/experiences.ts'
import { count } from './format.ts'
import { icon } from './icons.ts'
import './views/agents.ts'
import './views/patterns.ts'
import './views/recommend.ts'
import './views/storage.ts'
import './views/tables.ts'
import './views/values.ts'
import { basicStyles } from './basics.styles.ts'
import { inspectorStyles } from './learning-inspector.styles.ts'
import { Live } from './live.ts'
import { themeStyles } from './theme.styles.ts'
import './views/overview.ts'
import type { InspectRequest } from './view.ts'

type RenderView = (store: AsyncStore | undefined, agentId: string | undefined) => TemplateResult

/** The views, in the order of their tabs. */
const VIEWS: readonly (readonly [id: string, name: string, render: RenderView])[] = [
  [
    'overview',
    'Overview',
    (store, agentId) => html`<learning-overview .store=${store} .agentId=${agentId}></learning-overview>`,
  ],
  [
    'agents',
    'Agents',
    (store, agentId) => html`<learning-agents .store=${store} .agentId=${agentId}></learning-agents>`,
  ],
  [
    'values',
    'Values',
    (store, agentId) => html`<learning-values .store=${store} .agentId=${agentId}></learning-values>`,
  ],
  [
    'experiences',
    'Experiences',
    (store, agentId) => html`<learning-experiences .store=${store} .agentId=${agentId}></learning-experiences>`,
  ],
  [
    'patterns',
    'Patterns',
    (store, agentId) => html`<learning-patterns .store=${store} .agentId=${agentId}></learning-patterns>`,
  ],
  [
    'recommend',
    'Recommend',
    (store, agentId) => html`<learning-recommend .store=${store} .agentId=${agentId}></learning-recommend>`,
  ],
  [
    'storage',
    'Storage',
    (store, agentId) => html`<learning-storage .store=${store} .agentId=${agentId}></learning-storage>`,
  ],
  [
    'tables',
    'Tables',
    (store, agentId) => html`<learning-tables .store=${store} .agentId=${agentId}></learning-tables>`,
  ],
]

/**
 * Custom element `<learning-inspector>` that shows an open store live. Set `store` to any client. It only reads, except in the
 * Storage view, where a user can flush and import. A read-only store is refreshed once a second. It does not close the store.
 */
export class LearningInspector extends LitElement {
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    view: { reflect: true },
    theme: { reflect: true },
    agentId: { attribute: 'agent-id' },
  }
  /** Styles of the element. */
  static override styles: CSSResultGroup = [themeStyles, basicStyles, inspectorStyles]

  /** The store that is shown. */
  declare store: AsyncStore | undefined
  /** The selected view, by its name in lower case. Default: `overview`. */
  declare view: string
  /** Color scheme. Default: that of the page. */
  declare theme: 'light' | 'dark' | undefined
  /** The selected agent. Default: all agents, or the first, depending on the view. */
  declare agentId: string | undefined

  /** Why a read-only store could not follow its writer. */
  #refreshError: unknown
  readonly #status = new Live(this, (queries) => this.#follow(queries), {
    everyMs: 1_000,
    isTransient: ({ state, readOnly }) => readOnly || state !== 'clean',
  })

  constructor() {
    super()
    this.view = 'overview'
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    // The agent belongs to the previous store.
    if (changed.get('store') !== undefined && !changed.has('agentId')) this.agentId = undefined
  }

  override render(): TemplateResult {
    const shown = VIEWS.find(([id]) => id === this.view) ?? VIEWS[0]
    const [view, name, renderView] = shown as (typeof VIEWS)[number]
    return html`<header>
        <div role="tablist" aria-label="Store views" @keydown=${(event: KeyboardEvent) => this.#key(event, view)}>
          ${VIEWS.map(([id, title]) => this.#tab(id, title, id === view))}
        </div>
        ${this.#storageStatus(this.#status.value)}
      </header>
      ${this.#storageProblem(this.#status.value)}
      <div
        role="tabpanel"
        id="panel"
        aria-labelledby=${`tab-${view}`}
        data-name=${name}
        @inspect=${({ detail }: CustomEvent<InspectRequest>) => this.#inspect(detail)}
      >
        ${this.store ? keyed(this.store, renderView(this.store, this.agentId)) : html`<p class="empty">No store is open.</p>`}
      </div>`
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('view')) return
    const list = this.renderRoot.querySelector('[role=tablist]')
    const tab = this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')
    // Not scrollIntoView, which would also scroll the page.
    if (list && tab) list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2
  }

  #tab(id: string, title: string, isChosen: boolean): TemplateResult {
    return html`<button
      type="button"
      role="tab"
      id=${`tab-${id}`}
      aria-selected=${isChosen}
      aria-controls=${isChosen ? 'panel' : nothing}
      tabindex=${isChosen ? 0 : -1}
      @click=${() => {
        this.view = id
      }}
    >
      ${title}
    </button>`
  }

  /** A read-only store shows later commits only after a refresh. */
  async #follow(queries: Queries): Promise<StoreStatus> {
    const isReader = this.#status.value?.readOnly === true
    this.#refreshError = isReader
      ? await this.store?.refresh().then(
          () => undefined,
          (error: unknown) => error,
        )
      : undefined
    return queries.status()
  }

  #storageStatus(status: StoreStatus | undefined): TemplateResult | typeof nothing {
    if (!status) return nothing
    const { storage, state, readOnly, sequence } = status
    return html`<p class="storage">
      <span class="dot ${state}"></span><bdi class="cut" title=${storage}>${storage}</bdi>
      <span>${readOnly ? 'read-only' : state}</span><span>#${count(sequence)}</span>
    </p>`
  }

  #storageProblem(status: StoreStatus | undefined): TemplateResult | typeof nothing {
    if (this.#refreshError !== undefined) {
      const message = 'The store can no longer be read. What is shown was read before.'
      return html`<div class="problem" role="alert">
        ${icon('warning')}<span>${message} <bdi class="dim">${String(this.#refreshError)}</bdi></span>
      </div>`
    }
    if (status?.state !== 'failing' && status?.state !== 'lost') return nothing
    const message =
      status.state === 'failing'
        ? 'Writing to the storage fails and is being retried. Changes stay in memory until then.'
        : 'Another writer has taken over the storage: this store can no longer save changes. Reload the page.'
    return html`<div class="problem" role="alert">
      ${icon('warning')}<span>${message} <bdi class="dim">${status.reason}</bdi></span>
    </div>`
  }

  #inspect({ view, ...rest }: InspectRequest): void {
    if ('agentId' in rest) this.agentId = rest.agentId
    if (view !== undefined) this.view = view
  }

  #key(event: KeyboardEvent, view: string): void {
    const at = VIEWS.findIndex(([id]) => id === view)
    const moves: { readonly [key: string]: number } = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    const [id = 'overview'] = VIEWS.at(to % VIEWS.length) ?? []
    this.view = id
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${id}`)?.focus())
  }
}

customElements.define('learning-inspector', LearningInspector)

declare global {
  interface HTMLElementTagNameMap {
    'learning-inspector': LearningInspector
  }
}
