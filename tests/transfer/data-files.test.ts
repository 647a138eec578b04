// Real files of other systems, through a store: taken in whole, once, and sound afterwards.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ImportResult, openLearningStore } from '../../src/entry/node.ts'

const folder = process.env.LEARNING_STORE_DATA ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data')

const FILES: readonly (readonly [file: string, format: string, added: { readonly [what: string]: number }])[] = [
  ['agentic-qe-1.4.2-memory.db', 'agentic-qe', { memory_entries: 4, events: 2 }],
  ['agentic-qe-2.8-memory.db', 'agentic-qe', { experiences: 7, memory_entries: 41 }],
  ['agentic-qe-3.8-memory.db', 'agentic-qe', { experiences: 113, test_patterns: 10, pattern_embeddings: 9 }],
  ['ruvector-qtable.json', 'ruvector-qtable', { values: 179 }],
  ['ruvector-trajectories.jsonl', 'ruvector-trajectories', { experiences: 1235 }],
]

describe.each(FILES)('%s', (file, format, expected) => {
  const path = join(folder, file)
  const title = existsSync(path) ? '' : ' (skipped: there is no data folder)'

  test.skipIf(title !== '')(`is taken in once, and the store is sound${title}`, async () => {
    await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
    const source = readFileSync(path)
    const tried = await store.importFile(source, { name: file, dryRun: true })
    const first = await store.importFile(source, { name: file })
    expect({ ...first, dryRun: true }).toEqual(tried)
    expect(first.format).toBe(format)
    expect(addedBy(first)).toMatchObject(expected)
    expect(await store.verify()).toEqual({ ok: true, findings: [] })
    const again = await store.importFile(source, { name: file })
    expect(Object.values(addedBy(again)).reduce((sum, count) => sum + count, 0)).toBe(0)
  })
})

const zeros = 'agentic-qe-2.8-memory.db'
const isThere = existsSync(join(folder, zeros))
test.skipIf(!isThere)(
  `fault 1: values that were kept as 0 are derived from the experiences${isThere ? '' : ' (skipped: there is no data folder)'}`,
  async () => {
    await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
    await store.importFile(readFileSync(join(folder, zeros)))
    const experiences = await store.experiences.list({ limit: 100 })
    for (const agentId of new Set(experiences.map((one) => one.agentId))) {
      const values = await store.values.list({ agentId })
      expect(values.length).toBeGreaterThan(0)
      expect(values.every(({ value }) => value !== 0)).toBe(true)
    }
  },
)

function addedBy({ changes }: ImportResult): { [what: string]: number } {
  const added: { [what: string]: number } = {}
  for (const change of changes) added[change.what] = (added[change.what] ?? 0) + change.added
  return added
}
