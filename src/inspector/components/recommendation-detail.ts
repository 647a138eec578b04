import { html, type TemplateResult } from 'lit'
import type { Recommendation } from '../../learning/agents/recommendation.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { number, percent, plural, text, time } from '../format.ts'
import { newestColumns } from './experience-columns.ts'
import './rows-table.ts'
import { styled } from '../style-properties.ts'

/** Recommendation with its reasons, its alternatives and the experiences behind it. */
export function told(recommendation: Recommendation, experiences: readonly RecordedExperience[]): TemplateResult {
  const { actionKey, confidence, value, reasoning, alternatives, evidence } = recommendation
  const { from, visits, interval, lastUpdated, states } = evidence
  return html`<div class="columns">
      <div class="stack">
        <div>
          <h3>Recommendation</h3>
          <p class="strategy"><bdi data-recommendation>${actionKey ?? 'none'}</bdi></p>
          <p class="wrap"><bdi>${reasoning}</bdi></p>
        </div>
        <div class="sure">
          ${[{ actionKey, confidence }, ...alternatives].map(
            (one, i) => html`${text(one.actionKey ?? 'none')}
              <span class="bar" ${styled({ '--share': `${100 * one.confidence}%` })}></span>
              <span class="share"><span class="hidden">${i === 0 ? 'confidence' : 'alternative, confidence'} </span>${percent(one.confidence)}</span>`,
          )}
        </div>
        <p class="note">Confidence in the recommendation, and in its alternatives.</p>
      </div>
      <dl class="facts">
        <dt>expected value</dt>
        <dd>${number(value)}</dd>
        <dt>mean of what it rests on</dt>
        <dd>${interval ? `${number(interval.lower)} to ${number(interval.upper)} (95%)` : 'not enough to say'}</dd>
        <dt>rests on</dt>
        <dd>${from}, ${plural(visits, 'experience')}</dd>
        <dt>last updated</dt>
        <dd>${time(lastUpdated)}</dd>
        ${
          from === 'similar states'
            ? states.map(
                ({ stateKey, similarity }) =>
                  html`<dt>similar, ${percent(similarity)}</dt><dd><code><bdi>${stateKey}</bdi></code></dd>`,
              )
            : ''
        }
      </dl>
    </div>
    ${
      experiences.length > 0
        ? html`<h3>The newest experiences behind it</h3>
            <learning-rows label="Experiences behind the recommendation" .columns=${newestColumns} .rows=${experiences}></learning-rows>`
        : ''
    }`
}
