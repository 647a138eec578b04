import { DOWN, LEFT, moved, RIGHT, UP } from './grid.ts'
import { certainly, type TabularEnvironment, tabular } from './tabular.ts'

const MAP = ['.......#G', '..#....#.', 'S.#....#.', '..#......', '.....#...', '.........'].join('')
const GRID = { rows: 6, columns: 9 }
const MOVES = [UP, RIGHT, DOWN, LEFT]

/**
 * A maze with reward 1 at the goal and 0 elsewhere; the shortest path has 14 steps. Sutton & Barto (2018), example 8.1. Observations are
 * cells, row by row.
 */
export const dynaMaze: TabularEnvironment = tabular({
  actionNames: ['up', 'right', 'down', 'left'],
  states: MAP.length,
  startStates: [MAP.indexOf('S')],
  transitions(state, action) {
    if (MAP[state] === '#' || MAP[state] === 'G') return []
    const target = moved(GRID, state, MOVES[action] ?? UP)
    const nextState = MAP[target] === '#' ? state : target
    return certainly(nextState, MAP[nextState] === 'G' ? 1 : 0, MAP[nextState] === 'G')
  },
})
