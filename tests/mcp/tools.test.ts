import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ToolAnnotations } from '../../src/mcp/tool.ts'
import { TOOLS } from '../../src/mcp/tools.ts'

const document = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'mcp.md'), 'utf8')

function effectOf({ readOnlyHint, destructiveHint, idempotentHint }: ToolAnnotations): string {
  if (readOnlyHint) return 'reads'
  if (destructiveHint) return 'replaces'
  return idempotentHint ? 'learns once' : 'adds'
}

test('docs/mcp.md has a row for each tool, with its title and its effect', () => {
  const rows = [...document.matchAll(/^\| `([a-z_]+)` \| ([^|]+) \| ([^|]+) \|/gm)].map(([, ...cells]) => cells)
  expect(rows).toEqual(TOOLS.map(({ name, title, annotations }) => [name, title, effectOf(annotations)]))
})

test('names are unique, and what a tool takes is described', () => {
  const names = TOOLS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { inputSchema, description } of TOOLS) {
    expect(description.length).toBeLessThan(500)
    for (const schema of Object.values(inputSchema.properties ?? {})) expect(schema.description).toMatch(/\.$/)
  }
})

test('a tool whose result contains stored text says so in its result', () => {
  const marked = TOOLS.filter(({ outputSchema }) => outputSchema.required?.includes('notice'))
  expect(marked).toEqual(TOOLS.filter(({ returnsStoredText }) => returnsStoredText))
  const unmarked = TOOLS.filter((tool) => !marked.includes(tool)).map(({ name }) => name)
  expect(unmarked).toEqual(['reward', 'record_experience', 'remember', 'evaluate_policy'])
})
