import type { LanguageModelMiddleware } from 'ai'

/** The types of the AI SDK that is installed: what its middleware is called with. */
export type WrapGenerate = NonNullable<LanguageModelMiddleware['wrapGenerate']>
export type WrapStream = NonNullable<LanguageModelMiddleware['wrapStream']>
export type Generated = Awaited<ReturnType<WrapGenerate>>
export type StreamPart = Awaited<ReturnType<WrapStream>>['stream'] extends ReadableStream<infer Part> ? Part : never

/** What a model answered, or had answered when it was cut off. */
export interface ModelAnswer {
  readonly text: string
  /** Each with its input as JSON. */
  readonly toolCalls: readonly { readonly toolCallId: string; readonly toolName: string; readonly input: string }[]
  /** `stop`, `length`, `tool-calls` and so on; undefined where the answer did not come to its end. */
  readonly finishReason: Generated['finishReason']['unified'] | undefined
  /** Counted in tokens. */
  readonly usage: Generated['usage'] | undefined
}

/** A part of an answer, whole or streamed. */
export type AnswerPart = Generated['content'][number] | StreamPart

/** What the parts of an answer come to, and the last error among them. */
export function answerOf(parts: readonly AnswerPart[]): ModelAnswer & { readonly error: unknown } {
  const finish = parts.find((part) => part.type === 'finish')
  return {
    text: parts
      .map((part) => (part.type === 'text' ? part.text : part.type === 'text-delta' ? part.delta : ''))
      .join(''),
    toolCalls: parts
      .filter((part) => part.type === 'tool-call')
      .map(({ toolCallId, toolName, input }) => ({ toolCallId, toolName, input })),
    finishReason: finish?.finishReason.unified,
    usage: finish?.usage,
    error: parts.findLast((part) => part.type === 'error')?.error,
  }
}
