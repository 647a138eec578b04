import { tracingChannel } from 'node:diagnostics_channel'
import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api'
import type { OperationContext } from 'learning-store'

/** What the tracing channel passes to its subscribers: the same object at each event of an operation. */
interface TracedOperation extends OperationContext {
  readonly error?: unknown
}

/**
 * Makes a span of each operation of every learning store in this process, as a child of the span that is active where the operation
 * is called. Returns a function that ends it.
 */
export function traceOperations(tracer: Tracer): () => void {
  const operations = tracingChannel<unknown, TracedOperation>('learning-store:operation')
  const spans = new WeakMap<TracedOperation, Span>()
  const subscribers = {
    start(operation: TracedOperation) {
      const { name, collection, storage } = operation
      const attributes = {
        'db.system.name': 'learning-store',
        'db.namespace': storage,
        'db.operation.name': name,
        ...(collection !== undefined && { 'db.collection.name': collection }),
      }
      spans.set(operation, tracer.startSpan(`learning-store ${name}`, { kind: SpanKind.INTERNAL, attributes }))
    },
    end() {},
    error(operation: TracedOperation) {
      const span = spans.get(operation)
      // The code only: the message may quote what the operation was called with.
      span?.setAttribute('error.type', codeOf(operation.error)).setStatus({ code: SpanStatusCode.ERROR })
    },
    asyncStart() {},
    asyncEnd(operation: TracedOperation) {
      spans.get(operation)?.end()
    },
  }
  operations.subscribe(subscribers)
  return () => {
    operations.unsubscribe(subscribers)
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'INTERNAL'
}
