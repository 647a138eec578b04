import type { LanguageModelMiddleware, wrapLanguageModel } from 'ai'
import { checkFinite, checkOptions, invalid } from '../../checks.ts'
import type { AsyncAgent, JsonObject, JsonValue } from '../../entry/exports.ts'
import type { StreamPart } from './ai-sdk-answer.ts'
import type { ModelCall } from './ai-sdk-calls.ts'

type Model = Parameters<typeof wrapLanguageModel>[0]['model']

/** Decides about calls: an agent of a store, or an object like it. */
export interface CallDecider {
  /** Chooses an action and records the decision. */
  readonly decide: AsyncAgent['decide']
  /** Gives a decision its reward; needed for `rewardOnFailure`. */
  readonly reward?: AsyncAgent['reward']
}

/** How a call is made: with other parameters, by another model, or both. */
export interface DecidedCall {
  /** The parameters of the call. Default: as they were. */
  readonly params?: ModelCall['params']
  /** The model that answers. Default: the wrapped one. */
  readonly model?: Model
}

/** The options of `decideCalls`. */
export interface DecideCallsOptions {
  /** The agent that decides. */
  readonly agent: CallDecider
  /** The state in which a call is made. */
  readonly state: JsonValue | ((call: ModelCall) => JsonValue | Promise<JsonValue>)
  /** The actions to choose from: models, prompts, tools, temperatures. */
  readonly actions: readonly JsonValue[]
  /** Returns how the call is made that carries out an action. */
  readonly apply: (call: ModelCall, action: JsonValue) => DecidedCall
  /** The metadata of a decision, such as a trace id. Default: none. */
  readonly metadata?: (call: ModelCall) => JsonObject
  /** Called with the id of each decision, before the call is made. */
  readonly onDecision?: (id: string, action: JsonValue) => void
  /** The reward of a decision whose call fails. Default: none, the decision stays open. */
  readonly rewardOnFailure?: number
  /** Called if deciding fails, and the call is made unchanged. */
  readonly onError: (error: unknown) => void
}

/** Where results of a call have the id of its decision. */
const DECISION_METADATA = 'learning-store'

const OPTIONS = ['agent', 'state', 'actions', 'apply', 'metadata', 'onDecision', 'rewardOnFailure', 'onError'] as const

interface Decided {
  readonly id: string
  readonly model: Model | undefined
}

/**
 * Creates a middleware for `wrapLanguageModel` that lets an agent decide how each call is made: by which model, with which prompt, tools
 * or parameters. The result has the id of the decision in `providerMetadata['learning-store'].decisionId`, for `agent.reward`, now or
 * later. If deciding fails, the call is made unchanged.
 * @throws INVALID_ARGUMENT
 */
export function decideCalls(options: DecideCallsOptions): LanguageModelMiddleware {
  const given = checkOptions(options, 'the options', OPTIONS)
  const { agent, state, actions, apply, metadata, onDecision, rewardOnFailure, onError } = given
  for (const [what, callback] of Object.entries({ 'agent.decide': agent?.decide, apply, onError })) {
    if (typeof callback !== 'function') throw invalid(what, 'a function', callback)
  }
  if (rewardOnFailure !== undefined) {
    checkFinite(rewardOnFailure, 'rewardOnFailure')
    if (!agent.reward) throw invalid('the agent', 'one that takes rewards', agent)
  }
  /** Keyed by the parameters of the decided call. */
  const decisions = new WeakMap<object, Decided>()

  const decided = async (call: ModelCall): Promise<ModelCall['params']> => {
    const from = typeof state === 'function' ? await state(call) : state
    const { id, action } = await agent.decide(from, { actions, ...(metadata && { metadata: metadata(call) }) })
    onDecision?.(id, action)
    const { params = call.params, model } = apply(call, action)
    // A copy: another call may have the same parameters.
    const applied = { ...params }
    decisions.set(applied, { id, model })
    return applied
  }
  const failed = async (params: object): Promise<void> => {
    const decision = decisions.get(params)
    if (decision && rewardOnFailure !== undefined) {
      await agent.reward?.(decision.id, rewardOnFailure).catch(onError)
    }
  }

  return {
    specificationVersion: 'v3',

    async transformParams({ type, params, model }) {
      try {
        return await decided({ type, params, model })
      } catch (error) {
        onError(error)
        return params
      }
    },

    async wrapGenerate({ doGenerate, params }) {
      const decision = decisions.get(params)
      try {
        const result = await (decision?.model ? decision.model.doGenerate(params) : doGenerate())
        return decision ? { ...result, providerMetadata: withId(result.providerMetadata, decision.id) } : result
      } catch (error) {
        await failed(params)
        throw error
      }
    },

    async wrapStream({ doStream, params }) {
      const decision = decisions.get(params)
      try {
        const { stream, ...rest } = await (decision?.model ? decision.model.doStream(params) : doStream())
        return { stream: decision ? stream.pipeThrough(finishWithId(decision.id)) : stream, ...rest }
      } catch (error) {
        await failed(params)
        throw error
      }
    },
  }
}

type ProviderMetadata = Awaited<ReturnType<Model['doGenerate']>>['providerMetadata']

function withId(known: ProviderMetadata, decisionId: string): NonNullable<ProviderMetadata> {
  return { ...known, [DECISION_METADATA]: { decisionId } }
}

function finishWithId(decisionId: string): TransformStream<StreamPart, StreamPart> {
  return new TransformStream({
    transform(part, controller) {
      const isLast = part.type === 'finish'
      controller.enqueue(isLast ? { ...part, providerMetadata: withId(part.providerMetadata, decisionId) } : part)
    },
  })
}
