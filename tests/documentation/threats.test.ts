import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The table of threats in SECURITY.md names a test in every row. */

const root = join(import.meta.dirname, '..', '..')
const section = readFileSync(join(root, 'SECURITY.md'), 'utf8').split('<!-- threats -->')[1]?.split('\n## ')[0] ?? ''
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat |'))
  .map((line) => line.slice(2, -2).split(' | '))
const threats = rows.filter(([threat]) => !threat?.startsWith('**'))

test('the table lists threats', () => {
  expect(threats.length).toBeGreaterThan(20)
})

describe.each(threats)('%s', (...[threat, guard, tests, ...others]) => {
  test('is guarded by something that a test shows', () => {
    expect(others).toEqual([])
    expect(threat).not.toBe('')
    expect(guard?.trim()).not.toBe('')
    const named = [...(tests ?? '').matchAll(/\[[^\]]+\]\(([^)]+)\): "([^"]+)"/g)]
    expect(named).not.toEqual([])
    for (const [, path = '', title = ''] of named) {
      expect(existsSync(join(root, path)), path).toBe(true)
      const source = readFileSync(join(root, path), 'utf8')
      expect(/['"`]/.test(source[source.indexOf(title) - 1] ?? ''), `${path}: ${title}`).toBe(true)
    }
  })
})
