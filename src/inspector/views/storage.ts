import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { VerifyResult } from '../../learning/inspection/verification.ts'
import type { StoreStatus } from '../../protocol/status.ts'
import '../components/export-panel.ts'
import { bytes, count, plural } from '../format.ts'
import { icon } from '../icons.ts'
import '../components/import-panel.ts'
import { basics } from '../basics.styles.ts'
import { offered } from '../components/download-link.ts'
import { latencies, sizes } from '../components/store-measurements.ts'
import { Live } from '../live.ts'
import { problem, View } from '../view.ts'

type Operation = 'flush' | 'snapshot' | 'verify'

/** Where the store is kept, how far, how large it is and how fast; keeps, checks, imports and exports it. */
export class Storage extends View {
  static override properties: PropertyDeclarations = { ...View.properties, acting: { state: true } }
  static override styles: CSSResultGroup = [
    basics,
    css`
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        border-bottom: 1px solid var(--line);
        padding: 4px 0 4px 12px;
        text-align: end;
      }
      th {
        color: var(--dim);
        font-size: 12px;
        font-weight: 600;
      }
      th:first-child,
      td:first-child {
        padding-inline-start: 0;
        text-align: start;
      }
      tbody tr:last-child > * {
        border: 0;
      }
      .told {
        display: flex;
        gap: 8px;
      }
      tbody th {
        color: var(--text);
        font-size: 13px;
        font-weight: 400;
      }
    `,
  ]

  /** What is being done now. */
  declare protected acting: Operation | undefined
  #told: TemplateResult | undefined
  readonly #status = new Live(this, (queries) => queries.status(), {
    everyMs: 500,
    isPassing: ({ state }) => state !== 'clean',
  })

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.shown(this.#status, (status) => [
        html`<div class="columns">${this.#kept(status)}${sizes(status)}</div>`,
        latencies(status),
      ])}
      <div class="columns">
        <section class="panel" aria-labelledby="import">
          <h2 id="import">Import</h2>
          <p class="note">You are told what would come of it before anything is changed.</p>
          <learning-import .store=${this.store}></learning-import>
        </section>
        <section class="panel" aria-labelledby="export">
          <h2 id="export">Export</h2>
          <learning-export .store=${this.store} .agentId=${this.agentId}></learning-export>
        </section>
      </div>
    </div>`
  }

  #kept(status: StoreStatus): TemplateResult {
    const { storage, host, durability, state, reason, sequence, durableSequence, notes, persisted } = status
    const told: readonly (readonly [string, unknown])[] = [
      ['storage', html`<bdi>${storage}</bdi>`],
      ['runs in', host.replace('-', ' ')],
      ['durability', durability],
      [
        'state',
        html`<b class=${state === 'clean' ? 'good' : state === 'saving' ? '' : 'bad'}>${state}</b> <bdi>${reason ?? ''}</bdi>`,
      ],
      ['last commit', html`<span data-count="sequence">${count(sequence)}</span>`],
      ['last durable commit', durableSequence === 0 ? 'none: this storage keeps nothing' : count(durableSequence)],
      ['schema', `version ${status.schemaVersion}`],
      ...(persisted === undefined
        ? []
        : [
            [
              'persistence',
              persisted
                ? 'granted by the browser'
                : 'not granted: the browser may remove the store when space is short',
            ] as const,
          ]),
      ...notes.map((note) => ['note', html`<bdi>${note}</bdi>`] as const),
    ]
    return html`<section class="panel" aria-labelledby="kept">
      <h2 id="kept">How it is kept</h2>
      <dl class="facts">${told.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <div class="row">
        ${this.#button('flush', 'Flush')}${this.#button('snapshot', 'Save a snapshot …')}${this.#button('verify', 'Verify')}
      </div>
      <div aria-live="polite">${this.#told ?? nothing}</div>
    </section>`
  }

  #button(operation: Operation, name: string): TemplateResult {
    return html`<button type="button" ?disabled=${this.acting !== undefined} @click=${() => void this.#operation(operation)}>
      ${this.acting === operation ? 'Working …' : name}
    </button>`
  }

  async #operation(operation: Operation): Promise<void> {
    const { store } = this
    if (!store) return
    this.acting = operation
    this.#told = undefined
    try {
      if (operation === 'flush') {
        await store.flush()
        this.#told = html`<p class="good">Everything before now survives a power cut, if the storage keeps anything.</p>`
      } else if (operation === 'snapshot') {
        const file = await store.snapshot()
        this.#told = html`<p>A SQLite file of ${bytes(file.length)}: ${offered('learning-store.db', file)}</p>`
      } else {
        this.#told = found(await store.verify())
      }
    } catch (error) {
      this.#told = problem(error, () => void this.#operation(operation))
    }
    this.acting = undefined
  }
}

function found({ ok, findings }: VerifyResult): TemplateResult {
  if (ok) return html`<p class="told good">${icon('check')}Every page and every row is as it should be.</p>`
  return html`<p class="bad">${plural(findings.length, 'finding')}</p>
    <ul>
      ${findings.map(({ what, detail }) => html`<li class="wrap"><b>${what}</b> <bdi>${detail}</bdi></li>`)}
    </ul>`
}

customElements.define('learning-storage', Storage)
