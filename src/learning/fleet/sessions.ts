import type { JsonValue } from '../../json-value.ts'
import { type FleetSession, SESSIONS } from '../../tables/fleet-traces.ts'
import type { Core } from '../core/core.ts'
import { checkPlain } from '../records/record-checks.ts'
import { type NewRecord, Records } from '../records/records.ts'

/** A session to create. */
export type NewSession = NewRecord<FleetSession, 'mode', 'state'>

/** Sessions of agents, with checkpoints to resume from. */
export class Sessions extends Records<FleetSession, 'mode', 'state', 'mode' | 'state', 'mode'> {
  constructor(core: Core) {
    super(core, SESSIONS, {
      what: 'a session',
      required: ['mode'],
      defaults: { state: {} },
      mutable: ['mode', 'state'],
      create: (_, now) => ({ checkpoints: [], createdAt: now, lastResumed: null }),
    })
  }

  /**
   * Sets the state of a session and adds a checkpoint of it.
   *
   * @returns false if there is no session with this id.
   * @throws INVALID_ARGUMENT
   */
  checkpoint(id: string, state: JsonValue): boolean {
    const checked = checkPlain(state, 'state')
    return (
      this.change(id, ({ checkpoints }, at) => ({
        state: checked,
        checkpoints: [...checkpoints, { at, state: checked }],
      })) !== undefined
    )
  }

  /**
   * Resumes a session: restores the state of its last checkpoint, if it has one, and sets `lastResumed`.
   *
   * @returns the session; undefined if there is none with this id.
   * @throws INVALID_ARGUMENT
   */
  resume(id: string): FleetSession | undefined {
    return this.change(id, ({ checkpoints, state }, now) => ({
      state: checkpoints.length === 0 ? state : (checkpoints.at(-1)?.state ?? null),
      lastResumed: now,
    }))
  }
}
