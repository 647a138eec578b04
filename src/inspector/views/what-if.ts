import { type CSSResultGroup, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { keyOf } from '../../algorithms/keys/keys.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import type { PolicyFunction } from '../../client/evaluation.ts'
import type { Estimator } from '../../learning/evaluation/evaluation-options.ts'
import type { TargetPolicy } from '../../learning/evaluation/target-policy.ts'
import { basics } from '../basics.styles.ts'
import { columnsFor, type Judged } from '../components/policy-evaluations.ts'
import { whatIfLook } from './what-if.styles.ts'
import '../components/rows-table.ts'
import { problem, View } from '../view.ts'

const ESTIMATORS: readonly (readonly [id: Estimator, name: string])[] = [
  ['dr', 'doubly robust (dr)'],
  ['snips', 'self-normalised (snips)'],
  ['ips', 'inverse propensity (ips)'],
  ['dm', 'direct method (dm): needs no logged probabilities'],
  ['wis', 'whole episodes (wis)'],
]
/** Actions that are asked about, the most visited first. */
const ACTIONS = 8

/** What an agent's experiences say that other policies would have earned. */
export class WhatIf extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    estimator: { state: true },
    isAsking: { state: true },
  }
  static override styles: CSSResultGroup = [basics, whatIfLook]

  declare protected estimator: Estimator
  declare protected isAsking: boolean
  #judged: readonly Judged[] = []
  #error: unknown

  constructor() {
    super()
    this.estimator = 'dr'
    this.isAsking = false
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('agentId') && !changed.has('store')) return
    this.#judged = []
    this.#error = undefined
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="what-if">
      <h2 id="what-if">What if it had chosen otherwise?</h2>
      <p class="note">Estimated from the logged experiences of this agent, in the unit of the rewards: what each policy would have earned per decision.</p>
      <div class="row end">
        <label
          >Estimator
          <select
            @change=${({ currentTarget }: Event) => {
              this.estimator = (currentTarget as HTMLSelectElement).value as Estimator
            }}
          >
            ${ESTIMATORS.map(([id, name]) => html`<option value=${id}>${name}</option>`)}
          </select>
        </label>
        <button type="button" class="primary" ?disabled=${this.isAsking} @click=${() => void this.#ask()}>
          ${this.isAsking ? 'Estimating …' : 'Estimate'}
        </button>
      </div>
      ${this.#error === undefined ? nothing : problem(this.#error, () => void this.#ask())}
      <div aria-live="polite">
        ${
          this.#judged.length > 0
            ? html`<learning-rows
                label="Policies, by what they would have earned"
                .columns=${columnsFor(this.#judged)}
                .rows=${this.#judged}
              ></learning-rows>`
            : nothing
        }
      </div>
    </section>`
  }

  async #ask(): Promise<void> {
    const { store, agentId, estimator } = this
    if (!store || agentId === undefined) return
    this.isAsking = true
    this.#error = undefined
    try {
      const judged: Judged[] = []
      for (const [policy, target] of await policiesOf(store, agentId)) {
        judged.push({ policy, evaluation: await store.evaluatePolicy(target, { agentId, estimator }) })
      }
      if (this.agentId === agentId) {
        this.#judged = judged.toSorted((a, b) => b.evaluation.value - a.evaluation.value)
      }
    } catch (error) {
      this.#error = error
      this.#judged = []
    }
    this.isAsking = false
  }
}

/** The policies that are compared. */
async function policiesOf(
  store: AsyncStore,
  agentId: string,
): Promise<readonly (readonly [name: string, policy: TargetPolicy | PolicyFunction])[]> {
  const visited = new Map<string, number>()
  for (const { actions } of await store.values.listByState(agentId)) {
    for (const { actionKey, visits } of actions) visited.set(actionKey, (visited.get(actionKey) ?? 0) + visits)
  }
  const keys = [...visited].sort(([, a], [, b]) => b - a).map(([key]) => key)
  return [
    ...(keys.length > 0 ? [['what it has learned', { agentId }] as const] : []),
    ['by chance, each as often', (_, available) => available.map(() => 1 / available.length)],
    ...keys.slice(0, ACTIONS).map((key) => [`always ${key}`, always(key)] as const),
  ]
}

/** Takes one action wherever there is it; elsewhere each as often. */
function always(actionKey: string): PolicyFunction {
  return (_, available) => {
    const keys = available.map((action) => keyOf(action))
    if (!keys.includes(actionKey)) return keys.map(() => 1 / keys.length)
    const at = keys.indexOf(actionKey)
    return keys.map((_, i) => (i === at ? 1 : 0))
  }
}

customElements.define('learning-what-if', WhatIf)
