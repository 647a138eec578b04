import {
  AdaptiveLearningEngine,
  type AsyncStore,
  BaseAgent,
  COLLECTIONS,
  type Collection,
  type JsonValue,
  keyOf,
  LearningDatabase,
  LearningEngine,
  MemoryMedium,
  memoryStorage,
  openLearningStore,
  parseKey,
  QE_AGENT_TYPES,
  type QeAgentType,
  type Recommendation,
  RewardCalculator,
  type StorageAdapter,
  StoreError,
  type StoreErrorCode,
  type Task,
  type TaskRun,
} from 'learning-store'

export const STATE: JsonValue = parseKey(keyOf({ complexity: 0.5, attempts: 0 }))
const TYPE: QeAgentType = QE_AGENT_TYPES[0]
const LAST: Collection | undefined = COLLECTIONS.at(-1)

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
export async function learnIn(store: AsyncStore): Promise<Recommendation> {
  const agent = await store.agent('walker', { type: TYPE, algorithm: 'q-learning' })
  const { action, probability } = await agent.selectAction(STATE, { actions: ['go'] })
  await agent.learn({ state: STATE, action, reward: 1, terminated: true, behaviorProbability: probability })
  await new Generator(store).executeTask({ type: 'unit-test', requiredCapabilities: ['unit-test'] })
  await new LearningEngine('engine', { store }).recommendStrategy({ type: 'unit-test', requiredCapabilities: [] })
  await new LearningDatabase({ store }).retrievePatterns({ taskType: 'review' })
  await new AdaptiveLearningEngine({ store }).getRecommendations({ taskType: 'review' })
  new RewardCalculator()
  const end = store.subscribe(({ sequence }) => sequence.toFixed(), { collections: LAST ? [LAST] : [] })
  end[Symbol.dispose]()
  return agent.recommend(STATE)
}

export async function codeOf(call: Promise<unknown>): Promise<StoreErrorCode | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    return error instanceof StoreError ? error.code : undefined
  }
}

export const storage: StorageAdapter = memoryStorage(new MemoryMedium())
// @ts-expect-error: no runtime takes it.
export const refused: Promise<unknown> = codeOf(openLearningStore({ plaec: 'memory:' }))
// Only compiled: each would open a store.
// @ts-expect-error: not the name of a storage.
export const unnamed = (): Promise<AsyncStore> => openLearningStore({ storage: 'learning.db' })
export const strict = (): Promise<AsyncStore> => openLearningStore({ storage: 'file:other.db', durability: 'strict' })
// @ts-expect-error: memory survives no power cut.
export const forgetful = (): Promise<AsyncStore> => openLearningStore({ storage: 'memory:', durability: 'strict' })
