/**
 * An agent learns the best temperature of a model for its task. Every call through the AI SDK is an experience; its reward is 1 if the
 * answer is JSON, as requested. The model is the SDK's own mock, which is less reliable at higher temperatures; replace it with a
 * real one.
 *
 *   npm run build && npx tsc -p tsconfig.examples.json && node dist-examples/ai-sdk.js
 */
import { generateText, wrapLanguageModel } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { openLearningStore } from 'learning-store'
import { recordCalls } from 'learning-store/ai-sdk'

await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
const agent = await store.agent('extractor', { learningRateSchedule: 'sample-average' })

const { middleware, recorded } = recordCalls({
  agent,
  state: 'extract',
  choose: {
    actions: [0, 0.5, 1],
    apply: (params, temperature) => ({ ...params, temperature: Number(temperature) }),
  },
  reward: ({ status, text }) => (status === 'succeeded' && isJson(text) ? 1 : 0),
  onError: (error) => console.error('Not recorded:', error),
})

const model = wrapLanguageModel({ model: unreliable(), middleware })
for (let i = 0; i < 100; i++) {
  await generateText({ model, prompt: 'The price of "3 apples, 2.40" as JSON' })
  // So that the next choice uses everything learned so far; otherwise there is no need to wait.
  await recorded()
}

for (const { action, value, visits } of await store.values.get('extractor', 'extract')) {
  console.log(`temperature ${action}: ${Math.round(value * 100)} % of ${visits} answers were JSON`)
}
const best = await agent.recommend('extract')
console.log(`best: temperature ${best.action}`)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Returns JSON in all calls at temperature 0, in two of three at 0.5, and in one of three at 1. */
function unreliable(): MockLanguageModelV3 {
  const usage = {
    inputTokens: { total: 12, noCache: 12, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 8, text: 8, reasoning: 0 },
  }
  const calls = new Map<number, number>()
  return new MockLanguageModelV3({
    doGenerate: async ({ temperature = 0 }) => {
      const before = calls.get(temperature) ?? 0
      calls.set(temperature, before + 1)
      const text = before % 3 >= temperature * 2 ? '{"item":"apples","price":2.4}' : 'Sure! The price is 2.40.'
      const finishReason = { unified: 'stop' as const, raw: undefined }
      return { content: [{ type: 'text', text }], finishReason, usage, warnings: [] }
    },
  })
}
