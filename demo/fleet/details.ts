import { type AsyncStore, type Pattern, QE_AGENT_TYPES, type QeAgentType } from 'learning-store'
import { COMPLEXITY, DIFFICULTIES, type Difficulty } from './project.ts'

/** Details of an agent that need queries of their own. */
export interface AgentDetails {
  /** Number of its patterns with evidence. */
  readonly patterns: number
  /** The strategy with the highest value by difficulty; undefined before any was tried. */
  readonly preferred: { readonly [D in Difficulty]: string | undefined }
}

export interface FleetDetails {
  readonly agents: ReadonlyMap<QeAgentType, AgentDetails>
  /** Newest first. */
  readonly patterns: readonly Pattern[]
}

const ALL = 1_000

/** Reads the details of all agents. The fleet must have carried out a task. */
export async function fleetDetails(store: AsyncStore): Promise<FleetDetails> {
  const patternsPromise = store.patterns.list({ limit: ALL })
  const entries = QE_AGENT_TYPES.map(async (type) => {
    const values = await store.values.list({ agentId: type, limit: ALL })
    // Sorted by descending value.
    const preferredFor = (difficulty: Difficulty): string | undefined => {
      const best = values.find(
        ({ state }) => (state as { readonly complexity?: number }).complexity === COMPLEXITY[difficulty],
      )
      return best && (best.action as { readonly strategy: string }).strategy
    }
    const patterns = (await patternsPromise).filter(({ agentId }) => agentId === type).length
    const preferred = Object.fromEntries(DIFFICULTIES.map((one) => [one, preferredFor(one)]))
    return [type, { patterns, preferred }] as const
  })
  const agents = new Map(await Promise.all(entries)) as unknown as ReadonlyMap<QeAgentType, AgentDetails>
  return { agents, patterns: (await patternsPromise).toSorted((a, b) => b.id - a.id) }
}
