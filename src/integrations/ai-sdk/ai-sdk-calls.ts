import type { LanguageModelMiddleware } from 'ai'
import { checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../entry/exports.ts'
import { type Ending, firstEnding, unlessAborted, watchedStream } from '../watched-store.ts'
import { type AnswerPart, answerOf, type ModelAnswer, type WrapGenerate } from './ai-sdk-answer.ts'
import { RECORDING, type Recorded, Recorder, type Recording, type Situation } from './recorder.ts'

/** A call of a language model. */
export interface ModelCall extends Pick<Parameters<WrapGenerate>[0], 'params' | 'model'> {
  readonly type: 'generate' | 'stream'
}

/** What came of a call of a language model. */
export interface ModelOutcome extends ModelAnswer, Ending {}

/** How calls of a model become experiences, and perhaps how they are made. */
export interface RecordCalls extends Recording<ModelCall, ModelOutcome> {
  /**
   * Lets the agent choose how each call is made, by its `selectAction`, and records with which probability it did. Where choosing
   * fails the call is made as it was asked for.
   */
  readonly choose?: {
    /** What to choose from. */
    readonly actions: readonly JsonValue[]
    /** Answers the parameters of a call that is made in the way that was chosen. */
    readonly apply: (params: ModelCall['params'], action: JsonValue) => ModelCall['params']
  }
}

/**
 * A middleware for `wrapLanguageModel` that makes an experience of every call of the model, also of those that fail: state,
 * action and reward as the caller says. The call is answered, streamed and refused as it would be without; nothing waits for
 * recording. @throws INVALID_ARGUMENT
 */
export function recordCalls(options: RecordCalls): Recorded & { readonly middleware: LanguageModelMiddleware } {
  const { agent, choose } = checkOptions(options, 'the options', [...RECORDING, 'choose'])
  const recorder = new Recorder<ModelCall, ModelOutcome>(options)
  /** By the parameters that came of the choice. */
  const chosen = new WeakMap<object, Situation>()
  if (choose && !agent.selectAction) throw invalid('the agent', 'one that can choose', agent)

  const begin = (call: ModelCall): ((parts: readonly AnswerPart[], ending: Ending) => void) => {
    const end = recorder.begin(call, call.model.modelId, chosen.get(call.params))
    return (parts, ending) =>
      end(() => {
        const { error, ...answer } = answerOf(parts)
        const told = error === undefined ? ending : { status: 'failed' as const, error }
        return { ...answer, ...unlessAborted(told, call.params.abortSignal) }
      })
  }

  const middleware: LanguageModelMiddleware = {
    specificationVersion: 'v3',

    async wrapGenerate({ doGenerate, params, model }) {
      const end = begin({ type: 'generate', params, model })
      try {
        const generated = await doGenerate()
        const { content, finishReason, usage } = generated
        end([...content, { type: 'finish', finishReason, usage }], { status: 'succeeded' })
        return generated
      } catch (error) {
        end([], { status: 'failed', error })
        throw error
      }
    },

    async wrapStream({ doStream, params, model }) {
      const end = begin({ type: 'stream', params, model })
      const parts: AnswerPart[] = []
      try {
        const { stream, ...rest } = await doStream()
        const tell = firstEnding(params.abortSignal, (ending) => end(parts, ending))
        return { stream: watchedStream(stream, (part) => parts.push(part), tell), ...rest }
      } catch (error) {
        end(parts, { status: 'failed', error })
        throw error
      }
    },
  }

  if (choose) {
    middleware.transformParams = async ({ type, params, model }) => {
      try {
        const { actions, apply } = choose
        const state = await recorder.stateOf({ type, params, model })
        const choice = await agent.selectAction?.(state, { actions })
        if (choice === undefined) return params
        // Parameters of its own, for another call may have the same.
        const applied = { ...apply(params, choice.action) }
        chosen.set(applied, { state, action: choice.action, actions, behaviorProbability: choice.probability })
        return applied
      } catch (error) {
        recorder.failed(error)
        return params
      }
    }
  }
  return { middleware, recorded: () => recorder.recorded() }
}
