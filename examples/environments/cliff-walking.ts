import { DOWN, type Grid, LEFT, moved, RIGHT, UP } from './grid.ts'
import { certainly, type TabularEnvironment, tabular } from './tabular.ts'

export const GRID: Grid = { rows: 4, columns: 12 }
const START = 36
const GOAL = 47
const MOVES = [UP, RIGHT, DOWN, LEFT]

/**
 * A walk along a cliff from one corner to the other. Each step costs 1; a fall costs 100 and leads back to the start without ending the
 * episode.
 * Sutton & Barto (2018), example 6.6; Gymnasium, CliffWalking-v1. Observations are cells, row by row.
 */
export const cliffWalking: TabularEnvironment = tabular({
  actionNames: ['up', 'right', 'down', 'left'],
  states: GRID.rows * GRID.columns,
  startStates: [START],
  transitions(state, action) {
    if (state > START && state <= GOAL) return []
    const nextState = moved(GRID, state, MOVES[action] ?? UP)
    const isFall = nextState > START && nextState < GOAL
    return isFall ? certainly(START, -100, false) : certainly(nextState, -1, nextState === GOAL)
  },
})
