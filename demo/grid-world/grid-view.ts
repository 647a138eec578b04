import { html, type TemplateResult } from 'lit'
import { GRID } from '../../examples/environments/cliff-walking.ts'
import { CELLS, type CellView, GOAL, type GreedyPath, greedyPath, isCliff, START } from './walker.ts'

/** Up, right, down and left. */
const ARROWS = ['↑', '→', '↓', '←']
/** The lowest value with a color of its own. */
const WORST = -25

/** The grid with values, best actions, the greedy path and the position of the agent. */
export function gridView(view: readonly CellView[], agentAt: number): TemplateResult {
  const path = greedyPath(view)
  return html`<div class="grid" role="img" aria-label=${describe(path)} style="--columns: ${GRID.columns}">
      ${CELLS.map((cell) => cellView(cell, view[cell], path.cells.includes(cell), cell === agentAt))}
    </div>
    <p class="path">${describe(path)}</p>`
}

export function describe({ cells, reachesGoal, return: sum }: GreedyPath): string {
  if (!reachesGoal) return 'The greedy path does not reach the goal yet.'
  const rows = cells.map((cell) => Math.floor(cell / GRID.columns))
  const distance = GRID.rows - 1 - Math.min(...rows)
  const where = distance === 1 ? 'along the cliff' : `${distance} rows above the cliff`
  return `Greedy path: ${cells.length - 1} steps, ${where}; return ${text(sum)}.`
}

function cellView(cell: number, view: CellView | undefined, isOnPath: boolean, isAgentHere: boolean): TemplateResult {
  const agent = isAgentHere ? html`<span class="agent"></span>` : ''
  if (isCliff(cell)) return html`<div class="cell cliff">${agent}</div>`
  if (cell === GOAL) return html`<div class="cell ${isOnPath ? 'on-path' : ''}"><b>G</b>${agent}</div>`
  const { value, action } = view ?? {}
  const share = value === undefined ? 0 : Math.max(0, 1 - value / WORST)
  return html`<div class="cell ${isOnPath ? 'on-path' : ''}" style="--share: ${share.toFixed(3)}">
    <b>${cell === START ? 'S' : ''}${action === undefined ? '' : ARROWS[action]}</b>
    <small>${value === undefined ? '' : text(value)}</small>${agent}
  </div>`
}

/** A number with a typographic minus sign. */
export function text(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 }).replace('-', '−')
}
