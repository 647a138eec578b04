import { type AsyncStore, type Pattern, QE_AGENT_TYPES, type QeAgentType } from 'learning-store'
import { COMPLEXITY, DIFFICULTIES, type Difficulty } from './project.ts'

/** What the store knows of an agent beyond its tasks. */
export interface AgentDetails {
  readonly explorationRate: number
  /** How many patterns it discovered. */
  readonly patterns: number
  /** The strategy with the greatest value; none before it was tried. */
  readonly preferred: { readonly [D in Difficulty]: string | undefined }
}

export interface FleetDetails {
  readonly agents: ReadonlyMap<QeAgentType, AgentDetails>
  /** The newest first. */
  readonly patterns: readonly Pattern[]
}

const ALL = 1_000

/** Of a fleet that has done something. */
export async function fleetDetails(store: AsyncStore): Promise<FleetDetails> {
  const patternsAsked = store.patterns.list({ limit: ALL })
  const asked = QE_AGENT_TYPES.map(async (type) => {
    const [agent, values] = [await store.agent(type), await store.values.list({ agentId: type, limit: ALL })]
    const { currentExplorationRate } = await agent.status()
    // Greatest values come first.
    const preferredFor = (difficulty: Difficulty): string | undefined => {
      const best = values.find(
        ({ state }) => (state as { readonly complexity?: number }).complexity === COMPLEXITY[difficulty],
      )
      return best && (best.action as { readonly strategy: string }).strategy
    }
    const patterns = (await patternsAsked).filter(({ agentId }) => agentId === type).length
    const preferred = Object.fromEntries(DIFFICULTIES.map((one) => [one, preferredFor(one)]))
    return [type, { explorationRate: currentExplorationRate, patterns, preferred }] as const
  })
  const agents = new Map(await Promise.all(asked)) as unknown as ReadonlyMap<QeAgentType, AgentDetails>
  return { agents, patterns: (await patternsAsked).toSorted((a, b) => b.id - a.id) }
}
