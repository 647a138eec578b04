/**
 * Spans of an agent's steps, with those of the store's operations below them, printed as a tree. Replace the exporter with that of your
 * backend, such as `@opentelemetry/exporter-trace-otlp-http`.
 *
 *   npm run build && npx tsc -p tsconfig.examples.json && node dist-examples/opentelemetry/main.js
 */
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { openLearningStore } from 'learning-store'
import { traceOperations } from './trace-operations.ts'

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
const exporter = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
const tracer = trace.getTracer('example')
const stop = traceOperations(tracer)

const store = await openLearningStore({ storage: 'memory:', seed: 1 })
const agent = await store.agent('router')
const actions = ['small-model', 'large-model']
for (const state of ['short', 'long']) {
  await tracer.startActiveSpan(`answer a ${state} question`, async (span) => {
    const { action, probability } = await agent.selectAction(state, { actions })
    const reward = action === 'large-model' || state === 'short' ? 1 : 0
    await agent.learn({ state, action, reward, terminated: true, actions, behaviorProbability: probability })
    span.end()
  })
}
await store.close()
stop()

const spans = exporter.getFinishedSpans()
const print = (parent: string | undefined, indent: string): void => {
  for (const span of spans.filter((one) => one.parentSpanContext?.spanId === parent)) {
    const [seconds, nanoseconds] = span.duration
    console.log(`${indent}${span.name} (${(seconds * 1e3 + nanoseconds / 1e6).toFixed(1)} ms)`)
    print(span.spanContext().spanId, `${indent}  `)
  }
}
print(undefined, '')
