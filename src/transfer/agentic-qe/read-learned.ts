import { v5 } from 'uuid'
import { configurationIn } from '../../learning/core/learner-configuration.ts'
import { count, integer, maybe, name, number, or, parsedObject, text, time } from './column-types.ts'
import { type ExperienceNote, experienceKey, experienceNote, learnerOf, SIDE_NOTES } from './extra-fields.ts'
import { FLEET_TABLES } from './fleet.ts'
import { plainOf, plainOfKey } from './plain.ts'
import { SWARM_TABLES } from './swarm.ts'
import { copying, type Row, type TableReader } from './table-reader.ts'

/** The namespace of ids made here; any constant UUID. */
const IDS = '6b7d2f0e-6a55-4c3e-9a53-0a3f8f5f9d11'
const CONFIGURATION = /^phase2\/learning\/(.+)\/config$/

/** Reads what agents learned. Side notes are read before the experiences they are about. */
export function learningReaders(): TableReader[] {
  const notes = new Map<string, ExperienceNote>()
  return [...configurations(), ...sideNotes(notes), experiences(notes), ...values()]
}

/** A learner's configuration is an entry of the shared memory; it stays one. */
function configurations(): TableReader[] {
  return SWARM_TABLES.filter(({ table }) => table === 'memory_entries').map((copy) => {
    const reader = copying(copy)
    return {
      ...reader,
      take: (row, into) => {
        const agentId = row.partition === 'learning' ? CONFIGURATION.exec(String(row.key))?.[1] : undefined
        if (agentId !== undefined)
          into.agent(agentId, { ...typeOf(agentId), ...configurationIn(parsedObject(row.value)) })
        return reader.take(row, into)
      },
    }
  })
}

function sideNotes(notes: Map<string, ExperienceNote>): TableReader[] {
  return FLEET_TABLES.filter(({ table }) => table === 'memory_store').map((copy) => {
    const reader = copying(copy)
    return {
      ...reader,
      take: (row, into) => {
        if (row.namespace !== SIDE_NOTES) return reader.take(row, into)
        const agentId = learnerOf(String(row.key))
        const note = experienceNote(String(row.value))
        if (agentId !== undefined) into.agent(agentId, configurationIn(parsedObject(row.value)))
        else if (note) notes.set(String(row.key), note)
        else return 'it is no side note of this package'
        return undefined
      },
    }
  })
}

function experiences(notes: ReadonlyMap<string, ExperienceNote>): TableReader {
  return {
    table: 'learning_experiences',
    columns: {
      ...{ id: integer, agent_id: name, task_id: maybe(text), task_type: name, state: text, action: text },
      ...{ reward: number, next_state: text, episode_id: maybe(text), timestamp: maybe(time) },
    },
    take: (row, into) => {
      const [state, action, nextState] = [row.state, row.action, row.next_state].map((each) => plainOf(String(each)))
      if (state === undefined) return 'state is no plain data'
      if (action === undefined) return 'action is no plain data'
      if (nextState === undefined) return 'next_state is no plain data'
      into.experiences.push({
        agentId: String(row.agent_id),
        ...(notes.get(experienceKey(Number(row.id))) ?? unnoted(row)),
        taskId: textOrNull(row.task_id),
        taskType: String(row.task_type),
        ...{ state, action, nextState },
        reward: Number(row.reward),
        episodeId: textOrNull(row.episode_id),
        timestamp: textOrNull(row.timestamp),
      })
      return undefined
    },
  }
}

/** An experience as agentic-qe keeps it: its id is made of all that tells it from others, so that it is the same each time. */
function unnoted(row: Row): ExperienceNote {
  const { id, agent_id, task_id, task_type, state, action, reward, next_state, timestamp } = row
  const told = [id, agent_id, task_id, task_type, state, action, reward, next_state, timestamp]
  const rest = { terminated: false, truncated: false, behaviorProbability: null, actions: null }
  return { id: v5(JSON.stringify(told), IDS), ...rest }
}

/** The real files say `update_count`, the document says `visits`. */
function values(): TableReader[] {
  return ['update_count', 'visits'].map((visits) => ({
    table: 'q_values',
    columns: { agent_id: name, state_key: text, action_key: text, q_value: number, [visits]: or(count, 1) },
    needs: [visits],
    take: (row, into) => {
      const state = plainOfKey(String(row.state_key))
      const action = plainOfKey(String(row.action_key))
      if (state === undefined || action === undefined) return 'its keys are no plain data'
      const told = { agentId: String(row.agent_id), state, action, value: Number(row.q_value) }
      into.derivable.push({ ...told, visits: Number(row[visits]) })
      return undefined
    },
  }))
}

/** Ids of agentic-qe end in the time an agent was made and a part by chance; what is before them is its type. */
function typeOf(agentId: string): { type?: string } {
  const type = /^(.+?)(-\d+)?-\d{13}(-[0-9a-f]+)?$/.exec(agentId)?.[1]
  return type === undefined ? {} : { type }
}

/** Text of a column that is empty says as little as null. */
function textOrNull(value: Row[string] | undefined): string | null {
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : null
}
