import { PreferencesTable } from '../../tables/preferences.ts'
import type { Core } from '../core/core.ts'

/** Whether an agent is to learn is what its users prefer: the value is its id, the weight 1 or 0. */
const TYPE = 'learning'

export function isEnabled(core: Core, agentId: string): boolean {
  return new PreferencesTable(core.connection).get(TYPE, agentId)?.weight !== 0
}

/** One transaction. */
export function setEnabled(core: Core, agentId: string, enabled: boolean): void {
  const table = new PreferencesTable(core.connection)
  const weight = enabled ? 1 : 0
  const lastUsed = core.now() / 1000
  core.transaction(() => {
    const known = table.get(TYPE, agentId)
    if (known?.weight === weight || (!known && enabled)) return
    if (known) table.update({ ...known, weight })
    else table.append({ preferenceType: TYPE, preferenceValue: agentId, weight, usageCount: 0, lastUsed })
  })
}
