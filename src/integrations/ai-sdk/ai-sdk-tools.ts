import type { ToolSet } from 'ai'
import { checkOptions } from '../../checks.ts'
import { cancelledIfAborted, type Ending, watchedOutputs } from '../watched-store.ts'
import { RECORDING_OPTIONS, type Recorded, Recorder, type Recording } from './recorder.ts'

type Execute = NonNullable<ToolSet[string]['execute']>

/** A call of a tool. */
export interface ToolCall {
  readonly toolName: string
  readonly input: unknown
  readonly options: Parameters<Execute>[1]
}

/** The outcome of a call of a tool. */
export interface ToolOutcome extends Ending {
  /** The output; the last one of a tool with several. */
  readonly output?: unknown
}

/**
 * Wraps tools so that every call is recorded as an experience, including calls that throw. The calls themselves are not changed, and
 * do not wait for the recording. Tools without `execute` run elsewhere and are returned as they are.
 * @throws INVALID_ARGUMENT
 */
export function recordTools<T extends ToolSet>(
  tools: T,
  recording: Recording<ToolCall, ToolOutcome>,
): Recorded & { readonly tools: T } {
  const recorder = new Recorder<ToolCall, ToolOutcome>(checkOptions(recording, 'the options', RECORDING_OPTIONS))
  const all = Object.entries<ToolSet[string]>(tools).map(([name, tool]) => {
    const execute = tool.execute?.bind(tool)
    return [name, execute ? { ...tool, execute: watched(recorder, name, execute) } : tool]
  })
  return { tools: Object.fromEntries(all) as T, recorded: () => recorder.recorded() }
}

function watched(recorder: Recorder<ToolCall, ToolOutcome>, toolName: string, execute: Execute): Execute {
  return (input: unknown, options: ToolCall['options']) => {
    const end = recorder.begin({ toolName, input, options }, toolName)
    const onEnd = (ending: Ending, output?: unknown): void =>
      end(() => ({ ...cancelledIfAborted(ending, options?.abortSignal), output }))
    const fail = (error: unknown): never => {
      onEnd({ status: 'failed', error })
      throw error
    }
    try {
      const result: unknown = execute(input, options)
      // The SDK treats an async iterable as preliminary outputs, so it must stay one.
      if (isAsyncIterable(result)) return watchedOutputs(result, onEnd)
      return Promise.resolve(result).then((output) => {
        onEnd({ status: 'succeeded' }, output)
        return output
      }, fail)
    } catch (error) {
      return fail(error)
    }
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
