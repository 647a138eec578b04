import { type CSSResultGroup, html, type PropertyDeclarations, type TemplateResult } from 'lit'
import type { PatternHit } from '../../learning/test-patterns/queries.ts'
import type { Snippet } from '../../learning/test-patterns/search.ts'
import type { TestPattern } from '../../learning/test-patterns/test-pattern.ts'
import { basics } from '../basics.styles.ts'
import { count, plural } from '../format.ts'
import { Live } from '../live.ts'
import { testPatternsLook } from './test-patterns.styles.ts'
import '../components/test-pattern-detail.ts'
import { empty, View } from '../view.ts'

const SHOWN = 50

interface Found {
  readonly hits: readonly Pick<PatternHit, 'pattern' | 'snippets'>[]
  readonly total: number
}

/** Searches the bank of test patterns as words are typed. */
export class TestPatternsPanel extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    text: { state: true },
    chosen: { state: true },
  }
  static override styles: CSSResultGroup = [basics, testPatternsLook]

  declare protected text: string
  declare protected chosen: string | undefined

  readonly #found = new Live<Found>(
    this,
    async (queries) => {
      const total = await queries.testPatterns.count()
      if (this.text.trim() !== '') {
        return { total, hits: await queries.testPatterns.search(this.text, { limit: SHOWN }) }
      }
      const listed = await queries.testPatterns.list({ limit: SHOWN })
      return { total, hits: listed.map((pattern) => ({ pattern, snippets: [] })) }
    },
    { on: () => [this.text] },
  )

  constructor() {
    super()
    this.text = ''
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="title">
      <div class="head">
        <h2 id="title">Test patterns</h2>
        <span class="dim" aria-live="polite">${this.#told()}</span>
      </div>
      <input
        type="search"
        aria-label="Search test patterns"
        placeholder='Search: words, begin*, "some words"'
        @input=${({ currentTarget }: Event) => {
          this.text = (currentTarget as HTMLInputElement).value
        }}
      />
      ${this.shown(this.#found, ({ hits, total }) => {
        if (total === 0)
          return empty('None yet: store.testPatterns.store(…) keeps one, and importing a file may bring some.')
        if (hits.length === 0) return empty('No test pattern has all these words.')
        const [first] = hits as [Found['hits'][number]]
        const chosen = this.chosen ?? first.pattern.id
        return html`<div class="columns">
          <ul class="found">
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

  #told(): string {
    const { hits, total } = this.#found.value ?? { hits: [], total: 0 }
    if (this.text.trim() !== '') return plural(hits.length, 'hit')
    return total > hits.length ? `the first ${count(hits.length)} of ${count(total)}` : plural(total, 'pattern')
  }

  #hit({ pattern, snippets }: Found['hits'][number], chosen: string): TemplateResult {
    const { id, metadata } = pattern
    const found = new Map(snippets.map((snippet) => [snippet.field, snippet]))
    return html`<li>
      <button
        type="button"
        aria-current=${id === chosen}
        @click=${() => {
          this.chosen = id
        }}
      >
        <b>${marked(found.get('name')) ?? html`<bdi>${nameOf(pattern)}</bdi>`}</b>
        <span class="note">${marked(found.get('description')) ?? html`<bdi>${metadata.description ?? ''}</bdi>`}</span>
        <span class="note">${this.#about(pattern, found)}</span>
      </button>
    </li>`
  }

  /** Its type, its framework and, where they were found, its tags. */
  #about({ patternType, framework }: TestPattern, found: ReadonlyMap<string, Snippet>): unknown {
    const type = marked(found.get('patternType')) ?? patternType
    const where = marked(found.get('framework')) ?? framework
    const tags = marked(found.get('tags'))
    return tags ? html`${type}, ${where}, ${tags}` : html`${type}, ${where}`
  }
}

/** A pattern without a name is called by its id. */
export function nameOf({ id, metadata }: TestPattern): string {
  return metadata.name ? metadata.name : id
}

function marked(snippet: Snippet | undefined): TemplateResult | undefined {
  if (!snippet) return undefined
  return html`<bdi>${snippet.parts.map(({ text, isHit }) => (isHit ? html`<mark>${text}</mark>` : text))}</bdi>`
}

customElements.define('learning-test-patterns', TestPatternsPanel)
