import { type CSSResultGroup, css, html, type PropertyDeclarations, type TemplateResult } from 'lit'
import { keyOf, type PlainValue } from '../algorithms/keys.ts'
import { parseKey } from '../algorithms/parse-key.ts'
import type { Advice } from '../learning/advice.ts'
import type { RecordedExperience } from '../learning/experiences.ts'
import { agentChoice } from './agent-choice.ts'
import { newestColumns } from './experience-columns.ts'
import { number, percent, plural, text, time } from './format.ts'
import { Live } from './live.ts'
import { basics } from './look.ts'
import './rows-table.ts'
import { styled } from './styled.ts'
import { empty, problem, View } from './view.ts'
import './what-if.ts'

/** States that are offered; any other can be entered. */
const OFFERED = 500

/** What an agent would do in a state, why, what else, and what another policy would have earned. */
export class Recommend extends View {
  static override properties: PropertyDeclarations = { ...View.properties, entered: { state: true } }
  static override styles: CSSResultGroup = [
    basics,
    css`
      .ask {
        display: grid;
        gap: 8px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
      }
      .ask label:last-child {
        grid-column: span 2;
      }
      @media (width < 560px) {
        .ask label:last-child {
          grid-column: auto;
        }
      }
      .strategy {
        font-size: 20px;
        font-weight: 600;
        line-height: 28px;
        overflow-wrap: anywhere;
      }
      .sure {
        display: grid;
        gap: 4px 12px;
        grid-template-columns: minmax(0, 1fr) 80px 56px;
        align-items: center;
      }
      .sure .bar {
        background: var(--raised);
        border-radius: 3px;
        height: 6px;
        overflow: hidden;
      }
      .sure .bar::before {
        background: var(--accent);
        content: '';
        display: block;
        height: 100%;
        width: var(--share);
      }
      .sure .share {
        text-align: end;
      }
      learning-rows {
        --rows-height: 216px;
      }
    `,
  ]

  /** The state as it was entered: a key, or JSON. */
  declare protected entered: string | undefined

  readonly #ids = new Live(this, (queries) => queries.agentIds())
  readonly #states = new Live(
    this,
    async (queries) => {
      const id = this.agentId ?? (await queries.agentIds())[0]
      if (id === undefined) return null
      const states = await queries.values.byState(id)
      return { id, keys: states.slice(0, OFFERED).map(({ stateKey }) => stateKey) }
    },
    { on: () => [this.agentId], everyMs: 1_000 },
  )
  readonly #advice = new Live(
    this,
    async (queries) => {
      const [id, key] = [this.#states.value?.id, this.#key]
      const state = key === undefined ? undefined : stateOf(key)
      if (id === undefined || state === undefined) return null
      const advice = await queries.recommendStrategy(id, state)
      const found = await Promise.all(advice.evidence.experienceIds.map((one) => queries.experiences.get(id, one)))
      return { advice, experiences: found.filter((one) => one !== undefined) }
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
        <h2 id="title">Ask for advice</h2>
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
    return this.shown(this.#advice, (answer) =>
      answer === null ? empty('Enter a state to be advised about.') : told(answer.advice, answer.experiences),
    )
  }
}

function told(advice: Advice, experiences: readonly RecordedExperience[]): TemplateResult {
  const { strategy, confidence, expectedImprovement, reasoning, alternatives, evidence } = advice
  const { from, visits, interval, lastUpdated, states } = evidence
  return html`<div class="columns" aria-live="polite">
      <div class="stack">
        <div>
          <h3>Advice</h3>
          <p class="strategy"><bdi data-advice>${strategy}</bdi></p>
          <p class="wrap"><bdi>${reasoning}</bdi></p>
        </div>
        <div class="sure">
          ${[{ strategy, confidence }, ...alternatives].map(
            (one, i) => html`${text(one.strategy)}
              <span class="bar" ${styled({ '--share': `${100 * one.confidence}%` })}></span>
              <span class="share"><span class="hidden">${i === 0 ? 'confidence' : 'alternative, confidence'} </span>${percent(one.confidence)}</span>`,
          )}
        </div>
        <p class="note">Confidence in the advice, and in its alternatives.</p>
      </div>
      <dl class="facts">
        <dt>expected value</dt>
        <dd>${number(expectedImprovement)}</dd>
        <dt>mean of what it rests on</dt>
        <dd>${interval ? `${number(interval.lower)} to ${number(interval.upper)} (95 %)` : 'not enough to say'}</dd>
        <dt>rests on</dt>
        <dd>${from}, ${plural(visits, 'experience')}</dd>
        <dt>last updated</dt>
        <dd>${time(lastUpdated)}</dd>
        ${
          from === 'similar states'
            ? states.map(
                ({ stateKey, similarity }) =>
                  html`<dt>similar, ${percent(similarity)}</dt><dd><code><bdi>${stateKey}</bdi></code></dd>`,
              )
            : ''
        }
      </dl>
    </div>
    ${
      experiences.length > 0
        ? html`<h3>The newest experiences behind it</h3>
            <learning-rows label="Experiences behind the advice" .columns=${newestColumns} .rows=${experiences}></learning-rows>`
        : ''
    }`
}

/** A key, or JSON; undefined where it is neither. What begins as JSON may read as a key too, of another state. */
function stateOf(entered: string): PlainValue | undefined {
  const ways = /^\s*[{["]/.test(entered) ? [fromJson, parseKey] : [parseKey, fromJson]
  for (const way of ways) {
    try {
      return way(entered)
    } catch {}
  }
  return undefined
}

function fromJson(entered: string): PlainValue {
  const value = JSON.parse(entered) as PlainValue
  keyOf(value)
  return value
}

customElements.define('learning-recommend', Recommend)
