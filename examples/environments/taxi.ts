import { DOWN, LEFT, moved, RIGHT, UP } from './grid.ts'
import { certainly, type TabularEnvironment, type Transition, tabular } from './tabular.ts'

const GRID = { rows: 5, columns: 5 }
const MOVES = [DOWN, UP, RIGHT, LEFT]
/** The cells of R, G, Y and B. */
const LOCATIONS = [0, 4, 20, 23]
const IN_TAXI = 4
/** Cells with a wall to the east. */
const WALLED = new Set([1, 6, 15, 17, 20, 22])
const STATES = 500

/**
 * A taxi takes a passenger from one of four locations to another. The reward is -1 for a step, 20 for delivering the passenger, and -10
 * for picking up or dropping off at the wrong location. Dietterich (2000); Gymnasium, Taxi-v3. An observation is ((row * 5 + column) * 5 + passenger) * 4 +
 * destination.
 */
export const taxi: TabularEnvironment = tabular({
  actionNames: ['south', 'north', 'east', 'west', 'pickup', 'dropoff'],
  maxEpisodeSteps: 200,
  states: STATES,
  startStates: Array.from({ length: STATES }, (_, state) => state).filter((state) => {
    const { passenger, destination } = decode(state)
    return passenger !== IN_TAXI && passenger !== destination
  }),
  transitions(state, action) {
    const { cell, passenger, destination } = decode(state)
    // The passenger is at the destination: the episode has ended.
    if (passenger === destination) return []
    if (action === 4) return pickup(cell, passenger, destination)
    if (action === 5) return dropoff(cell, passenger, destination)
    const isWalled = (action === 2 && WALLED.has(cell)) || (action === 3 && WALLED.has(cell - 1))
    const nextCell = isWalled ? cell : moved(GRID, cell, MOVES[action] ?? DOWN)
    return certainly(encode(nextCell, passenger, destination), -1, false)
  },
})

function pickup(cell: number, passenger: number, destination: number): readonly Transition[] {
  if (LOCATIONS[passenger] === cell) return certainly(encode(cell, IN_TAXI, destination), -1, false)
  return certainly(encode(cell, passenger, destination), -10, false)
}

function dropoff(cell: number, passenger: number, destination: number): readonly Transition[] {
  const location = LOCATIONS.indexOf(cell)
  if (passenger !== IN_TAXI || location < 0) return certainly(encode(cell, passenger, destination), -10, false)
  if (location === destination) return certainly(encode(cell, destination, destination), 20, true)
  return certainly(encode(cell, location, destination), -1, false)
}

function encode(cell: number, passenger: number, destination: number): number {
  return (cell * 5 + passenger) * 4 + destination
}

function decode(state: number): { cell: number; passenger: number; destination: number } {
  return { cell: Math.floor(state / 20), passenger: Math.floor(state / 4) % 5, destination: state % 4 }
}
