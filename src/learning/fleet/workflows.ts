import { WORKFLOWS, type Workflow } from '../../tables/coordination.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type Told = 'status' | 'checkpoint' | 'sha' | 'ttl'

/** A workflow to create. */
export type NewWorkflow = NewRecord<Workflow, 'step', Told>
/** @inline */
export type Workflows = Records<Workflow, 'step', Told, 'step' | Told, 'step' | 'status' | 'sha'>

/** How far workflows are. A lifetime counts from the last change. */
export function workflows(core: Core): Workflows {
  return new Records(core, WORKFLOWS, {
    what: 'a workflow',
    needed: ['step'],
    defaults: { status: 'running', checkpoint: null, sha: '', ttl: DEFAULT_LIFETIMES.workflow },
    changing: ['step', 'status', 'checkpoint', 'sha', 'ttl'],
    made: (_, now) => ({ createdAt: now, updatedAt: now }),
    changed: (_, __, now) => ({ updatedAt: now }),
  })
}
