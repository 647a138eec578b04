import { DOWN, LEFT, type Move, moved, RIGHT, UP } from './grid.ts'
import { type TabularEnvironment, type Transition, tabular } from './tabular.ts'

const MAP = ['SFFF', 'FHFH', 'FFFH', 'HFFG'].join('')
const GRID = { rows: 4, columns: 4 }
const MOVES: readonly Move[] = [LEFT, DOWN, RIGHT, UP]

/**
 * A walk across the ice to the goal, with reward 1; a hole ends the episode. If slippery, a move goes in the intended direction or to
 * either side of it, with probability 1/3 each. Gymnasium, FrozenLake-v1, map 4x4; observations are cells, row by row.
 */
export function frozenLake({ slippery = true }: { readonly slippery?: boolean } = {}): TabularEnvironment {
  return tabular({
    actionNames: ['left', 'down', 'right', 'up'],
    maxEpisodeSteps: 100,
    states: MAP.length,
    startStates: [0],
    transitions(state, action) {
      if (isEnd(state)) return []
      const turns = slippery ? [-1, 0, 1] : [0]
      return turns.map((turn) => slide(state, (action + turn + 4) % 4, 1 / turns.length))
    },
  })
}

function slide(state: number, direction: number, probability: number): Transition {
  const nextState = moved(GRID, state, MOVES[direction] ?? LEFT)
  return { probability, nextState, reward: MAP[nextState] === 'G' ? 1 : 0, terminated: isEnd(nextState) }
}

function isEnd(state: number): boolean {
  return MAP[state] === 'H' || MAP[state] === 'G'
}
