import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    browser: { type: 'boolean' },
    edge: { type: 'boolean' },
    quick: { type: 'boolean' },
    json: { type: 'string' },
    check: { type: 'boolean' },
    update: { type: 'boolean' },
  },
})
const { browser, edge, check, ...options } = values
const isCheckAlone = Object.keys(values).every((name) => name === 'check' || name === 'update')
if (check ? !isCheckAlone : options.update) {
  throw new Error('Expected --check alone or with --update, got other options')
}
// Loaded when asked for: each of them needs programs that the other does without.
if (check) {
  const { benchCheck } = await import('./check.ts')
  await benchCheck(options)
} else if (browser) {
  const { benchBrowser } = await import('./browser/main.ts')
  await benchBrowser(options)
} else if (edge) {
  const { benchEdge } = await import('./edge/main.ts')
  await benchEdge(options)
} else {
  const { benchNode } = await import('./node.ts')
  await benchNode(options)
}
