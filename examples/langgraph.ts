/**
 * A LangGraph graph whose long-term memory is a learning store: it remembers what its users like, also in a new process. The store is
 * in the given folder, or in a temporary one.
 *
 *   npm run build && npx tsc -p tsconfig.examples.json && node dist-examples/langgraph.js [FOLDER]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Annotation, END, type LangGraphRunnableConfig, START, StateGraph } from '@langchain/langgraph'
import { openLearningStore } from 'learning-store'
import { LearningStoreMemory } from 'learning-store/langgraph'

const Conversation = Annotation.Root({ user: Annotation<string>, says: Annotation<string>, reply: Annotation<string> })
type Turn = typeof Conversation.State

async function remember({ user, says }: Turn, { store }: LangGraphRunnableConfig): Promise<void> {
  const [, likes] = /^I like (.+)$/.exec(says) ?? []
  if (likes) await store?.put(['users', user], likes, { likes })
}

async function reply({ user }: Turn, { store }: LangGraphRunnableConfig): Promise<{ reply: string }> {
  const known = (await store?.search(['users', user])) ?? []
  const likes = known.map(({ value }) => value.likes)
  return { reply: likes.length === 0 ? `Hello ${user}!` : `Hello ${user}, you like ${likes.join(' and ')}.` }
}

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'learning-store-langgraph-')))
for (const says of ['Hi', 'I like tea', 'I like trains']) {
  // Opened again for each turn, as a new process would.
  await using opened = await openLearningStore({ storage: `file:${join(folder, 'memory.db')}` })
  const graph = new StateGraph(Conversation)
    .addNode('remember', remember)
    .addNode('answer', reply)
    .addEdge(START, 'remember')
    .addEdge('remember', 'answer')
    .addEdge('answer', END)
    .compile({ store: new LearningStoreMemory(opened) })
  const turn = await graph.invoke({ user: 'Ada', says })
  console.log(`Ada: ${says}\nGraph: ${turn.reply}`)
}
if (process.argv[2] === undefined) await rm(folder, { recursive: true })
