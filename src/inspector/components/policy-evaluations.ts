import { html } from 'lit'
import type { PolicyEvaluation } from '../../learning/evaluation/evaluation.ts'
import { count, number, percent, text } from '../format.ts'
import { styleProperties } from '../style-properties.ts'
import type { Column } from './rows-table.ts'

/** A policy with its estimated value. */
export interface EvaluatedPolicy {
  readonly policy: string
  readonly evaluation: PolicyEvaluation
}

/** Columns of a table of evaluated policies, with their confidence intervals drawn on a common scale. */
export function policyEvaluationColumns(policies: readonly EvaluatedPolicy[]): readonly Column<EvaluatedPolicy>[] {
  const ends = policies.flatMap(({ evaluation: { value, interval } }) => [value, interval.lower, interval.upper])
  const finite = ends.filter(Number.isFinite)
  const [least, greatest] = [Math.min(...finite), Math.max(...finite)]
  const at = (value: number): number => {
    const clamped = Math.min(greatest, Math.max(least, value))
    return greatest === least ? 50 : (100 * (clamped - least)) / (greatest - least)
  }
  return [
    { name: 'policy', cell: ({ policy }) => text(policy), width: 24 },
    { name: 'value', cell: ({ evaluation }) => number(evaluation.value), isNumber: true, width: 9 },
    {
      name: '95% interval',
      width: 18,
      isNumber: true,
      cell: ({ evaluation: { interval } }) => `${number(interval.lower)} to ${number(interval.upper)}`,
    },
    {
      name: 'interval',
      cell: ({ evaluation: { value, interval } }) => {
        const [from, to] = [at(interval.lower), at(interval.upper)]
        const properties = { '--from': `${from}%`, '--width': `${to - from}%`, '--at': `${at(value)}%` }
        return html`<span class="interval" ${styleProperties(properties)}></span>`
      },
    },
    {
      name: 'effective sample size',
      isNumber: true,
      width: 20,
      cell: ({ evaluation }) => count(evaluation.effectiveSampleSize),
    },
    { name: 'coverage', cell: ({ evaluation }) => percent(evaluation.coverage), isNumber: true, width: 9 },
  ]
}
