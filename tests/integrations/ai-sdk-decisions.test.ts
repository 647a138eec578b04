import { generateText, streamText, wrapLanguageModel } from 'ai'
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AsyncAgent, type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import { type DecideCallsOptions, decideCalls } from '../../src/integrations/ai-sdk/ai-sdk.ts'

const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 2, text: 2, reasoning: 0 },
}
const finishReason = { unified: 'stop' as const, raw: undefined }
const answering = (modelId: string): MockLanguageModelV3 =>
  new MockLanguageModelV3({
    modelId,
    doGenerate: async ({ temperature }) => ({
      content: [{ type: 'text', text: `${modelId} ${temperature ?? ''}`.trim() }],
      finishReason,
      usage,
      warnings: [],
      providerMetadata: { provider: { cached: true } },
    }),
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: [
          { type: 'text-start' as const, id: '1' },
          { type: 'text-delta' as const, id: '1', delta: modelId },
          { type: 'text-end' as const, id: '1' },
          { type: 'finish' as const, finishReason, usage },
        ],
      }),
    }),
  })
const failing = new MockLanguageModelV3({
  doGenerate: async () => {
    throw new Error('overloaded')
  },
})

let store: AsyncStore
let agent: AsyncAgent
let errors: unknown[]
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 7 })
  agent = await store.agent('router', { explorationRate: 0 })
  errors = []
})
afterEach(() => store.close())

const models = { small: answering('small'), large: answering('large'), broken: failing }
type Name = keyof typeof models

function routed(options: Partial<DecideCallsOptions> = {}): ReturnType<typeof wrapLanguageModel> {
  const middleware = decideCalls({
    agent,
    state: ({ params }) => ({ prompts: params.prompt.length }),
    actions: ['small', 'large'],
    apply: (_call, action) => ({ model: models[action as Name] }),
    onError: (error) => errors.push(error),
    ...options,
  })
  return wrapLanguageModel({ model: answering('default'), middleware })
}

test('a decided call is made by the chosen model, and its reward can come later by the id in the result', async () => {
  await agent.learn({ state: { prompts: 1 }, action: 'large', reward: 1, terminated: true })
  const model = routed({ metadata: () => ({ trace: 't1' }) })
  const { text, providerMetadata } = await generateText({ model, prompt: 'Greet' })
  expect(text).toBe('large')
  const id = String(providerMetadata?.['learning-store']?.decisionId)
  expect(providerMetadata).toEqual({ provider: { cached: true }, 'learning-store': { decisionId: id } })
  expect(await agent.decisions.get(id)).toMatchObject({ action: 'large', status: 'open', metadata: { trace: 't1' } })
  await agent.reward(id, 1)
  expect(await agent.values.get({ prompts: 1 })).toMatchObject([{ action: 'large', visits: 2 }])
  expect(errors).toEqual([])
})

test('a streamed call has the id in its last part', async () => {
  const result = streamText({ model: routed({ actions: ['small'] }), prompt: 'Greet' })
  expect(await result.text).toBe('small')
  const id = (await result.providerMetadata)?.['learning-store']?.decisionId
  expect((await agent.decisions.get(String(id)))?.action).toBe('small')
})

test('parameters of a call can be decided', async () => {
  const apply: DecideCallsOptions['apply'] = ({ params }, action) => ({
    params: { ...params, temperature: Number(action) },
  })
  expect((await generateText({ model: routed({ actions: [0.5], apply }), prompt: 'Greet' })).text).toBe('default 0.5')
})

test('a call that fails leaves its decision open, or gives it a reward', async () => {
  const ids: string[] = []
  const onDecision = (id: string): void => void ids.push(id)
  const call = { prompt: 'Greet', maxRetries: 0 }
  const model = routed({ actions: ['broken'], onDecision })
  await expect(generateText({ model, ...call })).rejects.toThrow('overloaded')
  const rewarding = routed({ actions: ['broken'], onDecision, rewardOnFailure: -1 })
  await expect(generateText({ model: rewarding, ...call })).rejects.toThrow('overloaded')
  const statuses = await Promise.all(ids.map(async (id) => (await agent.decisions.get(id))?.status))
  expect(statuses).toEqual(['open', 'rewarded'])
})

test('if deciding fails, the call is made unchanged', async () => {
  const { text, providerMetadata } = await generateText({ model: routed({ actions: [] }), prompt: 'Greet' })
  expect(text).toBe('default')
  expect(providerMetadata).toEqual({ provider: { cached: true } })
  expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ARGUMENT' })])
})

test('options that cannot work are refused', () => {
  for (const [options, message] of [
    [{ agent: {} as never }, 'agent.decide'],
    [{ apply: 1 as never }, 'apply'],
    [{ model: 'x' } as object, 'got model'],
    [{ rewardOnFailure: Number.NaN }, 'rewardOnFailure'],
    [{ agent: { decide: agent.decide }, rewardOnFailure: 0 }, 'one that takes rewards'],
  ] as const) {
    expect(() => routed(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    )
  }
})
