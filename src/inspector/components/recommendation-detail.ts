import { html, type TemplateResult } from 'lit'
import type { Recommendation } from '../../learning/agents/recommendation.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { number, percent, plural, text, time } from '../format.ts'
import { experienceColumns } from './experience-columns.ts'
import './rows-table.ts'
import { styleProperties } from '../style-properties.ts'

/** A recommendation with its reasoning, alternatives and supporting experiences. */
export function recommendationDetail(
  recommendation: Recommendation,
  experiences: readonly RecordedExperience[],
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
    ${
      experiences.length > 0
        ? html`<h3>Latest supporting experiences</h3>
            <learning-rows label="Latest supporting experiences" .columns=${experienceColumns} .rows=${experiences}></learning-rows>`
        : ''
    }`
}
