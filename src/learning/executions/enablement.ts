import { PreferencesTable } from '../../tables/preferences.ts'
import { isoTime } from '../../times.ts'
import type { Core } from '../core/core.ts'

/** Enablement is stored as a preference of this type: its value is the agent id, its weight 1 or 0. */
const TYPE = 'learning'

export function isEnabled(core: Core, agentId: string): boolean {
  return new PreferencesTable(core.connection).get(TYPE, agentId)?.weight !== 0
}

export function setEnabled(core: Core, agentId: string, enabled: boolean): void {
  const table = new PreferencesTable(core.connection)
  const weight = enabled ? 1 : 0
  const lastUsed = isoTime(core.now())
  core.transaction(() => {
    const known = table.get(TYPE, agentId)
    if (known?.weight === weight || (!known && enabled)) return
    if (known) table.update({ ...known, weight })
    else table.append({ preferenceType: TYPE, preferenceValue: agentId, weight, usageCount: 0, lastUsed })
  })
}
