import { join } from 'node:path'
import { openLearningStore } from 'learning-store'

/** What a store in a file tells after it was learned from, closed and opened again; or with which code it is refused. */
async function reopened(): Promise<unknown> {
  const storage = `file:${join(process.argv[2] ?? '.', 'reopened.db')}` as const
  const options = { storage, durability: 'strict', lockTimeoutMs: 0 } as const
  for (const reward of [1, 2]) {
    await using store = await openLearningStore(options)
    const agent = await store.agent('a')
    await agent.learn({ state: 's', action: 'x', reward, terminated: true })
    const second = await openLearningStore(options).catch(({ code }) => code)
    if (second !== 'LOCKED') return second
  }
  await using store = await openLearningStore(options)
  return { experiences: await store.experiences.count(), visits: (await store.values.get('a', 's'))[0]?.visits }
}

process.stdout.write(JSON.stringify(await reopened().catch(({ code, message }) => ({ code, message }))))
