import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  ChaiStyleAssertions,
  type ExpectStatic,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import { getCurrentTest, startTests, type Task, type VitestRunner, type VitestRunnerConfig } from '@vitest/runner'
import { fn, spyOn } from '@vitest/spy'
import * as chai from 'chai'
import { type Poll, polled } from './polling.ts'

/** What stands for `vitest` where a contract test runs in a runtime that vitest itself cannot run in. */
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from '@vitest/runner'

/** What became of one test. It can be sent as JSON. */
export interface Outcome {
  /** The titles of the suites around it and its own. */
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** The stack of what it threw. */
  readonly error?: string
}

for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) chai.use(plugin)

const assertion = (value: unknown, message?: string): unknown => {
  const made = chai.expect(value, message) as unknown as { withTest(test: object): unknown }
  const current = getCurrentTest()
  return current ? made.withTest(current) : made
}

export const expect: ExpectStatic & { readonly poll: Poll } = Object.assign(
  assertion as ExpectStatic,
  chai.expect,
  (globalThis as { [ASYMMETRIC_MATCHERS_OBJECT]?: object })[ASYMMETRIC_MATCHERS_OBJECT],
  {
    getState: () => getState(expect),
    setState: (state: object) => setState(state, expect),
    addEqualityTesters: addCustomEqualityTesters,
    poll: polled((value) => expect(value) as object),
  },
)
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true })
setState({ assertionCalls: 0 }, expect)

export const vi: {
  readonly fn: typeof fn
  readonly spyOn: typeof spyOn
} = {
  fn,
  spyOn,
}

const CONFIG: VitestRunnerConfig = {
  root: '/',
  name: '',
  setupFiles: [],
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
  chaiConfig: undefined,
  maxConcurrency: 1,
  retry: 0,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  includeTaskLocation: false,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
}

/** Runs the tests that `register` describes, one after the other, and tells what became of each. */
export async function runTests(register: () => unknown): Promise<Outcome[]> {
  const runner: VitestRunner = {
    config: CONFIG,
    importFile: async () => {
      await register()
    },
  }
  const files = await startTests(['in-runtime'], runner)
  return files.flatMap((file) => outcomesOf(file, []))
}

/** A suite or file that fails beside its tests, in a hook or while it is described, counts as one more test. */
function outcomesOf(task: Task, titles: readonly string[]): Outcome[] {
  const isFile = 'filepath' in task
  const path = isFile ? titles : [...titles, task.name]
  const errors = (task.result?.errors ?? []).map(({ stack, message, diff }) => [stack ?? message, diff].join('\n'))
  const name = path.join(' > ')
  if (task.type === 'test') {
    if (task.result?.state === 'pass') return [{ name, state: 'passed' }]
    if (task.mode === 'skip' || task.mode === 'todo') return [{ name, state: 'skipped' }]
    return [{ name, state: 'failed', error: errors.join('\n') || 'It never ran' }]
  }
  const own: Outcome[] =
    errors.length > 0 ? [{ name: `${name} (the suite)`, state: 'failed', error: errors.join('\n') }] : []
  return [...own, ...task.tasks.flatMap((one) => outcomesOf(one, path))]
}
