import {
  AdaptiveLearningEngine,
  type Advice,
  type AsyncStore,
  BaseAgent,
  FAMILIES,
  type Family,
  keyOf,
  LearningDatabase,
  LearningEngine,
  MemoryMedium,
  memoryPlace,
  openLearningStore,
  type Place,
  type PlainValue,
  parseKey,
  QE_AGENT_TYPES,
  type QeAgentType,
  RewardCalculator,
  StoreError,
  type StoreErrorCode,
  type Task,
  type TaskRun,
} from 'learning-store'

export const STATE: PlainValue = parseKey(keyOf({ complexity: 0.5, attempts: 0 }))
const TYPE: QeAgentType = QE_AGENT_TYPES[0]
const LAST: Family | undefined = FAMILIES.at(-1)

/** Not abstract here, so `performTask` must be what the class says it is. */
export class Generator extends BaseAgent {
  constructor(store: AsyncStore) {
    super({ type: TYPE, learning: { store } })
  }

  protected override async performTask(_task: Task, run: TaskRun): Promise<{ success: boolean }> {
    const { strategy } = await run.choose([{ strategy: 'template-based' }, { strategy: 'property-based' }])
    return { success: strategy.length > 0 }
  }
}

/** Learns one thing, by each of the ways there are, and answers what is then advised. */
export async function learnIn(store: AsyncStore): Promise<Advice> {
  const agent = await store.agent('walker', { type: TYPE, algorithm: 'q-learning' })
  const { action, probability } = await agent.selectAction(STATE, { availableActions: ['go'] })
  await agent.learn({ state: STATE, action, reward: 1, terminated: true, behaviorProbability: probability })
  await new Generator(store).executeTask({ type: 'unit-test', requiredCapabilities: ['unit-test'] })
  await new LearningEngine('engine', { store }).recommendStrategy({ type: 'unit-test', requiredCapabilities: [] })
  await new LearningDatabase({ store }).retrievePatterns({ taskType: 'review' })
  await new AdaptiveLearningEngine({ store }).getRecommendations({ taskType: 'review' })
  new RewardCalculator()
  const end = store.subscribe(({ sequence }) => sequence.toFixed(), { families: LAST ? [LAST] : [] })
  end[Symbol.dispose]()
  return agent.recommendStrategy(STATE)
}

export async function codeOf(call: Promise<unknown>): Promise<StoreErrorCode | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    return error instanceof StoreError ? error.code : undefined
  }
}

export const place: Place = memoryPlace(new MemoryMedium())
// @ts-expect-error: no runtime takes it.
export const refused: Promise<unknown> = codeOf(openLearningStore({ plaec: 'memory:' }))
