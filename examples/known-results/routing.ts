import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Row } from './row.ts'

/** Which of ten tools a user wants, by the text of the query alone. CLINC150 (Larson et al., 2019), in which no query recurs. */

const LAST = 3_000

interface Query {
  readonly text: string
  readonly tool: string
}

/** The data set, if there is one. @param path of a CSV with the columns `text` and `tool` */
export function queriesIn(path: string): readonly Query[] | undefined {
  if (!existsSync(path)) return undefined
  return parse(readFileSync(path), { columns: true, bom: true }) as Query[]
}

/** An agent that learns from each query once, in their order, and from the reward of the chosen tool only. */
export function routing(queries: readonly Query[]): Row {
  const tools = [...new Set(queries.map(({ tool }) => tool))].sort()
  return {
    title: `CLINC150: one of ${tools.length} tools for ${queries.length.toLocaleString('en')} queries, linear, defaults; mean reward of all and of the last ${LAST.toLocaleString('en')}`,
    published: 'goals: at least .89, .955',
    expected: [0.9, 0.965],
    tolerance: 0.01,
    measure: async (open) => {
      await using store = await open()
      const agent = await store.agent('router', { algorithm: 'linear' })
      let [all, last] = [0, 0]
      for (const [i, { text, tool }] of queries.entries()) {
        const { action, probability } = await agent.selectAction(text, { actions: tools })
        const reward = Number(action === tool)
        await agent.learn({
          state: text,
          action,
          reward,
          terminated: true,
          actions: tools,
          behaviorProbability: probability,
        })
        all += reward
        if (i >= queries.length - LAST) last += reward
      }
      return [all / queries.length, last / LAST]
    },
  }
}
