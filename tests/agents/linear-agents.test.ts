import { expect, test } from 'vitest'
import { seeded } from '../../examples/prioritization/seeded.ts'
import { BaseAgent, openLearningStore, type Task, type TaskResult } from '../../src/entry/node.ts'

const STRATEGIES = ['template', 'property', 'mutation', 'snapshot']
const TASKS = 300

/** Chooses a strategy for each task; each kind of module has one that succeeds nine times in ten, the others succeed once in ten. */
class Tester extends BaseAgent {
  right = 0
  #random: () => number = seeded(0)

  seed(seed: number): void {
    this.#random = seeded(seed)
    this.right = 0
  }

  protected override async performTask(task: Task): Promise<TaskResult> {
    const actions = STRATEGIES.map((strategy) => ({ strategy }))
    const { action } = await this.learning.selectActionWithPolicy(task, actions)
    const best = STRATEGIES[Number(task.contextFeatures?.kind)]
    if (action.strategy === best) this.right++
    const success = this.#random() < (action.strategy === best ? 0.9 : 0.1)
    return { ...action, success, executionTime: 1_000 }
  }
}

test('a BaseAgent with `linear` finds the best of four strategies, with another file in each task', async () => {
  let share = 0
  const runs = 3
  for (let run = 0; run < runs; run++) {
    const store = await openLearningStore({ storage: 'memory:', seed: run })
    const agent = new Tester({ type: 'tester', id: 'tester', learning: { store, algorithm: 'linear' } })
    const next = seeded(run + 100)
    for (let i = 0; i < TASKS; i++) {
      if (i === (2 / 3) * TASKS) agent.seed(run)
      const contextFeatures = { kind: String(Math.floor(4 * next())), file: `src/part-${i}/module-${i * 7919}.ts` }
      await agent.executeTask({ type: 'test-generation', contextFeatures })
    }
    share += agent.right / (TASKS / 3) / runs
    await store.close()
  }
  expect(share).toBeGreaterThanOrEqual(0.85)
})
