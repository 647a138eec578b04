import { type AsyncStore, QE_AGENT_TYPES } from 'learning-store'

const STRATEGIES = ['template-based', 'property-based', 'mutation', 'fuzzing', 'model-based'] as const
const MODULES = ['checkout', 'search', 'login', 'billing'] as const
const CAUSES = ['timeout', 'flaky fixture', 'missing mock', 'wrong selector']
const SUBJECTS = [
  ['Empty input', 'What a form does when a required field is empty', 'edge-case', 'boundary', 'form'],
  [
    'Expired session',
    'Login again when the token has expired, and go on where the user was',
    'security',
    'session',
    'auth',
  ],
  [
    'Retry after timeout',
    'A request that times out is sent again, at most three times',
    'error-handling',
    'network',
    'retry',
  ],
  [
    'Largest upload',
    'A file of exactly the greatest size is taken, one byte more is refused',
    'boundary',
    'file',
    'limit',
  ],
  ['Two tabs at once', 'Both tabs change the cart; neither change is lost', 'integration', 'cart', 'concurrency'],
  ['Slow search', 'Results of an older search never replace those of a newer one', 'regression', 'search', 'race'],
  ['Keyboard only', 'The dialog can be opened, filled and closed by keyboard', 'accessibility', 'dialog', 'focus'],
  ['Login form', 'The login form refuses a wrong password and keeps the user name', 'unit', 'form', 'auth'],
] as const
const FRAMEWORKS = ['vitest', 'playwright', 'jest'] as const

/** A generator of numbers in [0, 1) from a seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * A fleet of the 18 QE agents carries out so many tasks in a project with hidden chances, which are always the same.
 * @param seed of what comes about by chance.
 */
export async function fleetOn(store: AsyncStore, tasks: number, seed = 7): Promise<void> {
  const random = seeded(seed)
  const hidden = seeded(5)
  const agents = await Promise.all(
    QE_AGENT_TYPES.map((type) =>
      store.agent(`${type}-001`, {
        type,
        explorationRate: 0.9,
        explorationDecay: 0.99,
        minExplorationRate: 0.05,
        learningRate: 0.2,
      }),
    ),
  )
  const chances = agents.map(() => MODULES.map(() => STRATEGIES.map(() => 0.05 + 0.9 * hidden())))
  // Some work more than others.
  const shares = agents.map(() => 0.3 + 0.7 * hidden())
  for (let task = 0; task < tasks; ) {
    const turns: Promise<unknown>[] = []
    for (const [i, agent] of agents.entries()) {
      if (random() > (shares[i] ?? 1) || task >= tasks) continue
      task++
      const [draw, module, luck, cause] = [random(), Math.floor(random() ** 1.5 * MODULES.length), random(), random()]
      turns.push(
        (async () => {
          const state = { module: MODULES[module] ?? 'login', complexity: draw < 0.5 ? 'low' : 'high' }
          const options = { actions: [...STRATEGIES] }
          const { action, probability } = await agent.selectAction(state, options)
          const chance = chances[i]?.[module]?.[STRATEGIES.indexOf(action as never)] ?? 0
          const success = luck < chance * (draw < 0.5 ? 1 : 0.8)
          const rootCause = CAUSES[Math.floor(cause * CAUSES.length)] ?? 'timeout'
          await agent.learnFromExecution({
            state,
            action,
            success,
            reward: success ? 0.6 + 0.4 * cause : -0.3 - 0.3 * cause,
            ...options,
            behaviorProbability: probability,
            taskId: `task-${i}-${task}`,
            executionTimeMs: 40 + 400 * cause,
            ...(success ? {} : { rootCause }),
          })
        })(),
      )
    }
    await Promise.all(turns)
  }
  if ((await store.testPatterns.count()) === 0) await bankOn(store, random)
}

/** Some tests to write again, and how they did. */
async function bankOn(store: AsyncStore, random: () => number): Promise<void> {
  for (const [i, [name, description, patternType, ...tags]] of SUBJECTS.entries()) {
    for (const framework of FRAMEWORKS) {
      const { id } = await store.testPatterns.upsert({
        patternType,
        framework,
        codeSignature: {
          function: name.replaceAll(' ', ''),
          parameters: tags,
          module: MODULES[i % MODULES.length] ?? '',
        },
        testTemplate: { arrange: `given ${name}`, operation: description, assert: 'it is as told' },
        metadata: { name, description, tags: [...tags, framework] },
      })
      const uses = Math.floor(random() ** 2 * 40)
      for (let use = 0; use < uses; use++) {
        const success = random() < 0.5 + 0.06 * i
        await store.testPatterns.recordUse({
          patternId: id,
          projectId: 'shop',
          success,
          executionTimeMs: 20 + 300 * random(),
        })
      }
    }
  }
}
