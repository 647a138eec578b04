import { checkName } from '../../checks.ts'
import { AgentRemovalTable, type ResetAgentResult } from '../../tables/agent-removal.ts'
import type { Core } from '../core/core.ts'

/** Deletes everything that an agent learned. @throws INVALID_ARGUMENT */
export function resetAgent(core: Core, id: string): ResetAgentResult {
  core.learners.get(checkName(id, 'agent id'))
  return core.transaction(() => {
    // Forgetting the caches must not lose pending changes of other agents.
    core.writePending()
    const removed = new AgentRemovalTable(core.connection).removeLearning(id)
    core.valueCache.forget()
    core.sums.forget()
    core.models.forget()
    core.linearIfUsed()?.drop(id)
    core.learners.restart(id)
    return removed
  })
}
