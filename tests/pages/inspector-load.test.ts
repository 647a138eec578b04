import { afterAll, beforeAll, expect, test } from 'vitest'
import { report } from '../survival/environment.ts'
import type { ChromiumPage } from './chromium.ts'
import { inspected, settled } from './inspecting.ts'
import type { Stage } from './stage.ts'

const SECONDS = 4
const PER_SECOND = 1_000

let stage: Stage
let page: ChromiumPage
beforeAll(async () => {
  ;({ stage, page } = await inspected(500))
})
afterAll(() => stage.clear())

interface Load {
  readonly experiences: number
  readonly results: number
  readonly frames: readonly number[]
  readonly mostNodes: number
}

/** Learns `PER_SECOND` experiences a second and measures the frames of the page. */
async function underLoad(): Promise<Load> {
  return page.run(
    async (seconds: number, perSecond: number) => {
      const nodes = (root: ParentNode): number =>
        [...root.querySelectorAll('*')].reduce(
          (sum, { shadowRoot }) => sum + 1 + (shadowRoot ? nodes(shadowRoot) : 0),
          0,
        )
      const inspector = document.querySelector('learning-inspector')
      if (!inspector) throw new Error('Expected an inspector')
      let results = 0
      // Counts the results of live queries.
      const counted: typeof store = Object.assign(Object.create(store), {
        ...store,
        live: ((query, listener, options) =>
          store.live(
            query,
            (value) => {
              results++
              listener(value)
            },
            options,
          )) satisfies typeof store.live,
      })
      inspector.store = counted
      const agent = await store.agent('qe-chaos-engineer-001')
      const frames: number[] = []
      let [experiences, mostNodes, failed] = [0, 0, undefined as unknown]
      const began = performance.now()
      for (let last = began; last - began < seconds * 1_000; ) {
        const now = await new Promise<number>(requestAnimationFrame)
        frames.push(now - last)
        last = now
        const due = Math.floor(((now - began) / 1_000) * perSecond) - experiences
        if (due > 0) {
          const many = Array.from({ length: due }, (_, i) => ({
            state: { module: 'login', complexity: i % 2 ? 'low' : 'high' },
            action: 'mutation',
            reward: Math.sin(i),
            terminated: true,
          }))
          experiences += due
          agent.learnMany(many).catch((error) => {
            failed = error
          })
        }
        if (frames.length % 10 === 0) mostNodes = Math.max(mostNodes, nodes(document))
      }
      if (failed) throw failed
      inspector.store = store
      return { experiences, results, frames, mostNodes }
    },
    SECONDS,
    PER_SECOND,
  )
}

test.each([
  ['overview', 7],
  ['agents', 3],
  ['values', 4],
  ['experiences', 4],
] as const)('%s stays responsive at 1,000 new experiences a second', async (view, queries) => {
  await settled(page, view)
  const { experiences, results, frames, mostNodes } = await underLoad()
  const sorted = frames.slice(1).toSorted((a, b) => a - b)
  const at = (p: number): string => (sorted[Math.floor(p * (sorted.length - 1))] ?? 0).toFixed(1)
  report(
    `inspector, ${view}: ${experiences} experiences in ${SECONDS} s; ${frames.length} frames, ms between them: median ${at(0.5)}, 95th percentile ${at(0.95)}, maximum ${at(1)}; ${results} results drawn; ${mostNodes} elements`,
  )
  // Each query runs at most once a frame, and the number of elements does not grow with the data.
  expect(results).toBeGreaterThan(0)
  expect(results).toBeLessThanOrEqual(queries * frames.length)
  expect(mostNodes).toBeLessThan(1_000)
  const count = await page.run(() => store.experiences.count())
  await settled(page, 'overview')
  await expect
    .poll(async () =>
      Number((await page.tab.locator('[data-count="experiences"]').textContent())?.replaceAll(/\D/g, '')),
    )
    .toBe(count)
})
