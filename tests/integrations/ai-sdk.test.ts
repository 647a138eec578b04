import { generateText, type LanguageModelMiddleware, stepCountIs, streamText, tool, wrapLanguageModel } from 'ai'
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AsyncAgent, type AsyncStore, openLearningStore, type RecordedExperience } from '../../src/entry/node.ts'
import {
  type ModelOutcome,
  type RecordCallsOptions,
  recordCalls,
  recordTools,
} from '../../src/integrations/ai-sdk/ai-sdk.ts'

type Mock = NonNullable<ConstructorParameters<typeof MockLanguageModelV3>[0]>
type Generated = Exclude<NonNullable<Mock['doGenerate']>, readonly unknown[] | ((...args: never[]) => unknown)>

const usage: Generated['usage'] = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 2, text: 2, reasoning: 0 },
}
const stop = { unified: 'stop' as const, raw: undefined }
const answer = (text: string): Generated => ({
  content: [{ type: 'text', text }],
  finishReason: stop,
  usage,
  warnings: [],
})
const parts = (...deltas: string[]) => [
  { type: 'text-start' as const, id: '1' },
  ...deltas.map((delta) => ({ type: 'text-delta' as const, id: '1', delta })),
  { type: 'text-end' as const, id: '1' },
  { type: 'finish' as const, finishReason: stop, usage },
]

let store: AsyncStore
let agent: AsyncAgent
let errors: unknown[]
const onError = (error: unknown): void => {
  errors.push(error)
}
beforeEach(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 7 })
  agent = await store.agent('caller')
  errors = []
})
afterEach(() => store.close())

const experiences = (): Promise<RecordedExperience[]> => store.experiences.list({ agentId: 'caller' })
const wrapped = (mock: Mock, middleware: LanguageModelMiddleware): ReturnType<typeof wrapLanguageModel> =>
  wrapLanguageModel({ model: new MockLanguageModelV3({ modelId: 'small', ...mock }), middleware })
/** A recording with an agent, and the outcomes that `reward` was called with. */
function recording(
  options: Partial<RecordCallsOptions> = {},
): ReturnType<typeof recordCalls> & { outcomes: ModelOutcome[] } {
  const outcomes: ModelOutcome[] = []
  const reward = (outcome: ModelOutcome): number => {
    outcomes.push(outcome)
    return outcome.status === 'succeeded' ? 1 : -1
  }
  return { ...recordCalls({ agent, state: 'extract', reward, onError, ...options }), outcomes }
}

describe('a call of a model', () => {
  test('becomes an experience, and its answer is unchanged', async () => {
    const { middleware, recorded, outcomes } = recording()
    const { text } = await generateText({ model: wrapped({ doGenerate: answer('Hi') }, middleware), prompt: 'Greet' })
    expect(text).toBe('Hi')
    await recorded()
    expect(await experiences()).toMatchObject([{ state: 'extract', action: 'small', reward: 1, terminated: true }])
    expect(await store.values.get('caller', 'extract')).toEqual([{ action: 'small', value: 0.1, visits: 1 }])
    expect(outcomes).toEqual([{ status: 'succeeded', text: 'Hi', toolCalls: [], finishReason: 'stop', usage }])
    expect(errors).toEqual([])
  })

  test('gives its state, action and other fields by functions of the call', async () => {
    const { middleware, recorded } = recording({
      state: ({ params }) => ({ messages: params.prompt.length }),
      action: async ({ params, type }) => ({ type, temperature: params.temperature ?? null }),
      more: ({ text }, { model }) => ({ taskId: text, taskType: model.modelId, terminated: false, nextState: 'next' }),
    })
    const model = wrapped({ doGenerate: answer('Hi') }, middleware)
    await generateText({ model, prompt: 'Greet', temperature: 0.5 })
    await recorded()
    expect(await experiences()).toMatchObject([
      {
        state: { messages: 1 },
        action: { type: 'generate', temperature: 0.5 },
        reward: 1,
        nextState: 'next',
        terminated: false,
        taskId: 'Hi',
        taskType: 'small',
      },
    ])
  })

  test('that fails is recorded with its reward, and still fails', async () => {
    const { middleware, recorded, outcomes } = recording()
    const broken = new Error('no answer')
    const model = wrapped({ doGenerate: () => Promise.reject(broken) }, middleware)
    await expect(generateText({ model, prompt: 'Greet', maxRetries: 0 })).rejects.toBe(broken)
    await recorded()
    expect(outcomes).toMatchObject([{ status: 'failed', error: broken, text: '' }])
    expect(await experiences()).toMatchObject([{ reward: -1 }])
  })

  test('that is streamed is passed on as it arrives, and recorded when it has ended', async () => {
    const { middleware, recorded, outcomes } = recording()
    const stream = (): ReturnType<typeof simulateReadableStream> =>
      simulateReadableStream({ chunks: parts('He', 'llo') })
    const model = wrapped({ doStream: async () => ({ stream: stream() as never }) }, middleware)
    const seen: string[] = []
    for await (const delta of streamText({ model, prompt: 'Greet' }).textStream) {
      expect(outcomes).toEqual([])
      seen.push(delta)
    }
    expect(seen).toEqual(['He', 'llo'])
    await recorded()
    expect(outcomes).toEqual([{ status: 'succeeded', text: 'Hello', toolCalls: [], finishReason: 'stop', usage }])
    expect(await experiences()).toHaveLength(1)
  })

  test.each([
    ['does not begin', () => Promise.reject(new Error('cut'))],
    ['breaks', async () => ({ stream: broken() })],
    [
      'reports an error',
      async () => ({
        stream: simulateReadableStream({
          chunks: [...parts('He').slice(0, 2), { type: 'error', error: new Error('cut') }],
        }),
      }),
    ],
  ])('whose stream %s counts as failed', async (_, doStream) => {
    const { middleware, recorded, outcomes } = recording()
    const model = wrapped({ doStream: doStream as Mock['doStream'] & object }, middleware)
    const reported: unknown[] = []
    const result = streamText({
      model,
      prompt: 'Greet',
      maxRetries: 0,
      onError: ({ error }) => void reported.push(error),
    })
    await result.consumeStream({ onError: (error) => void reported.push(error) })
    await recorded()
    expect(reported).toMatchObject([{ message: 'cut' }])
    expect(outcomes).toMatchObject([{ status: 'failed', error: { message: 'cut' }, finishReason: undefined }])
    expect(await experiences()).toMatchObject([{ reward: -1 }])
  })

  test('that the caller aborts is recorded as cancelled, with the answer so far', async () => {
    const { middleware, recorded, outcomes } = recording()
    const controller = new AbortController()
    let cancelled: unknown
    const endless = new ReadableStream({
      pull: (stream) => stream.enqueue(parts('more')[1]),
      cancel: (reason) => {
        cancelled = reason
      },
    })
    const model = wrapped({ doStream: async () => ({ stream: endless as never }) }, middleware)
    const { stream } = await model.doStream({ prompt: [], abortSignal: controller.signal })
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel('enough')
    await recorded()
    expect(cancelled).toBe('enough')
    expect(outcomes).toMatchObject([{ status: 'cancelled', text: 'more' }])

    const stopped = wrapped({ doGenerate: ({ abortSignal }) => Promise.reject(abortSignal?.reason) }, middleware)
    controller.abort()
    await expect(stopped.doGenerate({ prompt: [], abortSignal: controller.signal })).rejects.toThrow('aborted')
    await recorded()
    expect(outcomes[1]).toMatchObject({ status: 'cancelled', error: { name: 'AbortError' } })
  })

  test('that is aborted while it streams is recorded as cancelled, even if the stream ignores the signal', async () => {
    const { middleware, recorded, outcomes } = recording()
    const [start, ...more] = parts('He', 'llo')
    const chunks = [start, more[0], more[1]]
    const deaf = new ReadableStream({
      async pull(stream) {
        await new Promise(setImmediate)
        stream.enqueue(chunks.shift() ?? more[1])
      },
    })
    const model = wrapped({ doStream: async () => ({ stream: deaf as never }) }, middleware)
    const controller = new AbortController()
    const { fullStream } = streamText({ model, prompt: 'Greet', abortSignal: controller.signal })
    for await (const { type } of fullStream) if (type === 'text-delta') controller.abort()
    await recorded()
    expect(outcomes).toMatchObject([
      { status: 'cancelled', text: expect.stringMatching(/^He/), finishReason: undefined },
    ])
  })

  test('returns before its reward is known, which may come much later', async () => {
    let judge: (reward: number) => void = () => {}
    const { middleware, recorded } = recording({ reward: () => new Promise<number>((resolve) => (judge = resolve)) })
    const model = wrapped({ doGenerate: answer('Hi') }, middleware)
    expect((await generateText({ model, prompt: 'Greet' })).text).toBe('Hi')
    expect(await experiences()).toEqual([])
    judge(0.25)
    await recorded()
    expect(await experiences()).toMatchObject([{ reward: 0.25 }])
  })

  test('without a reward is not recorded', async () => {
    const { middleware, recorded } = recording({ reward: () => undefined })
    await generateText({ model: wrapped({ doGenerate: answer('Hi') }, middleware), prompt: 'Greet' })
    await recorded()
    expect(await experiences()).toEqual([])
    expect(errors).toEqual([])
  })

  const fault = (): never => {
    throw new Error('fault')
  }
  test.each<[string, Partial<RecordCallsOptions>, string]>([
    ['the state', { state: fault }, 'fault'],
    ['the action', { action: () => Promise.reject(new Error('fault')) }, 'fault'],
    ['the reward', { reward: fault }, 'fault'],
    ['`more`', { more: fault }, 'fault'],
    ['the store', { agent: { learn: () => Promise.reject(new Error('fault')) } }, 'fault'],
    ['a reward that is no number', { reward: () => Number.NaN }, 'Expected reward to be a finite number'],
  ])('returns although %s fails, which is reported to onError', async (_, options, message) => {
    const { middleware, recorded } = recording(options)
    const model = wrapped(
      { doGenerate: answer('Hi'), doStream: { stream: simulateReadableStream({ chunks: parts('Hi') as never }) } },
      middleware,
    )
    expect((await generateText({ model, prompt: 'Greet' })).text).toBe('Hi')
    expect(await streamText({ model, prompt: 'Greet' }).text).toBe('Hi')
    await recorded()
    const expected = expect.objectContaining({ message: expect.stringContaining(message) })
    expect(errors).toEqual([expected, expected])
    expect(await experiences()).toEqual([])
  })

  test('returns although its state fails long before the answer', async () => {
    const { middleware, recorded } = recording({ state: fault })
    const slow = async (): Promise<Generated> => {
      await new Promise(setImmediate)
      return answer('Hi')
    }
    // An unhandled rejection meanwhile would fail the test.
    const { text } = await generateText({ model: wrapped({ doGenerate: slow }, middleware), prompt: 'Greet' })
    await recorded()
    expect([text, errors.length]).toEqual(['Hi', 1])
  })

  test('returns although the store is closed', async () => {
    const { middleware, recorded } = recording()
    await store.close()
    const model = wrapped({ doGenerate: answer('Hi') }, middleware)
    expect((await generateText({ model, prompt: 'Greet' })).text).toBe('Hi')
    await recorded()
    expect(errors).toMatchObject([{ code: 'CLOSED' }])
  })

  test('can be recorded without learning', async () => {
    const learn = (one: Parameters<AsyncAgent['learn']>[0]): Promise<string> => store.experiences.add('caller', one)
    const { middleware, recorded } = recording({ agent: { learn } })
    await generateText({ model: wrapped({ doGenerate: answer('Hi') }, middleware), prompt: 'Greet' })
    await recorded()
    expect(await experiences()).toHaveLength(1)
    expect(await store.values.get('caller', 'extract')).toEqual([])
  })
})

describe('an agent that chooses', () => {
  const choose: RecordCallsOptions['choose'] = {
    actions: [0, 1],
    apply: (params, temperature) => ({ ...params, temperature: temperature as number }),
  }

  test('learns the best way to make calls', async () => {
    const { middleware, recorded } = recording({ choose, reward: ({ text }) => (text === 'good' ? 1 : 0) })
    const model = wrapped(
      { doGenerate: async ({ temperature }) => answer(temperature === 1 ? 'good' : 'bad') },
      middleware,
    )
    for (let i = 0; i < 30; i++) {
      await generateText({ model, prompt: 'Greet' })
      await recorded()
    }
    expect(await agent.recommend('extract')).toMatchObject({ action: 1 })
    const [newest] = await experiences()
    expect(newest).toMatchObject({ actions: [0, 1], behaviorProbability: expect.any(Number) })
    const { value } = await store.evaluatePolicy(() => [0, 1], { agentId: 'caller', estimator: 'snips' })
    expect(value).toBe(1)
  })

  test('chooses separately for two equal calls at the same time', async () => {
    const actions = [0, 1]
    const selectAction = async () => ({ action: actions.shift() ?? -1, probability: 0.5, values: [], explored: false })
    const { middleware, recorded } = recording({
      choose: { ...choose, apply: (params) => params },
      agent: { learn: agent.learn, selectAction },
    })
    const model = wrapped({ doGenerate: answer('Hi') }, middleware)
    const params = { prompt: [] }
    await Promise.all([model.doGenerate(params), model.doGenerate(params)])
    await recorded()
    expect((await experiences()).map(({ action }) => action).sort()).toEqual([0, 1])
  })

  test('that fails leaves the call unchanged', async () => {
    const failing = { learn: agent.learn, selectAction: () => Promise.reject(new Error('fault')) }
    const { middleware, recorded } = recording({ choose, agent: failing })
    const model = new MockLanguageModelV3({ modelId: 'small', doGenerate: answer('Hi') })
    await generateText({ model: wrapLanguageModel({ model, middleware }), prompt: 'Greet', temperature: 0.3 })
    await recorded()
    expect(model.doGenerateCalls).toMatchObject([{ temperature: 0.3 }])
    expect(errors).toMatchObject([{ message: 'fault' }])
    expect(await experiences()).toMatchObject([{ action: 'small', behaviorProbability: null }])
  })

  test('is needed to choose', () => {
    expect(() => recording({ choose, agent: { learn: agent.learn } })).toThrow('one that can choose')
  })
})

describe('a call of a tool', () => {
  const inputSchema = z.object({ city: z.string() })
  const city = { city: 'Oslo' }
  const toolOptions = { toolCallId: '1', messages: [] }
  const weather = { inputSchema, description: 'Tells the weather' }
  const rated = { state: 'extract', onError: (error: unknown): void => onError(error) }
  const worth = ({ status }: { readonly status: string }): number => (status === 'succeeded' ? 1 : -1)

  test('of a model becomes an experience, and the model gets its output', async () => {
    const outputs: unknown[] = []
    const { tools, recorded } = recordTools(
      { weather: tool({ ...weather, execute: async ({ city }) => `${city}: rain` }), other: tool(weather) },
      {
        ...rated,
        agent,
        action: ({ toolName, input }) => ({ toolName, ...(input as typeof city) }),
        reward: ({ status, output }) => {
          outputs.push(output)
          return worth({ status })
        },
      },
    )
    const toolCall: Generated = {
      ...answer(''),
      content: [{ type: 'tool-call', toolCallId: '1', toolName: 'weather', input: JSON.stringify(city) }],
      finishReason: { unified: 'tool-calls', raw: undefined },
    }
    const model = new MockLanguageModelV3({ doGenerate: [toolCall, answer('Take an umbrella')] })
    const result = await generateText({ model, tools, prompt: 'Umbrella?', stopWhen: stepCountIs(2) })
    await recorded()
    expect(result.steps[0]?.toolResults).toMatchObject([{ output: 'Oslo: rain' }])
    expect(outputs).toEqual(['Oslo: rain'])
    expect(await experiences()).toMatchObject([{ action: { toolName: 'weather', city: 'Oslo' }, reward: 1 }])
    expect(tools.other.execute).toBeUndefined()
    expect(tools.weather.description).toBe('Tells the weather')
  })

  test.each([
    [
      'throws',
      (): Promise<string> => {
        throw new Error('no weather')
      },
    ],
    ['rejects', (): Promise<string> => Promise.reject(new Error('no weather'))],
  ])('that %s is recorded, and still does', async (_, execute) => {
    const { tools, recorded } = recordTools(
      { weather: tool({ ...weather, execute }) },
      { ...rated, agent, reward: worth },
    )
    await expect(async () => tools.weather.execute?.(city, toolOptions)).rejects.toThrow('no weather')
    await recorded()
    expect(await experiences()).toMatchObject([{ action: 'weather', reward: -1 }])
  })

  test('with several outputs is one experience, with the last output', async () => {
    const outcomes: unknown[] = []
    const { tools, recorded } = recordTools(
      {
        weather: tool({
          ...weather,
          async *execute() {
            yield 'looking'
            yield 'rain'
          },
        }),
      },
      { ...rated, agent, reward: (outcome) => void outcomes.push(outcome) as undefined },
    )
    const run = async (most: number): Promise<unknown[]> => {
      const outputs: unknown[] = []
      for await (const output of (tools.weather.execute?.(city, toolOptions) ?? []) as AsyncIterable<string>) {
        outputs.push(output)
        if (outputs.length === most) break
      }
      await recorded()
      return outputs
    }
    expect(await run(9)).toEqual(['looking', 'rain'])
    expect(await run(1)).toEqual(['looking'])
    expect(outcomes).toEqual([
      { status: 'succeeded', output: 'rain' },
      { status: 'cancelled', output: 'looking' },
    ])
  })

  test('works although recording fails', async () => {
    const learn = (): Promise<never> => Promise.reject(new Error('fault'))
    const { tools, recorded } = recordTools(
      { weather: tool({ ...weather, execute: async () => 'rain' }) },
      { ...rated, agent: { learn }, reward: worth },
    )
    expect(await tools.weather.execute?.(city, toolOptions)).toBe('rain')
    await recorded()
    expect(errors).toMatchObject([{ message: 'fault' }])
  })
})

test('options are checked', () => {
  const good = { agent, state: 1, reward: () => 1, onError }
  expect(() => recordCalls({ ...good, rewards: 1 } as never)).toThrow('got rewards')
  expect(() => recordTools({}, { ...good, onError: undefined } as never)).toThrow('Expected onError to be a function')
  expect(() => recordTools({}, { ...good, agent: undefined } as never)).toThrow('Expected agent.learn to be a function')
})

/** A stream that fails after its first words. */
function broken(): ReadableStream {
  const [start, first] = parts('He')
  const chunks = [start, first]
  return new ReadableStream({
    pull: (stream) => (chunks.length > 0 ? stream.enqueue(chunks.shift()) : stream.error(new Error('cut'))),
  })
}
