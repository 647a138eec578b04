import { afterEach, beforeEach, expect, test } from 'vitest'
import { TOOLS } from '../../src/mcp/tools.ts'
import { Chromium } from './chromium.ts'
import { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.set()
})
afterEach(() => stage.clear())

test('a page offers the tools of its store to the agent of the browser, until they are withdrawn', async () => {
  const browser = await stage.launchAs(Chromium.launchWithWebMcp)
  const { tab } = await browser.open(stage.server.origin)
  await tab.evaluate(async () => {
    globalThis.store = await learningStore.openLearningStore({ storage: 'memory:' })
    globalThis.withdrawal = new AbortController()
    await webMcp.registerTools(store, { signal: withdrawal.signal })
  })
  const offered = await tab.webmcp.tools()
  expect(offered.map(({ name }) => name).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted())
  expect(offered.find(({ name }) => name === 'recall')).toMatchObject({
    annotations: { readOnly: true, untrustedContent: true },
  })

  const experience = { agentId: 'router', state: 'long', action: 'large', reward: 1, terminated: true }
  await tab.webmcp.callTool('record_experience', experience)
  const input = { agentId: 'router', state: 'long' }
  expect(await tab.webmcp.callTool('recommend', input)).toMatchObject({ structuredContent: { action: 'large' } })
  expect(await tab.webmcp.callTool('recommend', {})).toMatchObject({ isError: true })

  const again = tab.evaluate(() =>
    webMcp.registerTools(store).then(
      () => 'registered',
      ({ code }) => code,
    ),
  )
  expect(await again).toBe('INVALID_ARGUMENT')
  await tab.evaluate(() => withdrawal.abort())
  expect(await tab.webmcp.tools()).toEqual([])
})

test('a browser without WebMCP is UNSUPPORTED', async () => {
  const browser = await stage.launch()
  const { tab } = await browser.open(stage.server.origin)
  const code = tab.evaluate(async () => {
    const opened = await learningStore.openLearningStore({ storage: 'memory:' })
    return webMcp.registerTools(opened).then(
      () => 'registered',
      (error) => error.code,
    )
  })
  expect(await code).toBe('UNSUPPORTED')
})
