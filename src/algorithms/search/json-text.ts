import type { JsonValue } from '../../json-value.ts'

/** The text of JSON data: its strings, numbers and booleans in their order, one a line, without the names of fields. */
export function textOfJson(value: JsonValue): string {
  const texts: string[] = []
  collect(value, texts)
  return texts.join('\n')
}

function collect(value: JsonValue | undefined, texts: string[]): void {
  if (value === null || value === undefined) return
  if (typeof value === 'object') for (const item of Object.values(value) as JsonValue[]) collect(item, texts)
  else texts.push(String(value))
}
