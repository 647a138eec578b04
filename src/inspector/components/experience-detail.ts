import { html, type TemplateResult } from 'lit'
import type { JsonValue } from '../../json-value.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { keyText, number, percent, time } from '../format.ts'
import { icon } from '../icons.ts'

/** One experience with all that is known of it. */
export function experienceDetail(experience: RecordedExperience, close: () => void): TemplateResult {
  const { id, agentId, taskType, taskId, episodeId, state, action, reward, nextState } = experience
  const { terminated, truncated, actions, behaviorProbability, timestamp } = experience
  const facts: readonly (readonly [name: string, value: unknown])[] = [
    ['id', plain(id)],
    ['agent', plain(agentId)],
    ['task', html`${plain(taskType)} ${taskId === null ? '' : html`<span class="dim">${plain(taskId)}</span>`}`],
    ['episode', episodeId === null ? '–' : plain(episodeId)],
    ['state', key(state)],
    ['action', key(action)],
    ['reward', number(reward)],
    ['next state', key(nextState)],
    ['ended', terminated ? 'the episode terminated here' : truncated ? 'the episode was cut off here' : 'no'],
    ['could choose', actions === null ? 'was not told' : actions.map((one) => html`${key(one)} `)],
    ['chosen with', behaviorProbability === null ? 'probability not told' : percent(behaviorProbability)],
    ['time', time(timestamp)],
  ]
  return html`<section class="panel" aria-label="The chosen experience">
    <div class="head">
      <h2>The chosen experience</h2>
      <button type="button" class="quiet" @click=${close}>${icon('close')}Close</button>
    </div>
    <dl class="facts">
      ${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>
  </section>`
}

function plain(value: string): TemplateResult {
  return html`<bdi>${value}</bdi>`
}

function key(value: JsonValue): TemplateResult {
  return html`<code><bdi>${keyText(value)}</bdi></code>`
}
