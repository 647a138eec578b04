import { afterAll, beforeAll, expect, test } from 'vitest'
import { report } from '../survival/environment.ts'
import type { ChromiumPage } from './chromium.ts'
import { inspected, settled } from './inspecting.ts'
import type { Stage } from './stage.ts'

const SECONDS = 4
const A_SECOND = 1_000

let stage: Stage
let page: ChromiumPage
beforeAll(async () => {
  ;({ stage, page } = await inspected(500))
})
afterAll(() => stage.clear())

interface Load {
  readonly experiences: number
  readonly answers: number
  readonly frames: readonly number[]
  readonly mostNodes: number
}

/** Learns so many experiences a second while the page is drawn, and watches it. */
async function underLoad(): Promise<Load> {
  return page.run(
    async (seconds: number, aSecond: number) => {
      const nodes = (root: ParentNode): number =>
        [...root.querySelectorAll('*')].reduce(
          (sum, { shadowRoot }) => sum + 1 + (shadowRoot ? nodes(shadowRoot) : 0),
          0,
        )
      const inspector = document.querySelector('learning-inspector')
      if (!inspector) throw new Error('Expected an inspector')
      let answers = 0
      // The same store, with each answer to a live question counted.
      const counted: typeof store = Object.assign(Object.create(store), {
        ...store,
        live: ((query, listener, options) =>
          store.live(
            query,
            (value) => {
              answers++
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
        const due = Math.floor(((now - began) / 1_000) * aSecond) - experiences
        if (due > 0) {
          const many = Array.from({ length: due }, (_, i) => ({
            ...{
              state: { module: 'login', complexity: i % 2 ? 'low' : 'high' },
              action: 'mutation',
              reward: Math.sin(i),
            },
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
      return { experiences, answers, frames, mostNodes }
    },
    SECONDS,
    A_SECOND,
  )
}

test.each([
  ['overview', 7],
  ['agents', 3],
  ['values', 4],
  ['experiences', 4],
] as const)('%s is drawn in time while 1,000 experiences a second come in', async (view, questions) => {
  await settled(page, view)
  const { experiences, answers, frames, mostNodes } = await underLoad()
  const sorted = frames.slice(1).toSorted((a, b) => a - b)
  const at = (p: number): string => (sorted[Math.floor(p * (sorted.length - 1))] ?? 0).toFixed(1)
  report(
    `inspector, ${view}: ${experiences} experiences in ${SECONDS} s; ${frames.length} frames, ms between them: half ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}; ${answers} answers drawn; ${mostNodes} elements`,
  )
  // Each question is answered at most once a frame, and what is drawn does not grow with what there is.
  expect(answers).toBeGreaterThan(0)
  expect(answers).toBeLessThanOrEqual(questions * frames.length)
  expect(mostNodes).toBeLessThan(1_000)
  const count = await page.run(() => store.experiences.count())
  await settled(page, 'overview')
  await expect
    .poll(async () =>
      Number((await page.tab.locator('[data-count="experiences"]').textContent())?.replaceAll(/\D/g, '')),
    )
    .toBe(count)
})
