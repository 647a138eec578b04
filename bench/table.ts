/** An aligned table, in Markdown too. The first column is words, in the others whatever is a figure stands right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows]
  const widths = heads.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  const figures = heads.map((_, i) => rows.every((row) => /^(?:[\d.,]+|-)?$/.test(row[i] ?? '')))
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, i) => (figures[i] ? row[i]?.padStart(width) : row[i]?.padEnd(width)) ?? '')
    return `| ${cells.join(' | ')} |`
  }
  const rule = widths.map((width, i) => (figures[i] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2)))
  return [line(heads), `|${rule.join('|')}|`, ...rows.map(line)].join('\n')
}

/** Three significant digits, without an exponent; `-` where nothing was measured. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-'
  if (value === 0) return '0'
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(decimals, 6))
}

export function ratio(a: number | undefined, b: number | undefined): string {
  return a === undefined || b === undefined ? '-' : figure(a / b)
}
