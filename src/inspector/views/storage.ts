import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { VerifyResult } from '../../learning/inspection/verification.ts'
import type { StoreStatus } from '../../protocol/status.ts'
import '../components/export-panel.ts'
import { bytes, count, plural } from '../format.ts'
import { icon } from '../icons.ts'
import '../components/import-panel.ts'
import { basicStyles } from '../basics.styles.ts'
import { downloadLink } from '../components/download-link.ts'
import { latencyPanel, sizePanel } from '../components/store-measurements.ts'
import { Live } from '../live.ts'
import { problem, View } from '../view.ts'

type Operation = 'flush' | 'snapshot' | 'verify'

/** Durability, size and latency of the store; flush, snapshot, verify, import and export. */
export class Storage extends View {
  static override properties: PropertyDeclarations = { ...View.properties, running: { state: true } }
  static override styles: CSSResultGroup = [
    basicStyles,
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
      .message {
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

  /** The operation that is running. */
  declare protected running: Operation | undefined
  #outcome: TemplateResult | undefined
  readonly #status = new Live(this, (queries) => queries.status(), {
    everyMs: 500,
    isTransient: ({ state }) => state !== 'clean',
  })

  override render(): TemplateResult {
    return html`<div class="stack">
      ${this.renderLive(this.#status, (status) => [
        html`<div class="columns">${this.#durability(status)}${sizePanel(status)}</div>`,
        latencyPanel(status),
      ])}
      <div class="columns">
        ${
          this.#status.value?.readOnly
            ? nothing
            : html`<section class="panel" aria-labelledby="import">
                <h2 id="import">Import</h2>
                <p class="note">A dry run shows the changes before anything is written.</p>
                <learning-import .store=${this.store}></learning-import>
              </section>`
        }
        <section class="panel" aria-labelledby="export">
          <h2 id="export">Export</h2>
          <learning-export .store=${this.store} .agentId=${this.agentId}></learning-export>
        </section>
      </div>
    </div>`
  }

  #durability(status: StoreStatus): TemplateResult {
    const { storage, host, durability, state, reason, sequence, durableSequence, notes, persisted, readOnly } = status
    const facts: readonly (readonly [string, unknown])[] = [
      ['storage', html`<bdi>${storage}</bdi>`],
      ['host', host.replace('-', ' ')],
      readOnly ? ['access', 'read-only: another page or worker may write'] : ['durability', durability],
      [
        'state',
        html`<b class=${state === 'clean' ? 'good' : state === 'saving' ? '' : 'bad'}>${state}</b> <bdi>${reason ?? ''}</bdi>`,
      ],
      ['last commit', html`<span data-count="sequence">${count(sequence)}</span>`],
      ['last durable commit', durableSequence === 0 ? 'none' : count(durableSequence)],
      ['schema', `version ${status.schemaVersion}`],
      ...(persisted === undefined
        ? []
        : [
            [
              'persistence',
              persisted ? 'granted by the browser' : 'not granted: the browser may delete the store when space is low',
            ] as const,
          ]),
      ...notes.map((note) => ['note', html`<bdi>${note}</bdi>`] as const),
    ]
    return html`<section class="panel" aria-labelledby="durability">
      <h2 id="durability">Durability</h2>
      <dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <div class="row">
        ${readOnly ? nothing : this.#button('flush', 'Flush')}${this.#button('snapshot', 'Download snapshot')}${this.#button('verify', 'Verify')}
      </div>
      <div aria-live="polite">${this.#outcome ?? nothing}</div>
    </section>`
  }

  #button(operation: Operation, name: string): TemplateResult {
    return html`<button type="button" ?disabled=${this.running !== undefined} @click=${() => void this.#run(operation)}>
      ${this.running === operation ? 'Running …' : name}
    </button>`
  }

  async #run(operation: Operation): Promise<void> {
    const { store } = this
    if (!store) return
    this.running = operation
    this.#outcome = undefined
    try {
      if (operation === 'flush') {
        await store.flush()
        this.#outcome = html`<p class="good">Flush complete: if the storage is persistent, all earlier commits are durable.</p>`
      } else if (operation === 'snapshot') {
        const file = await store.snapshot()
        this.#outcome = html`<p>SQLite file, ${bytes(file.length)}: ${downloadLink('learning-store.db', file)}</p>`
      } else {
        this.#outcome = verifyReport(await store.verify())
      }
    } catch (error) {
      this.#outcome = problem(error, () => void this.#run(operation))
    }
    this.running = undefined
  }
}

function verifyReport({ ok, findings }: VerifyResult): TemplateResult {
  if (ok) return html`<p class="message good">${icon('check')}Integrity check passed.</p>`
  return html`<p class="bad">Integrity check failed: ${plural(findings.length, 'finding')}</p>
    <ul>
      ${findings.map(({ what, detail }) => html`<li class="wrap"><b>${what}</b> <bdi>${detail}</bdi></li>`)}
    </ul>`
}

customElements.define('learning-storage', Storage)
