import { toActionValue } from '../algorithms/choice.ts'
import { keyOf } from '../algorithms/keys/keys.ts'
import { AgentModel, type ModelUpdate, type ModelVersion } from '../algorithms/linear/agent-model.ts'
import { settingsOf } from '../algorithms/linear/models.ts'
import { StoreError } from '../errors.ts'
import type { AgentStatus } from '../learning/agents/agent.ts'
import type { PolicyCopy } from './policy-copy.ts'

/** A copy of a linear model. It learns from the same experiences as the agent, so that both are equal to the last bit. */
export function modelCopy(agentId: string): PolicyCopy {
  let status: AgentStatus | undefined
  let copied: { readonly model: AgentModel; readonly version: ModelVersion } | undefined

  function current(): AgentModel {
    if (copied) return copied.model
    throw new StoreError('INVALID_ARGUMENT', `Expected a copy of the model of "${agentId}", got none yet`)
  }

  return {
    isModel: true,
    request() {
      return { on: 'values', method: 'linearModel', args: copied ? [agentId, copied.version] : [agentId] }
    },
    async take(newStatus, answer) {
      const update = answer as ModelUpdate | null
      if (update === null) return false
      status = newStatus
      const { model: bytes, learned, ...version } = update
      const settings = settingsOf(() => status ?? newStatus)
      if (bytes && !AgentModel.fits(settings, bytes)) return false
      const model = bytes ? new AgentModel(settings, bytes) : current()
      for (const one of learned) model.relearn(one)
      copied = { model, version }
      return true
    },
    selectAction(state, options, draw) {
      keyOf(state, 'state')
      return current().choose(state, options, draw)
    },
    valuesOf(state) {
      keyOf(state, 'state')
      return current().predictions(state).map(toActionValue)
    },
  }
}
