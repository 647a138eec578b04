import { v5 } from 'uuid'
import { configurationIn } from '../../learning/core/learner-configuration.ts'
import { wholeSecond } from '../../tables/sql-time.ts'
import {
  count,
  integer,
  maybe,
  name,
  number,
  or,
  parsedObject,
  text,
  time,
  timeIfAny,
} from '../foreign/column-types.ts'
import { plainOf, plainOfKey } from '../foreign/plain.ts'
import { copying, type Row, type TableReader } from '../foreign/table-reader.ts'
import { type ExperienceNote, experienceKey, experienceNote, learnerOf, SIDE_NOTES } from './extra-fields.ts'
import { FLEET_TABLES } from './fleet.ts'
import { SWARM_TABLES } from './swarm.ts'

/** The namespace of derived ids: a constant random UUID. */
const IDS = '6b7d2f0e-6a55-4c3e-9a53-0a3f8f5f9d11'
const CONFIGURATION = /^phase2\/learning\/(.+)\/config$/

/** Readers for what agents learned. Side notes come before the experiences that they complete. */
export function learningReaders(): TableReader[] {
  const notes = new Map<string, ExperienceNote>()
  return [...configurations(), ...sideNotes(notes), experiences(notes), ...values()]
}

/** Configurations of learners are entries of the shared memory, and are imported as entries, too. */
function configurations(): TableReader[] {
  return SWARM_TABLES.filter(({ table }) => table === 'memory_entries').map((copy) => {
    const reader = copying(copy)
    return {
      ...reader,
      add: (row, into) => {
        const agentId = row.partition === 'learning' ? CONFIGURATION.exec(String(row.key))?.[1] : undefined
        if (agentId !== undefined)
          into.agent(agentId, { ...typeOf(agentId), ...configurationIn(parsedObject(row.value)) })
        return reader.add(row, into)
      },
    }
  })
}

function sideNotes(notes: Map<string, ExperienceNote>): TableReader[] {
  return FLEET_TABLES.filter(({ table }) => table === 'memory_store').map((copy) => {
    const reader = copying(copy)
    return {
      ...reader,
      add: (row, into) => {
        if (row.namespace !== SIDE_NOTES) return reader.add(row, into)
        const agentId = learnerOf(String(row.key))
        const note = experienceNote(String(row.value))
        if (agentId !== undefined) into.agent(agentId, configurationIn(parsedObject(row.value)))
        else if (note) notes.set(String(row.key), note)
        else return 'is not a side note of this package'
        return undefined
      },
    }
  })
}

function experiences(notes: ReadonlyMap<string, ExperienceNote>): TableReader {
  return {
    table: 'learning_experiences',
    columns: {
      id: integer,
      agent_id: name,
      task_id: maybe(text),
      task_type: name,
      state: text,
      action: text,
      reward: number,
      next_state: text,
      episode_id: maybe(text),
      timestamp: maybe(time),
    },
    add: (row, into) => {
      const [state, action, nextState] = [row.state, row.action, row.next_state].map((each) => plainOf(String(each)))
      if (state === undefined) return 'state is not plain data'
      if (action === undefined) return 'action is not plain data'
      if (nextState === undefined) return 'next_state is not plain data'
      into.experience({
        agentId: String(row.agent_id),
        ...(notes.get(experienceKey(Number(row.id))) ?? withoutNote(row)),
        taskId: textOrNull(row.task_id),
        taskType: String(row.task_type),
        state,
        action,
        nextState,
        reward: Number(row.reward),
        episodeId: textOrNull(row.episode_id),
        timestamp: textOrNull(row.timestamp),
      })
      return undefined
    },
  }
}

/** The fields of an experience without a note. Its id is derived from its content, so that it is the same in every import. */
function withoutNote(row: Row): ExperienceNote {
  const { id, agent_id, task_id, task_type, state, action, reward, next_state, timestamp } = row
  // Earlier versions cut the milliseconds off, and the same experience keeps its id.
  const second = typeof timestamp === 'string' ? wholeSecond(timestamp) : timestamp
  const content = [id, agent_id, task_id, task_type, state, action, reward, next_state, second]
  return { id: v5(JSON.stringify(content), IDS), terminated: false, truncated: false }
}

/** The column is `update_count` in files of agentic-qe, and `visits` in its persistence document. */
function values(): TableReader[] {
  return ['update_count', 'visits'].map((visits) => ({
    table: 'q_values',
    columns: {
      agent_id: name,
      state_key: text,
      action_key: text,
      q_value: number,
      [visits]: or(count, 1),
      last_updated: timeIfAny,
    },
    needs: [visits],
    add: (row, into) => {
      const state = plainOfKey(String(row.state_key))
      const action = plainOfKey(String(row.action_key))
      if (state === undefined || action === undefined) return 'its keys are not plain data'
      const value = { agentId: String(row.agent_id), state, action, value: Number(row.q_value) }
      into.derivable.push({ ...value, visits: Number(row[visits]), lastUpdated: textOrNull(row.last_updated) })
      return undefined
    },
  }))
}

/** Agent ids of agentic-qe are the type of the agent, its creation time and a random suffix. */
function typeOf(agentId: string): { type?: string } {
  const type = /^(.+?)(-\d+)?-\d{13}(-[0-9a-f]+)?$/.exec(agentId)?.[1]
  return type === undefined ? {} : { type }
}

/** Empty text counts as null. */
function textOrNull(value: Row[string] | undefined): string | null {
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : null
}
