import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { folder } from '../survival/environment.ts'
import { ENGINES } from './engines.ts'
import { Stage } from './stage.ts'

/** A service worker that has the store open in its own thread, with the package as one file and no bundler. */

const WORKER = `
import { openLearningStore } from './standalone.js'

const learn = async () => {
  const store = await openLearningStore({ storage: 'indexeddb:site', worker: false })
  const agent = await store.agent('router', { algorithm: 'lin-ucb' })
  const { id, action } = await agent.decide({ hour: 8 }, { actions: ['a', 'b'] })
  await agent.reward(id, 1)
  // Code that is loaded when it is first used, elsewhere.
  const found = [await agent.recommend({ hour: 8 }), await store.verify(), await store.snapshot()]
  await store.testPatterns.count()
  await store.close()
  return found.every(Boolean) ? 'learned' : 'missing'
}
addEventListener('message', (event) => {
  const [port] = event.ports
  event.waitUntil(learn().then((found) => port.postMessage(found), (error) => port.postMessage(String(error))))
})
`

let files: ReturnType<typeof folder>
let stage: Stage
beforeEach(async () => {
  files = folder()
  const [site, workers] = [
    join(files.path, 'site'),
    join(inject('installed'), 'node_modules', 'learning-store', 'dist', 'worker'),
  ]
  mkdirSync(site)
  for (const name of ['standalone.js', 'sql-wasm.wasm']) copyFileSync(join(workers, name), join(site, name))
  writeFileSync(join(site, 'worker.js'), WORKER)
  const html = '<!doctype html><script type="module">import * as learningStore from "./standalone.js"</script>'
  writeFileSync(join(site, 'index.html'), html)
  stage = await Stage.set(site)
})
afterEach(async () => {
  await stage.clear()
  files.remove()
})

test('in Chromium an agent learns in a service worker', async () => {
  const page = await (await stage.launchAs(ENGINES.Chromium)).open(stage.server.origin)
  const found = await page.run(async () => {
    await navigator.serviceWorker.register('/worker.js', { type: 'module' })
    const { active } = await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    return new Promise<unknown>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data)
      active?.postMessage('learn', [port2])
    })
  })
  expect(found).toBe('learned')
  // Two files are all that it has.
  const asked = [...stage.server.asked].filter((path) => path !== '/favicon.ico')
  expect(asked.toSorted()).toEqual(['/', '/sql-wasm.wasm', '/standalone.js', '/worker.js'])
})
