import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import type { OperationContext, OperationTracer } from '../../protocol/channel.ts'

const operations: TracingChannel<unknown, OperationContext> = tracingChannel('learning-store:operation')

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const

/** Publishes operations on Node's tracing channel `learning-store:operation`. */
export const operationTracer: OperationTracer = {
  get isActive() {
    // Bun 1.4 has `hasSubscribers` of the channels only.
    return operations.hasSubscribers ?? EVENTS.some((event) => operations[event].hasSubscribers)
  },
  async trace(operation, work) {
    // Node puts what the promise resolves with into the context, but results are part of the payload.
    const results: Awaited<ReturnType<typeof work>>[] = []
    const traced = async (): Promise<void> => {
      results.push(await work())
    }
    await operations.tracePromise(traced, operation)
    return results[0] as Awaited<ReturnType<typeof work>>
  },
}
