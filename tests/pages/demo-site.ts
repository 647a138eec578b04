import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page as Tab } from 'playwright'
import { expect } from 'vitest'
import type { AsyncStore } from '../../src/entry/browser.ts'
import { ordinaryEnvironment, tool } from '../package/fresh-project.ts'
import { folder } from '../survival/environment.ts'

const PROJECT = join(import.meta.dirname, '..', '..')

/** Path of the demo on the server. It must work under any path. */
export const BASE = '/any/path'

/** A folder with the demo, as `npm run build:demo` builds it after the package. */
export function buildDemo(): { readonly path: string; remove(): void } {
  const site = folder()
  const options = { cwd: PROJECT, env: ordinaryEnvironment(), stdio: 'pipe' } as const
  execFileSync(process.execPath, [tool('vite', 'bin', 'vite.js'), 'build', '--outDir', join(site.path, BASE)], options)
  return site
}

/** The number shown by the element with this id. */
export async function numberIn(tab: Tab, id: string): Promise<number> {
  return Number((await tab.locator(`#${id}`).textContent())?.replace(/[^\d.]/g, ''))
}

export interface Counts {
  readonly tasks: number
  readonly successes: number
  readonly successesLately: number
  /** Those with evidence. */
  readonly patterns: number
}

/** Counts in the store of the fleet, by SQL. */
export function countsIn(tab: Tab): Promise<Counts> {
  return tab.evaluate(async () => {
    const { store } = document.querySelector('fleet-page') as unknown as { store: AsyncStore }
    const one = async (sql: string): Promise<number> => Number((await store.query(sql)).rows[0]?.[0])
    return {
      tasks: await one('SELECT count(*) FROM learning_experiences'),
      successes: await one('SELECT count(*) FROM learning_experiences WHERE reward > 0'),
      successesLately: await one(
        'SELECT sum(reward > 0) FROM (SELECT reward FROM learning_experiences ORDER BY id DESC LIMIT 500)',
      ),
      // Wilson's lower bound is at least 0.7: the rate lies z standard errors of a rate of 0.7 above it.
      patterns: await one(`SELECT count(*) FROM (
        SELECT 1.0 * success_count / usage_count AS rate, usage_count FROM patterns WHERE pattern_type LIKE '%-strategy')
        WHERE rate > 0.7 AND usage_count * (rate - 0.7) * (rate - 0.7) >= 3.841459 * 0.7 * 0.3`),
    }
  })
}

/** Expects that axe finds no accessibility violations. */
export async function expectAccessible(tab: Tab): Promise<void> {
  await tab.evaluate(axe.source)
  const violations = await tab.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document)
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)
  })
  expect(violations).toEqual([])
}

/** Drops a file onto the page. */
export async function drop(tab: Tab, name: string, text: string): Promise<void> {
  await tab.evaluate(
    ([name, text]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], name, { type: 'text/csv' }))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    [name, text] as const,
  )
}
