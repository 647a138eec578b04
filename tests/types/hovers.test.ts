import { afterAll, beforeAll, expect, test } from 'vitest'
import { Editor } from './language-server.ts'

const text = `
import { openLearningStore } from 'learning-store'
interface Request {
  readonly pages: number
}
type Model = 'small' | 'large'
const store = await openLearningStore({ storage: 'memory:' })
const agent = await store.agent<Request, Model>('router')
const state: Request = { pages: 12 }
const choice = await agent.selectAction(state, { actions: ['small'] })
const decision = await agent.decide(state)
const best = await agent.recommend(state)
await agent.learn({ state, action: 'small', reward: 1 })
const experiences = await agent.experiences.list()
const policy = await agent.policy()
const untyped = await store.agent('untyped')
await untyped.selectAction('busy', { actions: ['queue', 'reject'] })
await store.experiences.count()
await store.memory.as({ agentId: 'router' }).get({ key: 'x' })
await openLearningStore({ storage: '' })
await agent.recommend(state, { actions: [''] })
await store.agent<{ readonly when: Date }>('dated')
await store.agent<() => void>('function')
await openLearningStore({ storage: 'learning.db' })
`

let editor: Editor
beforeAll(async () => {
  editor = await Editor.open('tests/types/shown.ts', text)
})
afterAll(() => editor[Symbol.asyncDispose]())

test.each([
  ['const |store', 'const store: AsyncStore'],
  ['const |agent', 'const agent: AsyncAgent<Request, Model>'],
  ['const |choice', 'const choice: Choice<"small">'],
  ['const |decision', 'const decision: DecideResult<Model>'],
  ['const |best', 'const best: Recommendation<Model>'],
  ['const |experiences', 'const experiences: RecordedExperience<Request, Model>[]'],
  ['const |policy', 'const policy: Policy<Request, Model>'],
  ['const |untyped', 'const untyped: AsyncAgent<JsonValue, JsonValue>'],
  ['await agent.|learn', '(property) learn: (experience: Experience<Request, Model>) => Promise<LearnResult>'],
  ['await store.|experiences', '(property) experiences: Promised<Experiences>'],
  ['await store.|memory', '(property) memory: Promised<Memory>'],
  ['}).|get(', '(property) get: (address: MemoryAddress) => Promise<MemoryEntry | undefined>'],
])('the name after "%s" is shown with a type that people read', async (place, shown) => {
  expect(await editor.hover(place)).toBe(shown)
})

test.each([
  [
    'store.|agent<Request',
    '(method) AsyncStore.agent<Request, Model>(id: string, configuration?: Partial<LearnerConfiguration>): Promise<AsyncAgent<Request, Model>>',
    'Opens an agent, or creates it if the store has none with this id.',
  ],
  [
    'agent.|selectAction(state',
    '(method) AsyncAgent<Request, Model>.selectAction<"small">(state: Request, options?: SelectOptions<"small"> | undefined): Promise<Choice<"small">>',
    "Chooses an action by the agent's policy.",
  ],
  [
    'agent.|decide(state)',
    '(method) AsyncAgent<Request, Model>.decide<Model>(state: Request, options?: DecideOptions<Model> | undefined): Promise<DecideResult<Model>>',
    "Chooses an action by the agent's policy and records the decision, whose reward can come later, by its id.",
  ],
  [
    'untyped.|selectAction',
    '(method) AsyncAgent<JsonValue, JsonValue>.selectAction<"queue" | "reject">(state: JsonValue, options?: SelectOptions<"queue" | "reject"> | undefined): Promise<Choice<"queue" | "reject">>',
    "Chooses an action by the agent's policy.",
  ],
  [
    'agent.|recommend(state)',
    '(method) AsyncAgent<Request, Model>.recommend<Model>(state: Request, options?: RecommendOptions<Model> | undefined): Promise<Recommendation<Model>>',
    'Recommends the best known action for a state.',
  ],
])('the method after "%s" is shown with its types and its first sentence', async (place, signature, sentence) => {
  expect(await editor.hover(place)).toContain(`${signature}${sentence}`)
})

test('an editor completes storages and actions', async () => {
  expect((await editor.completions("openLearningStore({ storage: '|' })")).toSorted()).toEqual([
    'file:learning.db',
    'indexeddb:learning-store',
    'memory:',
  ])
  expect((await editor.completions("recommend(state, { actions: ['|'] })")).toSorted()).toEqual(['large', 'small'])
})

test('the compiler says what is no JSON data and no storage', async () => {
  const [unnamed, unknown, dated, callable, path] = await editor.errors()
  expect(unnamed).toBe(`Type '""' is not assignable to type 'StorageAdapter | StorageName | undefined'.`)
  expect(unknown).toBe(`Type '""' is not assignable to type 'Model'.`)
  expect(dated).toContain(`Type 'Date' is not assignable to type '"Expected JSON data, got a Date"'.`)
  expect(callable).toBe(`Type '() => void' does not satisfy the constraint '"Expected JSON data, got a function"'.`)
  expect(path).toBe(`Type '"learning.db"' is not assignable to type 'StorageAdapter | StorageName | undefined'.`)
})
