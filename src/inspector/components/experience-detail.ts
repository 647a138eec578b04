import { html, type TemplateResult } from 'lit'
import { dataFieldOf, EXPERIENCE_FIELD_LIST, type ExperienceFieldKind } from '../../experience-fields.ts'
import type { JsonValue } from '../../json-value.ts'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { keyText, number, percent, time } from '../format.ts'
import { icon } from '../icons.ts'

/** All fields of an experience. */
export function experienceDetail(experience: RecordedExperience, close: () => void): TemplateResult {
  const facts = EXPERIENCE_FIELD_LIST.map(([field, { kind, label }]): readonly [label: string, value: unknown] => {
    const value: JsonValue = experience[dataFieldOf(field)]
    return [label.toLowerCase(), value === null ? '–' : SHOWN[kind](value)]
  })
  return html`<section class="panel" aria-label="Selected experience">
    <div class="head">
      <h2>Selected experience</h2>
      <button type="button" class="quiet" @click=${close}>${icon('close')}Close</button>
    </div>
    <dl class="facts">
      ${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>
  </section>`
}

const SHOWN: { readonly [K in ExperienceFieldKind]: (value: JsonValue) => unknown } = {
  name: plain,
  'name?': plain,
  json: key,
  'list?': (value) => (value as readonly JsonValue[]).map((one) => html`${key(one)} `),
  number: (value) => number(value as number),
  'share?': (value) => percent(value as number),
  flag: (value) => (value === true ? 'yes' : 'no'),
  time: (value) => time(value as string),
  'object?': key,
}

function plain(value: JsonValue): TemplateResult {
  return html`<bdi>${value}</bdi>`
}

function key(value: JsonValue): TemplateResult {
  return html`<code><bdi>${keyText(value)}</bdi></code>`
}
