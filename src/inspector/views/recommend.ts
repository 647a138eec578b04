import { type CSSResultGroup, html, type PropertyDeclarations, type TemplateResult } from 'lit'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
import { basics } from '../basics.styles.ts'
import { agentChoice } from '../components/agent-select.ts'
import { told } from '../components/recommendation-detail.ts'
import { Live } from '../live.ts'
import { empty, problem, View } from '../view.ts'
import { recommendLook } from './recommend.styles.ts'
import './what-if.ts'

/** States that are offered; any other can be entered. */
const OFFERED = 500

/** What an agent would do in a state, why, what else, and what another policy would have earned. */
export class Recommend extends View {
  static override properties: PropertyDeclarations = { ...View.properties, entered: { state: true } }
  static override styles: CSSResultGroup = [basics, recommendLook]

  /** The state as it was entered: a key, or JSON. */
  declare protected entered: string | undefined

  readonly #ids = new Live(this, async (queries) => (await queries.agents.list()).map(({ id }) => id))
  readonly #states = new Live(
    this,
    async (queries) => {
      const id = this.agentId ?? (await queries.agents.list()).map(({ id }) => id)[0]
      if (id === undefined) return null
      const states = await queries.values.listByState(id)
      return { id, keys: states.slice(0, OFFERED).map(({ stateKey }) => stateKey) }
    },
    { on: () => [this.agentId], everyMs: 1_000 },
  )
  readonly #recommendation = new Live(
    this,
    async (queries) => {
      const [id, key] = [this.#states.value?.id, this.#key]
      const state = key === undefined ? undefined : stateOf(key)
      if (id === undefined || state === undefined) return null
      const recommendation = await queries.recommend(id, state)
      const found = await Promise.all(
        recommendation.evidence.experienceIds.map((one) => queries.experiences.get(id, one)),
      )
      return { recommendation, experiences: found.filter((one) => one !== undefined) }
    },
    { on: () => [this.#states.value?.id, this.#key] },
  )

  /** What is asked about: what was entered, else the first state in which the agent learned something. */
  get #key(): string | undefined {
    return this.entered ?? this.#states.value?.keys[0]
  }

  override render(): TemplateResult {
    const known = this.#states.value
    return html`<div class="stack">
      <section class="panel" aria-labelledby="title">
        <h2 id="title">Ask for recommendation</h2>
        <div class="ask">
          ${agentChoice(
            this.#ids.value,
            this.agentId ?? known?.id,
            (agentId) => {
              this.entered = undefined
              this.inspect({ agentId })
            },
            false,
          )}
          <label
            >State, as a key or as JSON
            <input
              class="mono"
              list="states"
              autocomplete="off"
              spellcheck="false"
              placeholder='such as module:login or {"module":"login"}'
              .value=${this.#key ?? ''}
              @input=${({ currentTarget }: Event) => {
                this.entered = (currentTarget as HTMLInputElement).value
              }}
            />
          </label>
          <datalist id="states">${known?.keys.map((key) => html`<option value=${key}></option>`)}</datalist>
        </div>
        ${this.#told()}
      </section>
      ${known ? html`<learning-what-if .store=${this.store} .agentId=${known.id}></learning-what-if>` : ''}
    </div>`
  }

  #told(): unknown {
    const key = this.#key
    if (this.#states.value === null) return empty('No agent yet: store.agent(id) makes one.')
    if (key === undefined || key === '') return empty('Enter a state to be advised about.')
    if (stateOf(key) === undefined)
      return problem(
        new Error('Expected the key of a state, its names sorted, such as complexity:low|module:login; or JSON.'),
      )
    return this.shown(this.#recommendation, (answer) =>
      answer === null ? empty('Enter a state to be advised about.') : told(answer.recommendation, answer.experiences),
    )
  }
}

/** A key, or JSON; undefined where it is neither. What begins as JSON may read as a key too, of another state. */
function stateOf(entered: string): JsonValue | undefined {
  const ways = /^\s*[{["]/.test(entered) ? [fromJson, parseKey] : [parseKey, fromJson]
  for (const way of ways) {
    try {
      return way(entered)
    } catch {}
  }
  return undefined
}

function fromJson(entered: string): JsonValue {
  const value = JSON.parse(entered) as JsonValue
  keyOf(value)
  return value
}

customElements.define('learning-recommend', Recommend)
