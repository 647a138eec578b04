import { keyOf } from '../../algorithms/keys/keys.ts'
import type { AsyncStore } from '../../client/async-store.ts'
import { changesIn } from '../../runtime/node/changes.ts'
import type { Report } from '../command.ts'
import type { Context } from '../context.ts'
import { logOf } from '../files.ts'
import { abortOnInterrupt, short } from '../terminal.ts'

type Experience = Awaited<ReturnType<AsyncStore['experiences']['list']>>[number]

/**
 * Prints what was listed, then the experiences that are stored from now on, one per line, until an interrupt or until
 * the reader of the output leaves.
 */
export async function followHistory(
  context: Context,
  listed: readonly Experience[],
  text: Report['text'],
): Promise<Report> {
  const store = await context.store()
  const ids = (await context.agents()).map(({ agent }) => agent.id)
  const isWanted = (id: string): boolean => context.text('agent') === undefined || ids.includes(id)
  const { terminal } = context
  const print = (one: Experience): void => terminal.print(context.json ? JSON.stringify(one) : lineOf(one))
  let [, last] = await rowsAfter(store, 0)
  const interrupt = abortOnInterrupt()
  try {
    if (context.json) for (const one of listed.toReversed()) print(one)
    else terminal.print(typeof text === 'string' ? text : text())
    for await (const _ of changesIn(await logOf(context.path), interrupt.signal)) {
      await store.refresh()
      const [count, newest] = await rowsAfter(store, last)
      if (count > 0) {
        last = newest
        const added = await store.experiences.list({ limit: count })
        for (const one of added.toReversed()) if (isWanted(one.agentId)) print(one)
      }
      if (terminal.isClosed) break
    }
  } finally {
    interrupt.end()
  }
  return { json: undefined, text: '' }
}

/** The number of experiences after a row, and the last row. */
async function rowsAfter(store: AsyncStore, row: number): Promise<readonly [count: number, last: number]> {
  const { rows } = await store.query('SELECT count(*), max(id) FROM learning_experiences WHERE id > ?', [row])
  return [Number(rows[0]?.[0] ?? 0), Number(rows[0]?.[1] ?? row)]
}

function lineOf({ timestamp, agentId, taskType, state, action, reward }: Experience): string {
  return [timestamp, agentId, taskType, keyOf(state), keyOf(action), short(reward)].join('  ')
}
