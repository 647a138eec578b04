import type { NewTestPattern } from '../src/entry/node.ts'

const NOUNS =
  'email password login user form request session token query order invoice route cache upload parser date'.split(' ')
const VERBS = 'validate parse render retry submit reject update remove filter sort merge escape format resolve'.split(
  ' ',
)
const CASES = 'empty null huge negative duplicate expired malformed concurrent missing unicode'.split(' ')
const FRAMEWORKS = ['jest', 'vitest', 'mocha', 'playwright'] as const
const TYPES = ['unit', 'integration', 'edge-case', 'boundary', 'error-handling', 'e2e'] as const

/** A test pattern as agents write them, about 700 bytes; different `i` give different ones. Every description has `test`. */
export function sampleTestPattern(_: unknown, i: number): NewTestPattern {
  const of = (words: readonly string[], step: number): string =>
    words[(Math.imul(i + 1, 0x9e3779b1 * step) >>> 16) % words.length] ?? ''
  const [noun, verb, other, how] = [of(NOUNS, 7), of(VERBS, 5), of(NOUNS, 11), of(CASES, 3)]
  const name = `${verb}${noun[0]?.toUpperCase()}${noun.slice(1)}${i}`
  return {
    patternType: TYPES[i % TYPES.length] ?? 'unit',
    framework: FRAMEWORKS[i % FRAMEWORKS.length] ?? 'jest',
    codeSignature: {
      functionName: name,
      parameters: [
        { name: noun, type: 'string' },
        { name: `${other}Options`, type: i % 2 === 0 ? 'object' : 'number' },
      ],
      returns: i % 3 === 0 ? 'boolean' : 'Promise',
    },
    testTemplate: {
      imports: [`import { ${name} } from './${noun}'`],
      body: `describe('${name}', () => {
  ${i % 2 === 0 ? 'beforeEach' : 'afterEach'}(() => ${other}.reset())
  test('${verb}s a ${how} ${noun}', async () => {
    const ${noun} = make${how}(${i % 10})
    ${i % 3 === 0 ? 'expect' : 'await expect'}(${name}(${noun}, { ${other}: true })).${i % 5 === 0 ? 'rejects.toThrow()' : 'toEqual(true)'}
  })
})`,
    },
    metadata: {
      name: `${verb} ${noun} when it is ${how}`,
      description: `A test that calls ${name} with a ${how} ${noun} and looks at the ${other} it leaves behind`,
      tags: [noun, how],
      quality: { coverage: (i % 10) / 10, maintainability: 0.8, reliability: 0.9 },
    },
  }
}

/** What people search for: one word, two, a beginning, a phrase; each is in 50 to 2,000 of 10,000 patterns. */
export const sampleSearches: readonly string[] = [
  ...[
    'email',
    'validate',
    'login expired',
    'upload merge',
    'pass*',
    '"expired token"',
    'retry request',
    'unicode',
    'dupl*',
  ],
  '"looks at the invoice"',
  'parser',
  'session missing',
]
