import { keyOf } from '../algorithms/keys/keys.ts'
import { parseKey } from '../algorithms/keys/parse-key.ts'
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
    request() {
      return { on: 'values', method: 'linearModel', args: copied ? [agentId, copied.version] : [agentId] }
    },
    take(newStatus, answer) {
      status = newStatus
      const { model: bytes, learned, ...version } = answer as ModelUpdate
      const settings = settingsOf(() => status ?? newStatus)
      // Another algorithm was chosen after the status was read: its commit is about to be reported.
      if (bytes && !AgentModel.fits(settings, bytes)) return
      const model = bytes ? new AgentModel(settings, bytes) : current()
      for (const one of learned) model.relearn(one)
      copied = { model, version }
    },
    selectAction(state, options, draw) {
      keyOf(state, 'state')
      return current().choose(state, options, draw)
    },
    valuesOf(state) {
      keyOf(state, 'state')
      return current()
        .predictions(state)
        .map(({ actionKey, value, visits }) => ({ action: parseKey(actionKey), value, visits }))
    },
  }
}
