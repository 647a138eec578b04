import { html } from 'lit'
import type { PolicyEvaluation } from '../../learning/evaluation/evaluation.ts'
import { count, number, percent, text } from '../format.ts'
import { styled } from '../style-properties.ts'
import type { Column } from './rows-table.ts'

/** A policy and what it would have earned. */
export interface Judged {
  readonly policy: string
  readonly evaluation: PolicyEvaluation
}

/** Policies as rows, their intervals on one scale. */
export function columnsFor(judged: readonly Judged[]): readonly Column<Judged>[] {
  const ends = judged.flatMap(({ evaluation: { value, interval } }) => [value, interval.lower, interval.upper])
  const finite = ends.filter(Number.isFinite)
  const [least, greatest] = [Math.min(...finite), Math.max(...finite)]
  const at = (value: number): number => {
    const clamped = Math.min(greatest, Math.max(least, value))
    return greatest === least ? 50 : (100 * (clamped - least)) / (greatest - least)
  }
  return [
    { name: 'policy', cell: ({ policy }) => text(policy), width: 24 },
    { name: 'earns', cell: ({ evaluation }) => number(evaluation.value), isNumber: true, width: 9 },
    {
      ...{ name: '95% interval', width: 18, isNumber: true },
      cell: ({ evaluation: { interval } }) => `${number(interval.lower)} to ${number(interval.upper)}`,
    },
    {
      name: 'on one scale',
      cell: ({ evaluation: { value, interval } }) => {
        const [from, to] = [at(interval.lower), at(interval.upper)]
        const look = { '--from': `${from}%`, '--width': `${to - from}%`, '--at': `${at(value)}%` }
        return html`<span class="interval" ${styled(look)}></span>`
      },
    },
    {
      ...{ name: 'worth samples', isNumber: true, width: 13 },
      cell: ({ evaluation }) => count(evaluation.effectiveSampleSize),
    },
    { name: 'tried', cell: ({ evaluation }) => percent(evaluation.coverage), isNumber: true, width: 7 },
  ]
}
