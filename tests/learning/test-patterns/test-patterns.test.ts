import { expect, test } from 'vitest'
import { openLearningStore } from '../../../src/entry/node.ts'
import { testPatternsContract } from './test-patterns-contract.ts'

testPatternsContract('local in memory', () => openLearningStore({ storage: 'memory:', seed: 7 }))

test('the example of its documentation', async () => {
  const { testPatterns, close } = await openLearningStore({ storage: 'memory:' })
  const { id } = await testPatterns.upsert({
    patternType: 'edge-case',
    framework: 'jest',
    codeSignature: { functionName: 'parseAmount', parameters: ['string'], returns: 'number' },
    testTemplate: { body: "expect(() => parseAmount('')).toThrow()" },
    metadata: { name: 'Empty input', description: 'Parsers refuse an empty text', tags: ['parsing'] },
  })
  const [hit] = await testPatterns.search('"empty text" pars*')
  expect(hit?.snippets.map(({ parts }) => parts)).toEqual([
    [
      { text: 'Parsers', isHit: true },
      { text: ' refuse an ', isHit: false },
      { text: 'empty', isHit: true },
      { text: ' ', isHit: false },
      { text: 'text', isHit: true },
    ],
    [{ text: 'parsing', isHit: true }],
  ])
  expect(await testPatterns.findSimilar(id, { framework: 'vitest' })).toEqual([])
  const use = { patternId: id, projectId: 'shop', success: true, coverageGain: 0.02 }
  expect(await testPatterns.recordUse(use)).toMatchObject({ totalUses: 1, avgCoverageGain: 0.02 })
  await close()
})
