import { html, type TemplateResult } from 'lit'
import type { Advice } from '../../learning/agents/recommendation.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { number, percent, plural, text, time } from '../format.ts'
import { newestColumns } from './experience-columns.ts'
import './rows-table.ts'
import { styled } from '../style-properties.ts'

/** Advice with its reasons, its alternatives and the experiences behind it. */
export function told(advice: Advice, experiences: readonly RecordedExperience[]): TemplateResult {
  const { strategy, confidence, expectedImprovement, reasoning, alternatives, evidence } = advice
  const { from, visits, interval, lastUpdated, states } = evidence
  return html`<div class="columns">
      <div class="stack">
        <div>
          <h3>Advice</h3>
          <p class="strategy"><bdi data-advice>${strategy}</bdi></p>
          <p class="wrap"><bdi>${reasoning}</bdi></p>
        </div>
        <div class="sure">
          ${[{ strategy, confidence }, ...alternatives].map(
            (one, i) => html`${text(one.strategy)}
              <span class="bar" ${styled({ '--share': `${100 * one.confidence}%` })}></span>
              <span class="share"><span class="hidden">${i === 0 ? 'confidence' : 'alternative, confidence'} </span>${percent(one.confidence)}</span>`,
          )}
        </div>
        <p class="note">Confidence in the advice, and in its alternatives.</p>
      </div>
      <dl class="facts">
        <dt>expected value</dt>
        <dd>${number(expectedImprovement)}</dd>
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
            <learning-rows label="Experiences behind the advice" .columns=${newestColumns} .rows=${experiences}></learning-rows>`
        : ''
    }`
}
