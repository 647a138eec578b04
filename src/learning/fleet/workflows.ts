import { WORKFLOWS, type Workflow } from '../../tables/coordination.ts'
import type { Core } from '../core/core.ts'
import { DEFAULT_LIFETIMES } from '../records/lifetimes.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** @inline */
type OptionalKeys = 'status' | 'checkpoint' | 'sha' | 'ttlMs'

/** A workflow to create. */
export type NewWorkflow = NewRecord<Workflow, 'step', OptionalKeys>
/** @inline */
export type Workflows = Records<Workflow, 'step', OptionalKeys, 'step' | OptionalKeys, 'step' | 'status' | 'sha'>

/** Progress of workflows. The lifetime counts from the last update. */
export function workflows(core: Core): Workflows {
  return new Records(core, WORKFLOWS, {
    what: 'a workflow',
    required: ['step'],
    defaults: { status: 'running', checkpoint: null, sha: '', ttlMs: DEFAULT_LIFETIMES.workflow },
    mutable: ['step', 'status', 'checkpoint', 'sha', 'ttlMs'],
    create: (_, now) => ({ createdAt: now, updatedAt: now }),
    update: (_, __, now) => ({ updatedAt: now }),
  })
}
