import { type CSSResultGroup, css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit'
import { keyOf } from '../../algorithms/keys/keys.ts'
import type { Estimator } from '../../algorithms/off-policy.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import type { PolicyFunction } from '../../client/evaluation.ts'
import type { TargetPolicy } from '../../learning/evaluation/target-policy.ts'
import { basicStyles } from '../basics.styles.ts'
import { type EvaluatedPolicy, policyEvaluationColumns } from '../components/policy-evaluations.ts'
import '../components/rows-table.ts'
import { problem, View } from '../view.ts'

const ESTIMATORS: { readonly [E in Estimator]: string } = {
  dr: 'doubly robust (dr)',
  snips: 'self-normalized (snips)',
  ips: 'inverse propensity (ips)',
  dm: 'direct method (dm), needs no logged probabilities',
  wis: 'weighted, per episode (wis)',
}
/** Maximum number of actions evaluated, the most visited first. */
const MAX_ACTIONS = 8

/** Off-policy evaluation: the value of other policies, estimated from the experiences of an agent. */
export class WhatIf extends View {
  static override properties: PropertyDeclarations = {
    ...View.properties,
    estimator: { state: true },
    isRunning: { state: true },
  }
  static override styles: CSSResultGroup = [
    basicStyles,
    css`
      learning-rows {
        --rows-height: 336px;
      }
    `,
  ]

  declare protected estimator: Estimator
  declare protected isRunning: boolean
  #policies: readonly EvaluatedPolicy[] = []
  #error: unknown

  constructor() {
    super()
    this.estimator = 'dr'
    this.isRunning = false
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('agentId') && !changed.has('store')) return
    this.#policies = []
    this.#error = undefined
  }

  override render(): TemplateResult {
    return html`<section class="panel" aria-labelledby="what-if">
      <h2 id="what-if">Off-policy evaluation</h2>
      <p class="note">Expected reward per decision of other policies, estimated from the logged experiences of this agent.</p>
      <div class="row end">
        <label
          >Estimator
          <select
            @change=${({ currentTarget }: Event) => {
              this.estimator = (currentTarget as HTMLSelectElement).value as Estimator
            }}
          >
            ${Object.entries(ESTIMATORS).map(([id, name]) => html`<option value=${id}>${name}</option>`)}
          </select>
        </label>
        <button type="button" class="primary" ?disabled=${this.isRunning} @click=${() => void this.#evaluate()}>
          ${this.isRunning ? 'Estimating …' : 'Estimate'}
        </button>
      </div>
      ${this.#error === undefined ? nothing : problem(this.#error, () => void this.#evaluate())}
      <div aria-live="polite">
        ${
          this.#policies.length > 0
            ? html`<learning-rows
                label="Policies by estimated value"
                .columns=${policyEvaluationColumns(this.#policies)}
                .rows=${this.#policies}
              ></learning-rows>`
            : nothing
        }
      </div>
    </section>`
  }

  async #evaluate(): Promise<void> {
    const { store, agentId, estimator } = this
    if (!store || agentId === undefined) return
    this.isRunning = true
    this.#error = undefined
    try {
      const policies: EvaluatedPolicy[] = []
      for (const [policy, target] of await targetPolicies(store, agentId)) {
        policies.push({ policy, evaluation: await store.evaluatePolicy(target, { agentId, estimator }) })
      }
      if (this.agentId === agentId) {
        this.#policies = policies.toSorted((a, b) => b.evaluation.value - a.evaluation.value)
      }
    } catch (error) {
      this.#error = error
      this.#policies = []
    }
    this.isRunning = false
  }
}

/** The evaluated policies. */
async function targetPolicies(
  store: AsyncStore,
  agentId: string,
): Promise<readonly (readonly [name: string, policy: TargetPolicy | PolicyFunction])[]> {
  const visited = new Map<string, number>()
  for (const { actions } of await store.values.listByState(agentId)) {
    for (const { actionKey, visits } of actions) visited.set(actionKey, (visited.get(actionKey) ?? 0) + visits)
  }
  const keys = [...visited].sort(([, a], [, b]) => b - a).map(([key]) => key)
  return [
    ...(keys.length > 0 ? [['learned policy', { agentId }] as const] : []),
    ['uniform random', (_, available) => available.map(() => 1 / available.length)],
    ...keys.slice(0, MAX_ACTIONS).map((key) => [`always ${key}`, always(key)] as const),
  ]
}

/** Takes one action where it is available, and a uniform random action elsewhere. */
function always(actionKey: string): PolicyFunction {
  return (_, available) => {
    const keys = available.map((action) => keyOf(action))
    if (!keys.includes(actionKey)) return keys.map(() => 1 / keys.length)
    const at = keys.indexOf(actionKey)
    return keys.map((_, i) => (i === at ? 1 : 0))
  }
}

customElements.define('learning-what-if', WhatIf)
