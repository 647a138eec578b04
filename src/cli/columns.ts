import { visibleLine } from './visible.ts'

export type Cell = string | number | null | undefined

export interface ColumnsOptions {
  /** The names of the columns that may be cut. Columns of numbers never are. */
  readonly flexible: readonly string[]
  /** The maximum width of a line, in terminal columns. */
  readonly maxWidth: number
  readonly headStyle: (text: string) => string
}

const GAP = '  '
const MIN_WIDTH = 6
/** Cells are not padded beyond this width: one long cell would fill every other row with blanks. */
const MAX_PADDED_WIDTH = 200

/**
 * Formats rows under their headings, one per line, numbers aligned to the right. The widest flexible columns are cut
 * first; if that is not enough, each row becomes a block with a line for each column.
 */
export function columns(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { flexible, maxWidth, headStyle }: ColumnsOptions,
): string {
  const texts = rows.map((row) => head.map((_, i) => textOf(row[i])))
  const natural = head.map((name, i) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(name)),
  )
  const isNumber = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'))
  const isFlexible = head.map((name, i) => flexible.includes(name) && !isNumber[i])
  const widths = fitted(natural, isFlexible, maxWidth - GAP.length * (head.length - 1))
  if (!widths) return blocks(head.map(textOf), texts, maxWidth, headStyle)
  const line = (cells: readonly string[], styled = (text: string): string => text): string =>
    cells
      .map((text, i) => padded(text, widths[i] ?? 0, isNumber[i] === true, i === cells.length - 1, styled))
      .join(GAP)
      .replace(/ +$/, '')
  return [line(head.map(textOf), headStyle), ...texts.map((row) => line(row))].join('\n')
}

/** Each row as a block, a line for each column, with a blank line between two blocks. Values are cut to the width. */
function blocks(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxWidth: number,
  headStyle: (text: string) => string,
): string {
  const width = Math.max(...head.map(widthOf))
  const left = Math.max(MIN_WIDTH, maxWidth - width - GAP.length)
  const line = (name: string, text: string): string =>
    `${padded(name, width, false, false, headStyle)}${GAP}${cutTo(text, left)}`
  if (rows.length === 0) return head.map((name) => headStyle(cutTo(name, maxWidth))).join('\n')
  return rows.map((row) => head.map((name, i) => line(name, row[i] ?? '')).join('\n')).join('\n\n')
}

function cutTo(text: string, width: number): string {
  return widthOf(text) > width ? `${start(text, width - 1)}…` : text
}

function padded(
  text: string,
  width: number,
  alignRight: boolean,
  isLast: boolean,
  styled: (text: string) => string,
): string {
  const cut = cutTo(text, width)
  if (isLast && !alignRight) return styled(cut)
  const blanks = ' '.repeat(Math.max(0, Math.min(width, MAX_PADDED_WIDTH) - widthOf(cut)))
  return alignRight ? blanks + styled(cut) : styled(cut) + blanks
}

/** Escapes line ends and what a terminal would act on or not show, before the width is measured. */
function textOf(cell: Cell): string {
  return cell === null || cell === undefined ? '-' : visibleLine(String(cell))
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const ASCII = /^[ -~]*$/

/** Width in terminal columns. */
function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const one of text) width += widthOfOne(one)
  return width
}

function widthOfOne(one: string): number {
  return WIDE.test(one) ? 2 : /\p{Mn}/u.test(one) ? 0 : 1
}

/** The longest prefix that fits. */
function start(text: string, maxWidth: number): string {
  let width = 0
  let end = 0
  for (const one of text) {
    width += widthOfOne(one)
    if (width > maxWidth) break
    end += one.length
  }
  return text.slice(0, end)
}

/**
 * Cuts the flexible columns to the greatest common limit with which the line fits; found by binary search.
 * @returns undefined if it fits with none
 */
function fitted(
  widths: readonly number[],
  isFlexible: readonly boolean[],
  maxWidth: number,
): readonly number[] | undefined {
  const at = (limit: number): number[] => widths.map((width, i) => (isFlexible[i] ? Math.min(width, limit) : width))
  const fits = (limit: number): boolean => at(limit).reduce((sum, width) => sum + width, 0) <= maxWidth
  let [low, high] = [MIN_WIDTH, Math.max(MIN_WIDTH, ...widths)]
  if (fits(high)) return widths
  if (!fits(low)) return undefined
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return at(low)
}
