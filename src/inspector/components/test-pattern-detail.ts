import { type CSSResultGroup, css, html, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { SimilarTestPattern } from '../../learning/test-patterns/queries.ts'
import { basicStyles } from '../basics.styles.ts'
import { percent, plural, text, time } from '../format.ts'
import { Live } from '../live.ts'
import { View } from '../view.ts'

const MAX_SIMILAR = 5

/** A test pattern with its usage and similar patterns. Dispatches `choose` with the id of a similar pattern. */
export class TestPatternDetail extends View {
  static override properties: PropertyDeclarations = { ...View.properties, patternId: { attribute: false } }
  static override styles: CSSResultGroup = [
    basicStyles,
    css`
      pre {
        background: var(--bg);
        border: 1px solid var(--line);
        border-radius: 6px;
        max-height: 148px;
        padding: 8px;
      }
      .similar {
        display: grid;
        gap: 2px;
      }
      .similar button {
        background: none;
        border: 0;
        display: grid;
        gap: 8px;
        grid-template-columns: minmax(0, 1fr) auto auto;
        justify-content: stretch;
        padding: 2px 4px;
        text-align: start;
        width: 100%;
      }
    `,
  ]

  declare patternId: string | undefined

  readonly #detail = new Live(
    this,
    async (queries) => {
      const id = this.patternId
      const pattern = id === undefined ? undefined : await queries.testPatterns.get(id)
      if (id === undefined || !pattern) return null
      const [statistics, similar] = await Promise.all([
        queries.testPatterns.getStatistics(id),
        queries.testPatterns.findSimilar(id, { limit: MAX_SIMILAR }),
      ])
      return { pattern, statistics, similar }
    },
    { inputs: () => [this.patternId] },
  )

  override render(): TemplateResult {
    return html`${this.renderLive(this.#detail, (detail) => {
      if (!detail) return ''
      const { pattern, statistics, similar } = detail
      const { metadata, version, updatedAt, testTemplate, language } = pattern
      return html`<div class="stack">
        <div>
          <h3><bdi class="wrap">${metadata.name ? metadata.name : pattern.id}</bdi></h3>
          <p class="wrap"><bdi>${metadata.description ?? ''}</bdi></p>
        </div>
        <dl class="facts">
          <dt>version</dt>
          <dd><bdi>${version}</bdi>, ${language}, ${time(updatedAt)}</dd>
          <dt>uses</dt>
          <dd>
            ${
              statistics && statistics.totalUses > 0
                ? html`${plural(statistics.totalUses, 'use')} in ${plural(statistics.projectCount, 'project')},
                    ${percent(statistics.successRate)} successful, ${statistics.trend}`
                : 'none'
            }
          </dd>
          <dt>coverage gain</dt>
          <dd>${percent(statistics?.avgCoverageGain)}</dd>
        </dl>
        <h3>Template</h3>
        <pre tabindex="0" aria-label="Template"><bdi>${typeof testTemplate === 'string' ? testTemplate : JSON.stringify(testTemplate, null, 2)}</bdi></pre>
        <h3>Similar</h3>
        ${
          similar.length === 0
            ? html`<p class="dim">None.</p>`
            : html`<ul class="similar">
                ${similar.map((one) => this.#similar(one))}
              </ul>`
        }
      </div>`
    })}`
  }

  #similar({ pattern, similarity }: SimilarTestPattern): TemplateResult {
    const { id, metadata, framework } = pattern
    return html`<li>
      <button type="button" @click=${() => this.dispatchEvent(new CustomEvent<string>('choose', { detail: id }))}>
        ${text(metadata.name ? metadata.name : id)}<span class="dim">${framework}</span
        ><span>${percent(similarity)}<span class="hidden"> similar</span></span>
      </button>
    </li>`
  }
}

customElements.define('learning-test-pattern', TestPatternDetail)
