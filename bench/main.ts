import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    browser: { type: 'boolean' },
    edge: { type: 'boolean' },
    quick: { type: 'boolean' },
    json: { type: 'string' },
  },
})
const { browser, edge, ...options } = values
// Loaded when asked for: each of them needs programs that the other does without.
if (browser) {
  const { benchBrowser } = await import('./browser/main.ts')
  await benchBrowser(options)
} else if (edge) {
  const { benchEdge } = await import('./edge/main.ts')
  await benchEdge(options)
} else {
  const { benchNode } = await import('./node.ts')
  await benchNode(options)
}
