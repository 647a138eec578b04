import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { openLearningStore } from 'learning-store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { traceOperations } from '../../examples/opentelemetry/trace-operations.ts'

describe.each([false, true])('OpenTelemetry, of a store in a worker: %s', (worker) => {
  const exporter = new InMemorySpanExporter()
  const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).getTracer('test')
  let stop: () => void
  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    stop = traceOperations(tracer)
  })
  afterEach(() => {
    stop()
    exporter.reset()
    context.disable()
  })

  const named = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name)
  const step = { state: 's', action: 'x', reward: 1, terminated: true }

  test('gets a span of each operation, with its collection and storage', async () => {
    const store = await openLearningStore({ storage: 'memory:', worker })
    await store.experiences.count()
    await store.close()
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual([
      'learning-store open',
      'learning-store experiences.count',
      'learning-store close',
    ])
    expect(named('learning-store experiences.count')[0]?.attributes).toEqual({
      'db.system.name': 'learning-store',
      'db.namespace': 'memory:',
      'db.operation.name': 'experiences.count',
      'db.collection.name': 'experiences',
    })
  })

  test('gets them as children of the span that is active in the caller, also of overlapping calls', async () => {
    const store = await openLearningStore({ storage: 'memory:', worker })
    const agent = await store.agent('a')
    const within = (name: string): Promise<Span> =>
      tracer.startActiveSpan(name, async (span) => {
        await agent.learn(step)
        await agent.recommend('s')
        span.end()
        return span
      })
    const parents = await Promise.all([within('one'), within('two')])
    await store.close()
    for (const operation of ['learning-store agent.learn', 'learning-store agent.recommend']) {
      const spans = named(operation)
      expect(spans.map((span) => span.parentSpanContext?.spanId).sort()).toEqual(
        parents.map((span) => span.spanContext().spanId).sort(),
      )
      for (const span of spans) {
        const parent = parents.find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId)
        expect(span.spanContext().traceId).toBe(parent?.spanContext().traceId)
        expect(span.ended).toBe(true)
      }
    }
    expect(named('learning-store open')[0]?.parentSpanContext).toBeUndefined()
  })

  test('gets the code of an error, and not its message', async () => {
    const store = await openLearningStore({ storage: 'memory:', worker })
    await expect(store.experiences.get('a', '')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await store.close()
    const [span] = named('learning-store experiences.get')
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(span?.attributes['error.type']).toBe('INVALID_ARGUMENT')
    expect(span?.events).toEqual([])
  })

  test('gets nothing after it was stopped', async () => {
    stop()
    await (await openLearningStore({ storage: 'memory:', worker })).close()
    expect(exporter.getFinishedSpans()).toEqual([])
    expect(trace.getActiveSpan()).toBeUndefined()
  })
})
