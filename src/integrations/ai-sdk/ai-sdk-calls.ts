import type { LanguageModelMiddleware } from 'ai'
import { checkOptions, invalid } from '../../checks.ts'
import type { JsonValue } from '../../entry/exports.ts'
import { cancelledIfAborted, type Ending, firstEnding, watchedStream } from '../watched-store.ts'
import { type AnswerPart, answerOf, type ModelAnswer, type WrapGenerate } from './ai-sdk-answer.ts'
import { RECORDING_OPTIONS, type Recorded, Recorder, type Recording, type Situation } from './recorder.ts'

/** A call of a language model. */
export interface ModelCall extends Pick<Parameters<WrapGenerate>[0], 'params' | 'model'> {
  readonly type: 'generate' | 'stream'
}

/** The outcome of a call of a language model. */
export interface ModelOutcome extends ModelAnswer, Ending {}

/** The options of `recordCalls`. */
export interface RecordCallsOptions extends Recording<ModelCall, ModelOutcome> {
  /**
   * Lets the agent choose how each call is made, by its `selectAction`, and records the probability of the choice. If choosing fails,
   * the call is made unchanged.
   */
  readonly choose?: {
    /** The actions to choose from. */
    readonly actions: readonly JsonValue[]
    /** Returns the parameters of a call that carries out the action. */
    readonly apply: (params: ModelCall['params'], action: JsonValue) => ModelCall['params']
  }
}

/**
 * Creates a middleware for `wrapLanguageModel` that records every call of the model as an experience, including calls that fail. The
 * calls themselves are not changed, and do not wait for the recording.
 * @throws INVALID_ARGUMENT
 */
export function recordCalls(options: RecordCallsOptions): Recorded & { readonly middleware: LanguageModelMiddleware } {
  const { agent, choose } = checkOptions(options, 'the options', [...RECORDING_OPTIONS, 'choose'])
  const recorder = new Recorder<ModelCall, ModelOutcome>(options)
  /** Keyed by the parameters that `apply` returned. */
  const chosen = new WeakMap<object, Situation>()
  if (choose && !agent.selectAction) throw invalid('the agent', 'one that can choose', agent)

  const begin = (call: ModelCall): ((parts: readonly AnswerPart[], ending: Ending) => void) => {
    const end = recorder.begin(call, call.model.modelId, chosen.get(call.params))
    return (parts, ending) =>
      end(() => {
        const { error, ...answer } = answerOf(parts)
        const actual = error === undefined ? ending : { status: 'failed' as const, error }
        return { ...answer, ...cancelledIfAborted(actual, call.params.abortSignal) }
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
        const onEnd = firstEnding(params.abortSignal, (ending) => end(parts, ending))
        return { stream: watchedStream(stream, (part) => parts.push(part), onEnd), ...rest }
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
        // A copy: another call may have the same parameters.
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
