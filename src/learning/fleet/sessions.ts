import type { JsonValue } from '../../json-value.ts'
import { type FleetSession, SESSIONS } from '../../tables/fleet-traces.ts'
import type { Core } from '../core/core.ts'
import { checkPlain } from '../records/record-checks.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** A session to begin. */
export type NewSession = NewRecord<FleetSession, 'mode', 'state'>

/** What agents work in, with checkpoints to go on from. */
export class Sessions extends Records<FleetSession, 'mode', 'state', 'mode' | 'state', 'mode'> {
  constructor(core: Core) {
    super(core, SESSIONS, {
      what: 'a session',
      needed: ['mode'],
      defaults: { state: {} },
      changing: ['mode', 'state'],
      made: (_, now) => ({ checkpoints: [], createdAt: now, lastResumed: null }),
    })
  }

  /**
   * The session stands at this state, and has one checkpoint more that says so. Answers false where there is none.
   * @throws INVALID_ARGUMENT
   */
  checkpoint(id: string, state: JsonValue): boolean {
    const checked = checkPlain(state, 'state')
    return (
      this.change(id, ({ checkpoints }, at) => ({
        ...{ state: checked, checkpoints: [...checkpoints, { at, state: checked }] },
      })) !== undefined
    )
  }

  /**
   * The session stands where its last checkpoint says, if it has one, and was resumed now. Answers it, or undefined where
   * there is none.
   */
  resume(id: string): FleetSession | undefined {
    return this.change(id, ({ checkpoints, state }, now) => ({
      ...{ state: checkpoints.length === 0 ? state : (checkpoints.at(-1)?.state ?? null), lastResumed: now },
    }))
  }
}
