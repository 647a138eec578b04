import { ESTIMATORS } from '../../algorithms/off-policy.ts'
import type { PolicyEvaluation } from '../../learning/evaluation/evaluation.ts'
import type { Pattern } from '../../learning/patterns/pattern.ts'
import type { PatternHit } from '../../learning/test-patterns/queries.ts'
import type { Snippet } from '../../learning/test-patterns/search.ts'
import {
  PATTERN_TYPES,
  TEST_FRAMEWORKS,
  TEST_LANGUAGES,
  type TestPattern,
} from '../../learning/test-patterns/test-pattern.ts'
import {
  anyJson,
  component,
  count,
  flag,
  list,
  number,
  object,
  oneOf,
  orNull,
  type Schema,
  text,
  time,
} from './json-schema.ts'

const share = { minimum: 0, maximum: 1 }

/** A strategy that works. */
export const pattern: Schema = component(
  'Pattern',
  'A successful strategy of an agent for one type of task.',
  object<Pattern>({
    id: count('The id of the pattern.'),
    agentId: orNull(text('The agent.')),
    patternType: text('The type of the task, and `-strategy`.'),
    patternData: anyJson('The strategy.'),
    confidence: number('The confidence in the pattern.', share),
    successRate: number('The share of uses that succeeded.', share),
    successCount: count('Number of uses that succeeded.'),
    usageCount: count('Number of uses.'),
    lastUsed: time('When it was last used.'),
    lowerBound: number('The lower bound of the 95 % interval of the success rate. Patterns are ranked by it.', share),
    lacksEvidence: flag('Whether `lowerBound` is below 0.7.'),
  }),
)

/** The filters of test patterns. */
export const testPatternFilters: { readonly [filter in 'framework' | 'patternType' | 'language']: Schema } = {
  framework: oneOf('Only patterns of this framework.', TEST_FRAMEWORKS),
  patternType: oneOf('Only patterns of this kind.', PATTERN_TYPES),
  language: oneOf('Only patterns in this language.', TEST_LANGUAGES),
}

/** A test pattern. */
export const testPattern: Schema = component(
  'TestPattern',
  'A reusable test template.',
  object<TestPattern>({
    id: text('The id of the pattern.'),
    patternType: oneOf('The kind of test.', PATTERN_TYPES),
    framework: oneOf('The framework of the test.', TEST_FRAMEWORKS),
    language: oneOf('The language of the test.', TEST_LANGUAGES),
    codeSignature: anyJson('The signature of the code under test.'),
    signatureHash: text('The SHA-256 of the signature.'),
    testTemplate: anyJson('The template of the test.'),
    metadata: { type: 'object', description: 'Name, description, tags and other metadata.' },
    version: text('The version of the pattern.'),
    createdAt: time('When it was stored.'),
    updatedAt: time('When it last changed.'),
  }),
)

/** A hit of a text search. */
export const patternHit: Schema = component(
  'PatternHit',
  'A test pattern that matches a text search.',
  object<PatternHit>({
    pattern: testPattern,
    score: number('The BM25 score; comparable only within one search.'),
    snippets: list(
      'The matching fields.',
      object<Snippet>({
        field: text('The field.'),
        parts: list(
          'The text of the field.',
          object({ text: text('A part.'), isHit: flag('Whether the part matches the query.') }),
        ),
      }),
    ),
  }),
)

/** The policy of an evaluation. */
export const targetPolicy: Schema = {
  description: 'The policy of an agent, or a table of probabilities that sum to 1 in each state.',
  anyOf: [
    object<{ agentId: string; epsilon?: number }>(
      {
        agentId: text('The agent whose greedy policy is evaluated.', { minLength: 1 }),
        epsilon: number('Its exploration rate.', { ...share, default: 0 }),
      },
      ['agentId'],
    ),
    object({
      probabilities: list(
        'The probability of each action in each state.',
        object({
          state: anyJson('The state.'),
          action: anyJson('The action.'),
          probability: number('The probability of the action in the state.', share),
        }),
        { maxItems: 100_000 },
      ),
    }),
  ],
}

/** The estimators of `evaluatePolicy`. */
export const estimator: Schema = oneOf('The estimator.', ESTIMATORS)

/** The result of an evaluation. JSON has no infinity: an end that is unbounded is null. */
export const policyEvaluation: Schema = component(
  'PolicyEvaluation',
  'The estimated reward of a policy: per decision, or per episode for `wis`. A number that is infinite is null.',
  object<PolicyEvaluation>({
    estimator,
    value: number('The estimate, in the unit of the rewards.'),
    standardError: orNull(number('The standard error; null if fewer than two observations have weight.')),
    interval: object({
      lower: orNull(number('The lower end of the 95 % interval; null if it is unbounded.')),
      upper: orNull(number('The upper end; null if it is unbounded.')),
    }),
    effectiveSampleSize: number('Number of observations under the policy with the same information.'),
    decisions: count('Number of logged experiences that the estimate is based on.'),
    episodes: orNull(count('Number of episodes; null for estimators that do not use episodes.')),
    withoutProbability: count('Number of experiences that were left out, because they have no probability.'),
    withoutReward: count("Number of the agent's decisions without a reward, which the estimate does not contain."),
    coverage: number("The share of the policy's choices that were tried in the same state.", share),
  }),
)
