import { invalid } from '../../checks.ts'
import { CYCLES, type OodaCycle, type OodaPhase } from '../../tables/coordination.ts'
import type { Core } from '../core/core.ts'
import { toJson } from '../core/experience.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type MutableKeys = 'phase' | 'observations' | 'orientation' | 'decision' | 'action' | 'completed' | 'result'

/** An OODA cycle to create. */
export type NewCycle = NewRecord<OodaCycle, never, 'observations'>
/** The fields of an OODA cycle that can be updated. */
export type CycleChanges = Partial<Pick<OodaCycle, MutableKeys>>
/** @inline */
export type Cycles = Records<OodaCycle, never, 'observations', MutableKeys, 'phase' | 'completed'>

const PHASES: readonly OodaPhase[] = ['observe', 'orient', 'decide', 'act']

/** OODA cycles (Boyd). A cycle moves to the next phase only, and is completed in its last phase, permanently. */
export function cycles(core: Core): Cycles {
  return new Records(core, CYCLES, {
    what: 'a cycle',
    required: [],
    defaults: { observations: null },
    mutable: ['phase', 'observations', 'orientation', 'decision', 'action', 'completed', 'result'],
    create: (_, now) => ({
      phase: 'observe',
      orientation: null,
      decision: null,
      action: null,
      timestamp: now,
      completed: false,
      result: null,
    }),
    update: (before, changes) => {
      checkTurn(before, { ...before, ...changes })
      return {}
    },
  })
}

function checkTurn(before: OodaCycle, after: OodaCycle): void {
  if (before.completed && toJson({ ...after }) !== toJson({ ...before })) {
    throw invalid('the cycle', 'one that is not completed', before.id)
  }
  const next = PHASES[PHASES.indexOf(before.phase) + 1]
  if (after.phase !== before.phase && after.phase !== next) {
    throw invalid(`the phase after ${before.phase}`, next ?? 'none', after.phase)
  }
  if (after.completed && after.phase !== 'act') throw invalid('the phase of a completed cycle', 'act', after.phase)
}
