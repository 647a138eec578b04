import { html } from 'lit'
import type { RecordedExperience } from '../../learning/experiences/experiences.ts'
import { keyText, number, text, time } from '../format.ts'
import type { Column } from './rows-table.ts'

/** Columns of a table of experiences. */
export const experienceColumns: readonly Column<RecordedExperience>[] = [
  { name: 'agent', cell: ({ agentId }) => text(agentId) },
  { name: 'state', cell: ({ state }) => text(keyText(state)) },
  { name: 'action', cell: ({ action }) => text(keyText(action)) },
  {
    name: 'reward',
    width: 9,
    isNumber: true,
    cell: ({ reward }) => html`<span class=${reward < 0 ? 'bad' : ''}>${number(reward)}</span>`,
  },
  { name: 'time', cell: ({ timestamp }) => time(timestamp), width: 20 },
]
