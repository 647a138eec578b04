export type Cell = string | number | null | undefined

export interface ColumnsOptions {
  /** The columns that may be cut; ids and numbers never are. */
  readonly flexible: readonly string[]
  /** How many characters a line may have. */
  readonly room: number
  readonly headStyle: (text: string) => string
}

const GAP = '  '
const NARROWEST = 6
/** What is wider is not waited for: one long cell would fill every other row with blanks. */
const WIDEST_PADDED = 200

/** Rows under their heads, one a line, numbers to the right. The widest of what may be cut is cut until there is room. */
export function columns(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { flexible, room, headStyle }: ColumnsOptions,
): string {
  const texts = rows.map((row) => head.map((_, i) => shown(row[i])))
  const natural = head.map((name, i) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(name)),
  )
  const isNumber = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'))
  const may = head.map((name, i) => flexible.includes(name) && !isNumber[i])
  const widths = fitted(natural, may, room - GAP.length * (head.length - 1))
  const line = (cells: readonly string[], styled = (text: string): string => text): string =>
    cells
      .map((text, i) => padded(text, widths[i] ?? 0, isNumber[i] === true, i === cells.length - 1, styled))
      .join(GAP)
      .replace(/ +$/, '')
  return [line(head.map(shown), headStyle), ...texts.map((row) => line(row))].join('\n')
}

function padded(
  text: string,
  width: number,
  toTheRight: boolean,
  isLast: boolean,
  styled: (text: string) => string,
): string {
  const cut = widthOf(text) > width ? `${start(text, width - 1)}…` : text
  if (isLast && !toTheRight) return styled(cut)
  const blanks = ' '.repeat(Math.max(0, Math.min(width, WIDEST_PADDED) - widthOf(cut)))
  return toTheRight ? blanks + styled(cut) : styled(cut) + blanks
}

/** Line ends and what a terminal would obey stand as JSON writes them. */
function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return '-'
  return String(cell).replace(/\p{Cc}/gu, (one) => {
    const json = JSON.stringify(one).slice(1, -1)
    return json === one ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : json
  })
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const ASCII = /^[ -~]*$/

/** How many columns of a terminal it takes. */
function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const one of text) width += oneWide(one)
  return width
}

function oneWide(one: string): number {
  return WIDE.test(one) ? 2 : /\p{Mn}/u.test(one) ? 0 : 1
}

/** As much of it as has room. */
function start(text: string, room: number): string {
  let width = 0
  let end = 0
  for (const one of text) {
    width += oneWide(one)
    if (width > room) break
    end += one.length
  }
  return text.slice(0, end)
}

/** The highest width that those that may be cut can all have; found by halving. */
function fitted(widths: readonly number[], may: readonly boolean[], room: number): readonly number[] {
  const at = (level: number): number[] => widths.map((width, i) => (may[i] ? Math.min(width, level) : width))
  const fits = (level: number): boolean => at(level).reduce((sum, width) => sum + width, 0) <= room
  let [low, high] = [NARROWEST, Math.max(NARROWEST, ...widths)]
  if (fits(high)) return widths
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return at(low)
}
