import { type CSSResultGroup, html, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { PatternHit } from '../../learning/test-patterns/queries.ts'
import type { Snippet } from '../../learning/test-patterns/search.ts'
import type { TestPattern } from '../../learning/test-patterns/test-pattern.ts'
import { basicStyles } from '../basics.styles.ts'
import { count, plural } from '../format.ts'
import { Live } from '../live.ts'
import { testPatternsStyles } from './test-patterns.styles.ts'
import '../components/test-pattern-detail.ts'
import { empty, View } from '../view.ts'

const MAX_HITS = 50

interface SearchResult {
  readonly hits: readonly Pick<PatternHit, 'pattern' | 'snippets'>[]
  readonly total: number
}

/** Searches test patterns as the user types. */
export class TestPatternsPanel extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    text: { state: true },
    chosen: { state: true },
  }
  static override styles: CSSResultGroup = [basicStyles, testPatternsStyles]

  declare protected text: string
  declare protected chosen: string | undefined

  readonly #result = new Live<SearchResult>(
    this,
    async (queries) => {
      const total = await queries.testPatterns.count()
      if (this.text.trim() !== '') {
        return { total, hits: await queries.testPatterns.search(this.text, { limit: MAX_HITS }) }
      }
      const listed = await queries.testPatterns.list({ limit: MAX_HITS })
      return { total, hits: listed.map((pattern) => ({ pattern, snippets: [] })) }
    },
    { inputs: () => [this.text] },
  )

  constructor() {
    super()
    this.text = ''
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="title">
      <div class="head">
        <h2 id="title">Test patterns</h2>
        <span class="dim" aria-live="polite">${this.#countText()}</span>
      </div>
      <input
        type="search"
        aria-label="Search test patterns"
        placeholder='Search: word, prefix*, "exact phrase"'
        @input=${({ currentTarget }: Event) => {
          this.text = (currentTarget as HTMLInputElement).value
        }}
      />
      ${this.renderLive(this.#result, ({ hits, total }) => {
        if (total === 0)
          return empty('No test patterns yet. Add one with store.testPatterns.upsert(…) or import a file.')
        if (hits.length === 0) return empty('No test patterns match.')
        const [first] = hits as [SearchResult['hits'][number]]
        const chosen = this.chosen ?? first.pattern.id
        return html`<div class="columns">
          <ul class="hits">
            ${hits.map((hit) => this.#hit(hit, chosen))}
          </ul>
          <learning-test-pattern
            .store=${this.store}
            .patternId=${chosen}
            @choose=${({ detail }: CustomEvent<string>) => {
              this.chosen = detail
            }}
          ></learning-test-pattern>
        </div>`
      })}
    </section>`
  }

  #countText(): string {
    const { hits, total } = this.#result.value ?? { hits: [], total: 0 }
    if (this.text.trim() !== '') return plural(hits.length, 'hit')
    return total > hits.length ? `first ${count(hits.length)} of ${count(total)}` : plural(total, 'pattern')
  }

  #hit({ pattern, snippets }: SearchResult['hits'][number], chosen: string): TemplateResult {
    const { id, metadata } = pattern
    const matches = new Map(snippets.map((snippet) => [snippet.field, snippet]))
    return html`<li>
      <button
        type="button"
        aria-current=${id === chosen}
        @click=${() => {
          this.chosen = id
        }}
      >
        <b>${highlighted(matches.get('name')) ?? html`<bdi>${nameOf(pattern)}</bdi>`}</b>
        <span class="note">${highlighted(matches.get('description')) ?? html`<bdi>${metadata.description ?? ''}</bdi>`}</span>
        <span class="note">${this.#attributes(pattern, matches)}</span>
      </button>
    </li>`
  }

  /** Type, framework and matching tags. */
  #attributes({ patternType, framework }: TestPattern, matches: ReadonlyMap<string, Snippet>): unknown {
    const typeText = highlighted(matches.get('patternType')) ?? patternType
    const frameworkText = highlighted(matches.get('framework')) ?? framework
    const tags = highlighted(matches.get('tags'))
    return tags ? html`${typeText}, ${frameworkText}, ${tags}` : html`${typeText}, ${frameworkText}`
  }
}

/** The name of a pattern, or its id if it has no name. */
export function nameOf({ id, metadata }: TestPattern): string {
  return metadata.name ? metadata.name : id
}

function highlighted(snippet: Snippet | undefined): TemplateResult | undefined {
  if (!snippet) return undefined
  return html`<bdi>${snippet.parts.map(({ text, isHit }) => (isHit ? html`<mark>${text}</mark>` : text))}</bdi>`
}

customElements.define('learning-test-patterns', TestPatternsPanel)
