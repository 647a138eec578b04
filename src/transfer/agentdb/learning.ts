import { v5 } from 'uuid'
import type { JsonObject, JsonValue } from '../../json-value.ts'
import { checkMetadata } from '../../learning/core/experience.ts'
import { configurationIn } from '../../learning/core/learner-configuration.ts'
import type { ImportedExperience } from '../../learning/maintenance/import-batch.ts'
import type { SqlValue } from '../../sql/connection.ts'
import { flag, integer, maybe, name, number, parsedJson, parsedObject, text, time } from '../foreign/column-types.ts'
import type { ImportBuilder } from '../foreign/import-builder.ts'
import { plainData, structured, withoutEmpty } from '../foreign/plain.ts'
import { hasColumns, type Row, type TableColumns, type TableReader } from '../foreign/table-reader.ts'
import type { SourceDefaults } from '../source.ts'

/** The namespace of derived ids: a constant random UUID. */
const IDS = '7f0b2f3a-2f3e-4c11-9f8e-1d0a9a0e5b52'

/** Whether a file has a table of AgentDB, by its tables and columns. */
export function isAgentDb(tables: TableColumns): boolean {
  return (
    hasColumns(tables, 'episodes', 'session_id', 'task') ||
    hasColumns(tables, 'learning_experiences', 'session_id', 'next_state') ||
    hasColumns(tables, 'learning_sessions', 'session_type') ||
    hasColumns(tables, 'reasoning_patterns', 'task_type', 'approach') ||
    hasColumns(tables, 'skills', 'signature', 'success_rate')
  )
}

interface Session {
  readonly userId: string
  readonly configuration: JsonObject
}

/**
 * Readers for what AgentDB's agents experienced. Its sessions end with a process, so that the agent is the user of the session, who
 * comes back; without one, the default.
 */
export function agentDbReaders(defaults: Required<SourceDefaults>): TableReader[] {
  const sessions = new Map<string, Session>()
  const idOf = derivedIds()
  const agentOf = (sessionId: SqlValue | undefined, into: ImportBuilder): string => {
    const session = sessions.get(String(sessionId))
    if (session) into.agent(session.userId, configurationIn(session.configuration))
    return session?.userId ?? defaults.agentId
  }
  return [
    {
      table: 'learning_sessions',
      columns: { id: name, user_id: name, session_type: text, config: maybe(text) },
      add: ({ id, user_id, session_type, config }) => {
        const configuration = { ...parsedObject(config), algorithm: session_type } as JsonObject
        sessions.set(String(id), { userId: String(user_id), configuration })
        return undefined
      },
    },
    {
      // Agentic-qe's table of this name has agents instead of sessions.
      table: 'learning_experiences',
      columns: {
        id: maybe(integer),
        session_id: name,
        state: text,
        action: text,
        reward: number,
        next_state: maybe(text),
        success: maybe(flag),
        timestamp: maybe(time),
        metadata: maybe(text),
      },
      add: (row, into) => {
        const { session_id, state, action, next_state, timestamp, success } = row
        const reward = Number(row.reward)
        const nextState = next_state === null ? null : structured(String(next_state))
        const details = { success: success === null ? null : success === 1, details: detailsIn(row.metadata) }
        return add(into, success, {
          id: idOf('experience', [row.id, session_id, state, action, row.reward, next_state, timestamp]),
          agentId: agentOf(session_id, into),
          taskId: null,
          taskType: defaults.taskType,
          state: structured(String(state)),
          action: structured(String(action)),
          reward,
          nextState,
          terminated: nextState === null,
          truncated: false,
          episodeId: String(session_id),
          timestamp: textOrNull(timestamp),
          metadata: metadataOf(into, 'learning_experiences', details),
        })
      },
    },
    {
      table: 'episodes',
      columns: {
        id: maybe(integer),
        ts: maybe(time),
        session_id: maybe(text),
        task: text,
        input: maybe(text),
        output: maybe(text),
        critique: maybe(text),
        reward: maybe(number),
        success: maybe(flag),
        latency_ms: maybe(number),
        tokens_used: maybe(number),
        tags: maybe(text),
        metadata: maybe(text),
      },
      needs: ['session_id', 'reward'],
      add: (row, into) => {
        const { id, ts, session_id, task, input, output, success } = row
        if (row.reward === null && success === null) return 'has neither a reward nor a success'
        const details = {
          session: jsonOf(session_id),
          success: success === null ? null : success === 1,
          critique: jsonOf(row.critique),
          latencyMs: jsonOf(row.latency_ms),
          tokensUsed: jsonOf(row.tokens_used),
          tags: plainData(parsedJson(row.tags)) ?? jsonOf(row.tags),
          details: detailsIn(row.metadata),
        }
        return add(into, success, {
          id: idOf('episode', [id, ts, session_id, task, input, output, row.reward, success]),
          agentId: agentOf(session_id, into),
          taskId: null,
          taskType: defaults.taskType,
          // What was known before the attempt, and what was attempted.
          state: withoutEmpty({ task: String(task), input: input === null ? null : structured(String(input)) }) ?? {},
          action: output === null || output === '' ? NO_OUTPUT : structured(String(output)),
          reward: row.reward === null ? Number(success) : Number(row.reward),
          nextState: null,
          terminated: true,
          truncated: false,
          episodeId: null,
          timestamp: textOrNull(ts),
          metadata: metadataOf(into, 'episodes', details),
        })
      },
    },
  ]
}

/** The action of an episode whose output was not recorded. */
const NO_OUTPUT = 'attempt'

function add(into: ImportBuilder, success: SqlValue | undefined, experience: ImportedExperience): undefined {
  into.experience(experience, success === null ? undefined : success === 1)
}

/** Derives ids from the content of rows, equal each time the file is read; rows without a number are counted. */
function derivedIds(): (kind: string, content: readonly (SqlValue | undefined)[]) => string {
  const counts = new Map<string, number>()
  return (kind, content) => {
    const key = JSON.stringify([kind, ...content])
    const before = counts.get(key) ?? 0
    counts.set(key, before + 1)
    return v5(before === 0 ? key : `${key} ${before}`, IDS)
  }
}

/** Metadata of an experience; null, and counted, if it is too large. */
function metadataOf(
  into: ImportBuilder,
  table: string,
  fields: { readonly [name: string]: JsonValue | undefined },
): JsonObject | null {
  const metadata = withoutEmpty(fields)
  const isValid = metadata && into.skipped.unlessInvalid(`${table}: metadata`, () => checkMetadata(metadata))
  return isValid === undefined ? null : metadata
}

function detailsIn(metadata: Row[string] | undefined): JsonValue | undefined {
  return plainData(parsedJson(metadata))
}

function jsonOf(value: SqlValue | undefined): JsonValue | undefined {
  return value instanceof Uint8Array ? undefined : value
}

function textOrNull(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}
