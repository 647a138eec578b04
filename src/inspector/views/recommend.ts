import { type CSSResultGroup, html, type TemplateResult } from 'lit'
import { keyOf } from '../../algorithms/keys/keys.ts'
import { parseKey } from '../../algorithms/keys/parse-key.ts'
import type { JsonValue } from '../../json-value.ts'
import { type AgentStates, statesOf } from '../agent-states.ts'
import { basicStyles } from '../basics.styles.ts'
import { agentIds, agentSelect, shownAgentId } from '../components/agent-select.ts'
import { recommendationDetail } from '../components/recommendation-detail.ts'
import { FieldValue } from '../field-value.ts'
import { Live } from '../live.ts'
import { empty, problem, View } from '../view.ts'
import { recommendStyles } from './recommend.styles.ts'
import './what-if.ts'

/** States that are suggested. Any other state can be entered. */
const MAX_SUGGESTIONS = 500
const MAX_FEATURES = 12

/** The recommendation of an agent for a state, and an off-policy evaluation of the agent. */
export class Recommend extends View {
  static override styles: CSSResultGroup = [basicStyles, recommendStyles]

  readonly #ids = new Live(this, agentIds)
  readonly #states: Live<AgentStates | null> = new Live<AgentStates | null>(
    this,
    async (queries) => {
      const id = await shownAgentId(queries, this.agentId, this.#states.value?.id)
      return id === undefined ? null : statesOf(queries, id)
    },
    { inputs: () => [this.agentId], everyMs: 1_000 },
  )
  /** The state as a key or as JSON. Suggested is the first state in which the agent has learned something. */
  readonly #state = new FieldValue(this, () => this.#states.value?.states[0]?.stateKey)
  readonly #recommendation = new Live(
    this,
    async (queries) => {
      const [id, key] = [this.#states.value?.id, this.#state.value]
      const state = key === undefined ? undefined : parseState(key)
      if (id === undefined || state === undefined) return null
      const recommendation = await queries.recommend(id, state)
      const { action } = recommendation
      const explanation =
        this.#states.value?.isPredicted && action !== null
          ? await queries.explain(id, state, { action, limit: MAX_FEATURES })
          : undefined
      const experiences = await Promise.all(
        recommendation.evidence.experienceIds.map((experienceId) => queries.experiences.get(id, experienceId)),
      )
      return { recommendation, explanation, experiences: experiences.filter((experience) => experience !== undefined) }
    },
    { inputs: () => [this.#states.value?.id, this.#state.value] },
  )

  override render(): TemplateResult {
    const known = this.#states.value
    return html`<div class="stack">
      <section class="panel" aria-labelledby="title">
        <h2 id="title">Recommendation</h2>
        <div class="query">
          ${agentSelect(
            this.#ids.value,
            this.agentId ?? known?.id,
            (agentId) => {
              this.#state.reset()
              this.inspect({ agentId })
            },
            false,
          )}
          <label
            >State (key or JSON)
            <input
              class="mono"
              list="states"
              autocomplete="off"
              spellcheck="false"
              placeholder='for example module:login or {"module":"login"}'
              .value=${this.#state.value ?? ''}
              @focus=${this.#state.focus}
              @blur=${this.#state.blur}
              @input=${({ currentTarget }: Event) => this.#state.edit((currentTarget as HTMLInputElement).value)}
            />
          </label>
          <datalist id="states">${known?.states.slice(0, MAX_SUGGESTIONS).map(({ stateKey: key }) => html`<option value=${key}></option>`)}</datalist>
        </div>
        ${this.#result()}
      </section>
      ${known ? html`<learning-what-if .store=${this.store} .agentId=${known.id}></learning-what-if>` : ''}
    </div>`
  }

  #result(): unknown {
    const key = this.#state.value
    if (this.#states.value === null) return empty('No agents yet. store.agent(id) creates one.')
    if (key === undefined || key === '') return empty('Enter a state to get a recommendation.')
    if (parseState(key) === undefined)
      return problem(new Error('Expected a state key with sorted names, such as complexity:low|module:login, or JSON.'))
    return this.renderLive(this.#recommendation, (result) =>
      result === null
        ? empty('Enter a state to get a recommendation.')
        : recommendationDetail(result.recommendation, result.experiences, result.explanation),
    )
  }
}

/** The state of a key or of JSON; undefined if the text is neither. JSON is tried first where the text starts like JSON, because it may also be a valid key, of another state. */
function parseState(entered: string): JsonValue | undefined {
  const parsers = /^\s*[{["]/.test(entered) ? [parseJson, parseKey] : [parseKey, parseJson]
  for (const parse of parsers) {
    try {
      return parse(entered)
    } catch {}
  }
  return undefined
}

function parseJson(entered: string): JsonValue {
  const value = JSON.parse(entered) as JsonValue
  keyOf(value)
  return value
}

customElements.define('learning-recommend', Recommend)
