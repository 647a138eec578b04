import type { ToolSet } from 'ai'
import { checkOptions } from '../../checks.ts'
import { type Ending, unlessAborted, watchedOutputs } from '../watched-store.ts'
import { RECORDING, type Recorded, Recorder, type Recording } from './recorder.ts'

type Execute = NonNullable<ToolSet[string]['execute']>

/** A call of a tool. */
export interface ToolCall {
  readonly toolName: string
  readonly input: unknown
  readonly options: Parameters<Execute>[1]
}

/** What came of a call of a tool. */
export interface ToolOutcome extends Ending {
  /** The last one, where it answers several. */
  readonly output?: unknown
}

/**
 * The same tools, each call of which becomes an experience, also one that throws, which it still does. Nothing waits for
 * recording. Tools without `execute` run elsewhere and are left as they are. @throws INVALID_ARGUMENT
 */
export function recordTools<T extends ToolSet>(
  tools: T,
  recording: Recording<ToolCall, ToolOutcome>,
): Recorded & { readonly tools: T } {
  const recorder = new Recorder<ToolCall, ToolOutcome>(checkOptions(recording, 'the options', RECORDING))
  const all = Object.entries<ToolSet[string]>(tools).map(([name, tool]) => {
    const execute = tool.execute?.bind(tool)
    return [name, execute ? { ...tool, execute: watched(recorder, name, execute) } : tool]
  })
  return { tools: Object.fromEntries(all) as T, recorded: () => recorder.recorded() }
}

function watched(recorder: Recorder<ToolCall, ToolOutcome>, toolName: string, execute: Execute): Execute {
  return (input: unknown, options: ToolCall['options']) => {
    const end = recorder.begin({ toolName, input, options }, toolName)
    const tell = (ending: Ending, output?: unknown): void =>
      end(() => ({ ...unlessAborted(ending, options?.abortSignal), output }))
    const fail = (error: unknown): never => {
      tell({ status: 'failed', error })
      throw error
    }
    try {
      const answer: unknown = execute(input, options)
      // To the SDK these are answers before the last one, so they must stay what they are.
      if (isAsyncIterable(answer)) return watchedOutputs(answer, tell)
      return Promise.resolve(answer).then((output) => {
        tell({ status: 'succeeded' }, output)
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
