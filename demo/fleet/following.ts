import { type AsyncStore, QE_AGENT_TYPES, type Queries, type Subscription } from 'learning-store'
import { Comparison, type TaskDone } from './comparison.ts'
import type { Project } from './project.ts'

/** Row ids ascend in the order of learning and are never reused. */
const NEWER = `SELECT id, experience_id, action, reward FROM learning_experiences WHERE id > ? ORDER BY id`
const NO_LIMIT = 1_000_000

interface Update {
  readonly wasReset: boolean
  readonly lastId: number
  readonly count: number
  readonly tasks: readonly TaskDone[]
}

/** Keeps a comparison up to date with the store, whichever tab the fleet runs in. */
export function followFleet(
  store: AsyncStore,
  project: Project,
  listener: (comparison: Comparison) => void,
): Subscription {
  let comparison = new Comparison(project)
  let [lastId, known] = [0, 0]
  return store.live<Update>(
    async (queries) => {
      const update = await readUpdate(queries, lastId)
      // Fewer experiences than before, or other ones: the fleet was reset.
      if (update.count === known + update.tasks.length) return update
      return { ...(await readUpdate(queries, 0)), wasReset: true }
    },
    (update) => {
      if (update.wasReset) comparison = new Comparison(project)
      for (const task of update.tasks) comparison.add(task)
      lastId = update.lastId
      known = update.count
      listener(comparison)
    },
  )
}

async function readUpdate(queries: Queries, after: number): Promise<Update> {
  const [count, { rows }] = await Promise.all([
    queries.experiences.count(),
    queries.query(NEWER, [after], { limit: NO_LIMIT }),
  ])
  const tasks = rows.flatMap(([, id, action, reward]) => taskOf(String(id), String(action), Number(reward)) ?? [])
  return { wasReset: false, lastId: Number(rows.at(-1)?.[0] ?? after), count, tasks }
}

/** Undefined for an experience that is not of the fleet, such as an imported one. */
function taskOf(id: string, action: string, reward: number): TaskDone | undefined {
  const [, name, number] = /^(.*)#(\d+)$/.exec(id) ?? []
  const type = QE_AGENT_TYPES.find((one) => one === name)
  if (type === undefined) return undefined
  const { strategy = '' } = JSON.parse(action) as { readonly strategy?: string }
  // Rewards of successes are positive, those of failures negative.
  return { type, number: Number(number), strategy, success: reward > 0 }
}
