import { newUuid } from '../src/runtime/defaults.ts'
import { sqlTime } from '../src/tables/sql-time.ts'
import { stateActionHash } from '../src/tables/state-action-hash.ts'
import type { Peer } from './peers.ts'
import type { SampleExperience } from './samples.ts'

const AGENT = 'agent'
const [LEARNING_RATE, DISCOUNT, EXPLORATION] = [0.1, 0.95, 0.3]

const ADD_AGENT = `INSERT INTO learning_agents (agent_id, type, algorithm, learning_rate, discount_factor,
    exploration_rate, exploration_decay, min_exploration_rate, current_exploration_rate, experience_count, random_state,
    created_at, updated_at)
  VALUES (?, 'agent', 'q-learning', ?, ?, ?, 0.995, 0.01, ?, 0, '', ?, ?)`

const APPEND = `INSERT INTO learning_experiences (agent_id, experience_id, task_id, task_type, state, action, reward,
    next_state, episode_id, timestamp, terminated, truncated, behavior_probability, available_actions,
    state_action_hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent_id, experience_id) DO NOTHING`

const VALUE = 'SELECT q_value, visits FROM q_values WHERE agent_id = ? AND state_key = ? AND action_key = ?'

const GREATEST = 'SELECT max(q_value) FROM q_values WHERE agent_id = ? AND state_key = ?'

const PUT = `INSERT INTO q_values (agent_id, state_key, action_key, q_value, visits, last_updated) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent_id, state_key, action_key)
  DO UPDATE SET q_value = excluded.q_value, visits = excluded.visits, last_updated = excluded.last_updated`

const PROGRESS = `UPDATE learning_agents SET experience_count = experience_count + ?, updated_at = ? WHERE agent_id = ?`

const OF_STATE = `SELECT action_key, q_value FROM q_values WHERE agent_id = ? AND state_key = ?`

const VALUES = 'SELECT q_value FROM q_values ORDER BY q_value DESC'

/** What a program would write that does Q-learning by SQL, without checks and keyed by plain JSON. */
export interface PeerLearner {
  /** In one transaction, in which the agent's row is written once. */
  learnMany(experiences: readonly SampleExperience[]): void
  /** Epsilon-greedy. */
  selectAction(state: object, actions: readonly string[]): string
  /** All values, greatest first, to compare the contenders' results. */
  values(): number[]
  close(): void
}

export function peerLearner(peer: Peer): PeerLearner {
  const [append, known, greatest] = [peer.prepare(APPEND), peer.prepare(VALUE), peer.prepare(GREATEST)]
  const [put, progress, ofState] = [peer.prepare(PUT), peer.prepare(PROGRESS), peer.prepare(OF_STATE)]
  const start = sqlTime(Date.now())
  peer.prepare(ADD_AGENT).run([AGENT, LEARNING_RATE, DISCOUNT, EXPLORATION, EXPLORATION, start, start])

  function learn({ state, action, reward, nextState, terminated, episodeId }: SampleExperience, time: string): void {
    const [stateKey, actionKey, nextKey] = [JSON.stringify(state), JSON.stringify(action), JSON.stringify(nextState)]
    append.run([
      AGENT,
      newUuid(),
      null,
      'agent',
      stateKey,
      actionKey,
      reward,
      nextKey,
      episodeId,
      time,
      terminated ? 1 : 0,
      0,
      null,
      null,
      stateActionHash(AGENT, stateKey, actionKey),
    ])
    const [value, visits] = (known.all([AGENT, stateKey, actionKey])[0] ?? [0, 0]) as [number, number]
    const next = terminated ? 0 : ((greatest.all([AGENT, nextKey])[0]?.[0] ?? 0) as number)
    const learned = value + LEARNING_RATE * (reward + DISCOUNT * next - value)
    put.run([AGENT, stateKey, actionKey, learned, visits + 1, time])
  }

  return {
    learnMany: (experiences) =>
      peer.transaction(() => {
        const time = sqlTime(Date.now())
        for (const experience of experiences) learn(experience, time)
        progress.run([experiences.length, time, AGENT])
      }),
    selectAction: (state, actions) => {
      const rows = ofState.all([AGENT, JSON.stringify(state)]) as [string, number][]
      const learned = new Map(rows)
      if (Math.random() < EXPLORATION) return actions[Math.floor(Math.random() * actions.length)] ?? ''
      const values = actions.map((action) => learned.get(JSON.stringify(action)) ?? 0)
      return actions[values.indexOf(Math.max(...values))] ?? ''
    },
    values: () => (peer.prepare(VALUES).all([]) as [number][]).map(([value]) => value),
    close: () => peer.close(),
  }
}
