import { html, type TemplateResult } from 'lit'
import type { Explanation } from '../../learning/agents/explanation.ts'
import type { Recommendation } from '../../learning/agents/recommendation.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { number, percent, plural, text, time } from '../format.ts'
import { experienceColumns } from './experience-columns.ts'
import './rows-table.ts'
import { styleProperties } from '../style-properties.ts'

/** The features that speak for an action and against it, the largest first. */
function featuresTable({ contributions }: Explanation): TemplateResult {
  const largest = Math.max(...contributions.map(({ contribution }) => Math.abs(contribution)))
  const share = (contribution: number): number => (largest > 0 ? (100 * Math.abs(contribution)) / largest : 0)
  return html`<table class="features">
    <caption>
      What the features of the state add to the score of the recommended action
    </caption>
    <thead>
      <tr><th scope="col">feature</th><th scope="col" class="number">adds</th><th aria-hidden="true"></th></tr>
    </thead>
    <tbody>
      ${contributions.map(
        ({ feature, contribution }) =>
          html`<tr>
            <td class="mono wrap"><bdi>${feature}</bdi></td>
            <td class="number">${contribution > 0 ? '+' : ''}${number(contribution)}</td>
            <td>
              <span class=${contribution < 0 ? 'bar against' : 'bar'} ${styleProperties({ '--share': `${share(contribution)}%` })}></span>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

/** A recommendation with its reasoning, alternatives and supporting experiences. */
export function recommendationDetail(
  recommendation: Recommendation,
  experiences: readonly RecordedExperience[],
  explanation: Explanation | undefined,
): TemplateResult {
  const { actionKey, probabilityBest, value, interval, reasoning, alternatives, evidence } = recommendation
  const { from, visits, lastUpdated, states } = evidence
  return html`<div class="columns">
      <div class="stack">
        <div>
          <h3>Recommended action</h3>
          <p class="action"><bdi data-recommendation>${actionKey ?? 'none'}</bdi></p>
          <p class="wrap"><bdi>${reasoning}</bdi></p>
        </div>
        <div class="probabilities">
          ${[{ actionKey, probabilityBest }, ...alternatives].map(
            (one, i) => html`${text(one.actionKey ?? 'none')}
              <span class="bar" ${styleProperties({ '--share': `${100 * one.probabilityBest}%` })}></span>
              <span class="share"><span class="hidden">${i === 0 ? 'probability of being the best' : 'alternative, probability of being the best'} </span>${percent(one.probabilityBest)}</span>`,
          )}
        </div>
        <p class="note">Probability that no other action is better, for the recommended action and the alternatives.</p>
      </div>
      <dl class="facts">
        <dt>expected value</dt>
        <dd>${number(value)}</dd>
        <dt>95% interval of the mean reward</dt>
        <dd>${interval ? `${number(interval.lower)} to ${number(interval.upper)}` : 'none'}</dd>
        <dt>evidence</dt>
        <dd>${from}, ${plural(visits, 'experience')}</dd>
        <dt>last updated</dt>
        <dd>${time(lastUpdated)}</dd>
        ${
          from === 'similar states'
            ? states.map(
                ({ stateKey, similarity }) =>
                  html`<dt>similar state, ${percent(similarity)}</dt><dd><code><bdi>${stateKey}</bdi></code></dd>`,
              )
            : ''
        }
      </dl>
    </div>
    ${explanation ? featuresTable(explanation) : ''}
    ${
      experiences.length > 0
        ? html`<h3>Latest supporting experiences</h3>
            <learning-rows label="Latest supporting experiences" .columns=${experienceColumns} .rows=${experiences}></learning-rows>`
        : ''
    }`
}
