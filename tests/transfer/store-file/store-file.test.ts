// A store that takes in the file of another before it has learned anything holds what that one held, of every collection.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AsyncStore, type LearnerConfiguration, openLearningStore } from '../../../src/entry/node.ts'

const NOW = Date.UTC(2026, 0, 1)
const open = (): Promise<AsyncStore> => openLearningStore({ storage: 'memory:', seed: 7, now: () => NOW })

const CONFIGURATIONS: readonly Partial<LearnerConfiguration>[] = [
  { learningRate: 0.5, policy: 'softmax', temperature: 0.3 },
  { algorithm: 'double-q-learning', explorationDecay: 0.5 },
  { algorithm: 'lin-ucb', ucbScale: 0.7 },
  { algorithm: 'sarsa', learningRateSchedule: 'sample-average' },
]

/** Rows that are numbered anew, or say whose they are, are compared by the rest. */
const CONTENTS = [
  `SELECT agent_id, experience_id, task_id, task_type, state, action, reward, next_state, episode_id, timestamp,
     terminated, truncated, behavior_probability, available_actions FROM learning_experiences ORDER BY agent_id, experience_id`,
  `SELECT agent_id, state_key, action_key, printf('%!.20e', q_value), visits, last_updated FROM q_values ORDER BY 1, 2, 3`,
  'SELECT agent_id, state_key, action_key, first_value, second_value FROM double_q_values ORDER BY 1, 2, 3',
  `SELECT agent_id, type, algorithm, learning_rate, discount_factor, policy, step_size, temperature, ucb_scale,
     planning_steps, exploration_rate, current_exploration_rate, experience_count FROM learning_agents ORDER BY 1`,
  'SELECT agent_id, pattern_type, pattern_data, confidence, success_rate, usage_count, success_count FROM patterns ORDER BY 1, 2, 3',
  'SELECT agent_id, metric_type, metric_value, context FROM learning_metrics ORDER BY 1, 2, 3, 4',
  'SELECT agent_id, action, reward, q_value, episode FROM learning_history ORDER BY 1, 5',
  'SELECT preference_type, preference_value, weight FROM user_preferences ORDER BY 1, 2',
  'SELECT task_type, pattern_used, confidence_score FROM execution_patterns ORDER BY 1, 2, 3',
  'SELECT component_name, metric_name, metric_value FROM performance_metrics ORDER BY 1, 2, 3',
  'SELECT key, partition, value, owner, access_level, expires_at FROM memory_entries ORDER BY 1, 2',
  'SELECT id, fleet_id, name, status, priority FROM tasks ORDER BY 1',
  'SELECT id, pattern_type, framework, code_signature, test_template, metadata, version FROM test_patterns ORDER BY 1',
  'SELECT pattern_id, project_id, usage_count, success_count FROM test_pattern_usage ORDER BY 1, 2',
  'SELECT pattern_id, total_uses, success_rate, trend FROM pattern_stats_cache ORDER BY 1',
  'SELECT pattern_id, embedder, hex(vector) FROM pattern_embeddings ORDER BY 1, 2',
]

async function contents(store: AsyncStore): Promise<unknown[]> {
  const found: unknown[] = []
  for (const sql of CONTENTS) found.push((await store.query(sql, [], { limit: 10_000 })).rows)
  return found
}

const step = fc.record({
  which: fc.nat(CONFIGURATIONS.length - 1),
  state: fc.integer({ min: -3, max: 3 }),
  action: fc.constantFrom('x', 'y'),
  reward: fc.double({ min: -2, max: 2, noNaN: true }),
  terminated: fc.boolean(),
})
const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.isWellFormed() && !text.includes('\0'))

test('export then import is the identity', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.uniqueArray(word, { maxLength: 4 }),
      async (steps, words) => {
        const [store, other] = [await open(), await open()]
        for (const { which, state, action, reward, terminated } of steps) {
          const agent = await store.agent(`agent ${which}`, CONFIGURATIONS[which])
          await agent.learn({ state, action, reward, nextState: state + 1, terminated, episodeId: 'one' })
        }
        const tasks = await store.agent('tasks')
        for (const [i, name] of words.entries()) {
          await tasks.learnFromExecution({
            taskType: 'unit',
            state: { i },
            action: { strategy: name },
            reward: 1,
            success: true,
            strategy: name,
          } as never)
          await store.preferences.set({ preferenceType: 'pattern', preferenceValue: name, weight: 0.5 })
          await store.executionPatterns.add({ taskType: 'unit', patternUsed: name, confidenceScore: 0.25 })
          await store.metrics.add({ componentName: 'c', metricName: name, metricValue: i })
          await store.memory.as({ agentId: 'ann' }).set({ key: name, value: { i }, accessLevel: 'public' })
          await store.fleet.tasks.create({ id: name, fleetId: 'f', type: 't', name, priority: i })
          const { id } = await store.testPatterns.upsert({
            patternType: 'unit',
            framework: 'jest',
            codeSignature: name,
            testTemplate: { i },
            metadata: { name },
          })
          await store.testPatterns.recordUse({ patternId: id, projectId: 'p', success: i % 2 === 0 })
          await store.testPatterns.setEmbedding(id, { embedder: 'e', vector: [1, i] })
        }
        const [file] = await store.exportFile({ format: 'sqlite' })
        const report = await other.importFile(file?.bytes ?? new Uint8Array())
        expect(report.skipped).toEqual([])
        expect(await contents(other)).toEqual(await contents(store))
        for (const name of words) {
          const ids = async (which: AsyncStore) =>
            (await which.testPatterns.search(name)).map((hit) => hit.pattern.id).sort()
          expect(await ids(other)).toEqual(await ids(store))
        }
        expect(await other.verify()).toEqual({ ok: true, findings: [] })
        await Promise.all([store.close(), other.close()])
      },
    ),
    { numRuns: 40, seed: 1 },
  )
})
