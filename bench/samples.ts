import type { Experience, NewExecutionPattern } from '../src/entry/node.ts'

/** An experience with a state that SQL can key by its JSON text as it stands. */
export type SampleExperience = Experience & { readonly episodeId: string; readonly terminated: boolean }

const ACTIONS = ['run-unit', 'run-integration', 'skip', 'quarantine'] as const
const STATES = 100
/** Steps of an episode. */
const STEPS = 50

/** A pattern with every field given; different `i` give different ones. */
export function samplePattern(_: unknown, i: number): Required<NewExecutionPattern> {
  return {
    taskType: `task-${i % 20}`,
    patternUsed: ['direct', 'parallel', 'orchestrator'][i % 3] ?? '',
    executionTimeMs: 500 + 125 * (i % 100),
    successRate: ((i * 31) % 101) / 101,
    confidenceScore: ((i * 7919) % 9973) / 9973,
    agentCount: 1 + (i % 5),
    complexityLevel: ['simple', 'moderate', 'complex'][i % 3] ?? '',
    toolsUsed: ['read-file', 'edit-file', 'run-tests'],
    contextFactors: { files: i % 50, language: 'typescript', typed: i % 2 === 0 },
    usageCount: i % 7,
  }
}

/** The experience at step `i`: 100 states with 4 actions, in episodes of 50 steps. */
export function sampleExperience(_: unknown, i: number): SampleExperience {
  return {
    state: sampleState(i),
    action: ACTIONS[(i * 7 + Math.floor(i / STATES)) % ACTIONS.length] ?? '',
    reward: ((i * 13) % 21) / 10 - 1,
    nextState: sampleState(i + 1),
    terminated: i % STEPS === STEPS - 1,
    episodeId: `episode-${Math.floor(i / STEPS)}`,
  }
}

export function sampleState(i: number): { readonly changed: number; readonly risk: string; readonly suite: string } {
  const at = i % STATES
  return { changed: at % 4, risk: ['low', 'medium', 'high'][at % 3] ?? '', suite: `suite-${at}` }
}

export const sampleActions: readonly string[] = ACTIONS

export function list<T>(length: number, make: (_: unknown, i: number) => T): T[] {
  return Array.from({ length }, make)
}

/** A function that answers the items in turn, over and over. */
export function inTurn<T>(items: readonly T[]): () => T {
  let next = 0
  return () => items[next++ % items.length] as T
}
