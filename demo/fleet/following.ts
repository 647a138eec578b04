import { type AsyncStore, QE_AGENT_TYPES, type Queries, type Subscription } from 'learning-store'
import { Comparison, type TaskDone } from './comparison.ts'
import type { Project } from './project.ts'

/** Ids are given in the order of learning, and none is given twice. */
const NEWER = `SELECT id, experience_id, action, reward FROM learning_experiences WHERE id > ? ORDER BY id`
const EVERYTHING = 1_000_000

interface News {
  readonly isNewBeginning: boolean
  readonly lastId: number
  readonly count: number
  readonly tasks: readonly TaskDone[]
}

/** Keeps a comparison up to date with what the store learns, whichever tab it learns through. */
export function followFleet(
  store: AsyncStore,
  project: Project,
  listener: (comparison: Comparison) => void,
): Subscription {
  let comparison = new Comparison(project)
  let [lastId, known] = [0, 0]
  return store.live<News>(
    async (queries) => {
      const news = await newsOf(queries, lastId)
      // Fewer than there were, or others: the fleet was reset.
      if (news.count === known + news.tasks.length) return news
      return { ...(await newsOf(queries, 0)), isNewBeginning: true }
    },
    (news) => {
      if (news.isNewBeginning) comparison = new Comparison(project)
      for (const task of news.tasks) comparison.add(task)
      lastId = news.lastId
      known = news.count
      listener(comparison)
    },
  )
}

async function newsOf(queries: Queries, after: number): Promise<News> {
  const [count, { rows }] = await Promise.all([
    queries.experiences.count(),
    queries.query(NEWER, [after], { limit: EVERYTHING }),
  ])
  const tasks = rows.flatMap(([, id, action, reward]) => taskOf(String(id), String(action), Number(reward)) ?? [])
  return { isNewBeginning: false, lastId: Number(rows.at(-1)?.[0] ?? after), count, tasks }
}

/** Undefined for what is none of the fleet's own: somebody may import more into the store. */
function taskOf(id: string, action: string, reward: number): TaskDone | undefined {
  const [, name, number] = /^(.*)#(\d+)$/.exec(id) ?? []
  const type = QE_AGENT_TYPES.find((one) => one === name)
  if (type === undefined) return undefined
  const { strategy = '' } = JSON.parse(action) as { readonly strategy?: string }
  // A success always earns more than nothing, a failure less.
  return { type, number: Number(number), strategy, success: reward > 0 }
}
