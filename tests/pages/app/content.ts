import type { AsyncStore, JsonValue, RecordedExperience } from '../../../src/entry/browser.ts'

const EVERYTHING = 1_000_000

/** What a store holds and is. */
export interface Content {
  /** In the order they were committed. */
  readonly experiences: readonly RecordedExperience[]
  readonly values: readonly { readonly state: JsonValue; readonly action: JsonValue; readonly value: number }[]
  readonly sequence: number
  readonly notes: readonly string[]
}

export async function contentOf(store: AsyncStore, agentId: string): Promise<Content> {
  const { sequence, notes } = await store.status()
  const experiences = (await store.experiences.list({ agentId, limit: EVERYTHING })).reverse()
  const values = await store.values.list({ agentId, limit: EVERYTHING })
  return { experiences, values: values.map(({ state, action, value }) => ({ state, action, value })), sequence, notes }
}
