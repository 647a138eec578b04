import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Size {
  readonly what: string
  readonly bytes: number
  readonly most?: number
}

const root = join(import.meta.dirname, '..')
const measured = execFileSync(process.execPath, [join('scripts', 'sizes.mjs')], { cwd: root, encoding: 'utf8' })
const { start, later, viteWorkers } = JSON.parse(measured) as {
  readonly start: readonly Size[]
  readonly later: readonly Size[]
  /** The worker that Vite bundles by default, and as an ES module. */
  readonly viteWorkers: readonly number[]
}
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The rows of the README's tables: what, and how many kB. */
const quoted = new Map(
  readme
    .split(/<!-- \/?sizes -->/)[1]
    ?.split('\n')
    .map((row) => row.split(' | '))
    .map(([what = '', kB = '']) => [what.replace('| ', ''), Number.parseFloat(kB)]),
)

describe('what a page downloads', () => {
  test.each(start.filter(({ most }) => most !== undefined))('$what has at most $most bytes', ({ bytes, most }) => {
    expect(bytes).toBeLessThanOrEqual(most ?? 0)
  })

  test.each([...start, ...later])('the README tells the size of $what', ({ what, bytes }) => {
    // As rounded; compressors of other versions may differ by a few bytes more.
    expect(Math.abs((quoted.get(what) ?? 0) - bytes / 1_000)).toBeLessThanOrEqual(0.1)
  })
  test('the README tells the size of the worker that Vite makes of it, by default and as an ES module', () => {
    const [row = ''] = /^\| Vite 8.*$/m.exec(readme) ?? []
    const told = [...row.matchAll(/([\d.]+) kB/g)].map(([, kB]) => Number(kB))
    expect(told).toHaveLength(viteWorkers.length)
    told.forEach((kB, i) => {
      expect(Math.abs(kB - (viteWorkers[i] ?? 0) / 1_000)).toBeLessThanOrEqual(0.1)
    })
  })
})
