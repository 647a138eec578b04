import type { LanguageModelMiddleware } from 'ai'

/** Types of the middleware of the installed AI SDK. */
export type WrapGenerate = NonNullable<LanguageModelMiddleware['wrapGenerate']>
export type WrapStream = NonNullable<LanguageModelMiddleware['wrapStream']>
export type Generated = Awaited<ReturnType<WrapGenerate>>
export type StreamPart = Awaited<ReturnType<WrapStream>>['stream'] extends ReadableStream<infer Part> ? Part : never

/** The answer of a model, complete or up to where it was cut off. */
export interface ModelAnswer {
  /** The text of the answer. */
  readonly text: string
  /** The tool calls, each with its input as JSON. */
  readonly toolCalls: readonly { readonly toolCallId: string; readonly toolName: string; readonly input: string }[]
  /** `stop`, `length`, `tool-calls` and so on; undefined if the answer was cut off. */
  readonly finishReason: Generated['finishReason']['unified'] | undefined
  /** The usage in tokens; undefined if the answer was cut off. */
  readonly usage: Generated['usage'] | undefined
}

/** A part of a generated or streamed answer. */
export type AnswerPart = Generated['content'][number] | StreamPart

/** Combines the parts of an answer, with the last error among them. */
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
