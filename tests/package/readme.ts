import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const text = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
const section = text.split(/^## /m).find((part) => part.startsWith('With your bundler')) ?? ''

/** The code in the README's row for this version of a tool: what its users have to do. Empty if nothing. */
export function steps(name: string, version: string, target: 'page' | 'Node' = 'page'): readonly string[] {
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes(`${name} ${version}`))
    .filter((line) => line.startsWith('| for Node: ') === (target === 'Node'))
  if (rows.length !== 1) throw new Error(`Expected a row of the README for ${name} ${version}, got ${rows.length}`)
  return [...(rows[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
}

/** The import map of the README, as HTML. */
export function importMap(): string {
  return /```html\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
}
