/**
 * What a terminal acts on or does not show: control characters (C0, DEL, C1), format characters (bidirectional marks,
 * joiners, tags), line and paragraph separators, lone surrogates, and whatever else Unicode lets a font leave out.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const HIDDEN_IN_LINES = new RegExp(`(?!\\r\\n|[\\n\\t])${HIDDEN.source}`, 'gu')

const SHORT: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/** Escapes what a terminal would act on or not show, as JSON does, so that JSON remains JSON with the same content. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(HIDDEN_IN_LINES, escaped)
}

/** The same for what is one line: line ends and tabs are escaped, too. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, escaped)
}

function escaped(one: string): string {
  return SHORT.get(one) ?? one.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
