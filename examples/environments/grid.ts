/** A grid, whose cells are numbered row by row. */

export interface Grid {
  readonly rows: number
  readonly columns: number
}

/** The change of row and column for one step. */
export const UP: Move = [-1, 0]
export const RIGHT: Move = [0, 1]
export const DOWN: Move = [1, 0]
export const LEFT: Move = [0, -1]

export type Move = readonly [rows: number, columns: number]

/** The cell that a move leads to; a move over the edge leads back to the same cell. */
export function moved({ rows, columns }: Grid, cell: number, [down, right]: Move): number {
  const row = Math.min(rows - 1, Math.max(0, Math.floor(cell / columns) + down))
  const column = Math.min(columns - 1, Math.max(0, (cell % columns) + right))
  return row * columns + column
}
