import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AsyncStore, NewTestPattern, PatternHit } from '../../../src/entry/node.ts'
import { hostileTexts } from '../hostile-texts.ts'

/** A pattern of jest for a function of this name. */
export function pattern(functionName: string, changes: Partial<NewTestPattern> = {}): NewTestPattern {
  return {
    patternType: 'unit',
    framework: 'jest',
    codeSignature: { functionName, parameters: ['string'], returns: 'boolean' },
    testTemplate: { body: `expect(${functionName}('a')).toBe(true)` },
    metadata: { name: `Test ${functionName}`, description: 'Checks one value', tags: ['values'] },
    ...changes,
  }
}

/** What every client of a store promises of its test patterns. */
export function testPatternsContract(name: string, open: () => Promise<AsyncStore>): void {
  describe(`test patterns, ${name}`, () => {
    let store: AsyncStore
    let patterns: AsyncStore['testPatterns']
    beforeEach(async () => {
      store = await open()
      patterns = store.testPatterns
    })
    afterEach(() => store.close())

    const refused = (message: string): unknown =>
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })
    const idsOf = (hits: readonly { readonly pattern: { readonly id: string } }[]): string[] =>
      hits.map((hit) => hit.pattern.id)
    const marked = (hit: PatternHit | undefined): string[] =>
      (hit?.snippets ?? []).map(
        ({ field, parts }) => `${field}: ${parts.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('')}`,
      )

    describe('storing', () => {
      test('stores the given fields, with defaults for the others', async () => {
        const { id, isNew, version } = await patterns.upsert({
          patternType: 'edge-case',
          framework: 'vitest',
          codeSignature: { b: 1, a: [null] },
          testTemplate: 'x()',
        })
        expect({ isNew, version }).toEqual({ isNew: true, version: '1.0.0' })
        const stored = await patterns.get(id)
        expect(stored).toMatchObject({
          id,
          patternType: 'edge-case',
          framework: 'vitest',
          language: 'typescript',
          version: '1.0.0',
          codeSignature: { a: [null], b: 1 },
          testTemplate: 'x()',
          metadata: {},
          createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        })
        expect(stored?.updatedAt).toBe(stored?.createdAt)
        // printf '{"a":[null],"b":1}' | sha256sum
        expect(stored?.signatureHash).toBe('1bf05c0d625a0ef02a68ac100ecae45da7763ccc9dd8f7e46c28256467f2e58d')
        expect(await patterns.get('another')).toBeUndefined()
      })

      test('finds a pattern by its signature and framework, with names in any order', async () => {
        const first = await patterns.upsert({ ...pattern('f'), codeSignature: { a: 1, b: { c: 2, d: 3 } } })
        const again = await patterns.upsert({ ...pattern('f'), id: 'mine', codeSignature: { b: { d: 3, c: 2 }, a: 1 } })
        expect(again).toEqual({ id: first.id, isNew: false, version: '1.0.0' })
        const other = await patterns.upsert({ ...pattern('f', { framework: 'ava' }), codeSignature: { a: 1, b: 2 } })
        expect(other.isNew).toBe(true)
        expect(await patterns.count()).toBe(2)
        expect((await patterns.getBySignature({ b: { c: 2, d: 3 }, a: 1 }, 'jest'))?.id).toBe(first.id)
        expect(await patterns.getBySignature({ b: { c: 2, d: 3 }, a: 1 }, 'ava')).toBeUndefined()
      })

      test('updates an existing pattern and increments its version, once per change', async () => {
        const { id } = await patterns.upsert(pattern('f', { language: 'tsx', version: '2.0.9' }))
        const changed = { ...pattern('f'), testTemplate: 'other()' }
        const { language: _, metadata: __, ...bare } = changed
        expect(await patterns.upsert(bare)).toEqual({ id, isNew: false, version: '2.0.10' })
        expect(await patterns.upsert(bare)).toEqual({ id, isNew: false, version: '2.0.10' })
        expect(await patterns.get(id)).toMatchObject({
          testTemplate: 'other()',
          language: 'tsx',
          metadata: { name: 'Test f' },
          version: '2.0.10',
        })
        expect((await patterns.upsert({ ...bare, version: '3' })).version).toBe('3')
        expect((await patterns.upsert({ ...bare, metadata: {} })).version).toBe('4')
        expect((await patterns.upsert({ ...bare, metadata: {}, version: 'beta' })).version).toBe('beta')
        expect((await patterns.upsert({ ...bare, metadata: { a: 1 } })).version).toBe('beta.1')
      })

      test('stores all or none, and a repeated signature once', async () => {
        const stored = await patterns.upsertMany([pattern('f'), pattern('g'), pattern('f')])
        expect(stored.map(({ isNew }) => isNew)).toEqual([true, true, false])
        expect(stored[2]?.id).toBe(stored[0]?.id)
        const twice = [pattern('h', { id: 'same' }), pattern('i', { id: 'same' })]
        await expect(patterns.upsertMany(twice)).rejects.toEqual(refused('one that no other pattern has'))
        await expect(patterns.upsertMany([pattern('h'), pattern('')])).resolves.toHaveLength(2)
        await expect(patterns.upsertMany([pattern('j'), { ...pattern('k'), language: 'go' as 'tsx' }])).rejects.toEqual(
          refused('language'),
        )
        expect(await patterns.count()).toBe(4)
      })

      test.each<[string, object, string]>([
        ['an unknown type', { patternType: 'smoke' }, 'patternType to be one of edge-case, integration'],
        ['an unknown framework', { framework: 'junit' }, 'framework to be one of jest, mocha'],
        ['an unknown language', { language: 'java' }, 'language to be one of typescript, javascript, tsx, jsx'],
        ['no signature', { codeSignature: undefined }, 'codeSignature'],
        ['no template', { testTemplate: undefined }, 'testTemplate'],
        ['numbers that are none', { testTemplate: Number.NaN }, 'testTemplate'],
        ['a name with NUL', { metadata: { name: 'a\0b' } }, 'metadata.name'],
        ['tags that are no list', { metadata: { tags: 'x' } }, 'metadata.tags'],
        ['a quality above 1', { metadata: { quality: { coverage: 2 } } }, 'metadata.quality.coverage'],
        ['an unknown quality', { metadata: { quality: { speed: 1 } } }, 'metadata.quality'],
        ['a misspelled field', { typ: 'unit' }, 'a test pattern'],
        ['an empty id', { id: '' }, 'id'],
      ])('refuses %s, and changes nothing', async (_, changes, message) => {
        await expect(patterns.upsert({ ...pattern('f'), ...changes } as NewTestPattern)).rejects.toEqual(
          refused(message),
        )
        expect(await patterns.count()).toBe(0)
      })
    })

    describe('reading', () => {
      test('lists by framework, type and language, in pages, in the order of insertion', async () => {
        const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) =>
          pattern(name, {
            id: `z${9 - i}`,
            framework: i % 2 === 0 ? 'jest' : 'mocha',
            patternType: i < 3 ? 'unit' : 'e2e',
            ...(i === 5 ? { language: 'jsx' } : {}),
          }),
        )
        await patterns.upsertMany(all)
        const ids = async (options?: Parameters<typeof patterns.list>[0]): Promise<string[]> =>
          (await patterns.list(options)).map(({ id }) => id)
        expect(await ids()).toEqual(['z9', 'z8', 'z7', 'z6', 'z5', 'z4'])
        expect(await ids({ framework: 'jest' })).toEqual(['z9', 'z7', 'z5'])
        expect(await ids({ framework: 'mocha', patternType: 'e2e' })).toEqual(['z6', 'z4'])
        expect(await ids({ language: 'jsx' })).toEqual(['z4'])
        expect(await ids({ limit: 2, offset: 3 })).toEqual(['z6', 'z5'])
        expect(await patterns.count({ framework: 'mocha' })).toBe(3)
        await expect(patterns.list({ framework: 'go' as 'ava' })).rejects.toEqual(refused('framework'))
        await expect(patterns.count({ limit: 3 } as object)).rejects.toEqual(refused('limit'))
      })
    })

    describe('changing and removing', () => {
      test('updates the given fields, increments the version, and rejects the signature of another pattern', async () => {
        const { id } = await patterns.upsert(pattern('f'))
        const other = await patterns.upsert(pattern('g'))
        const changed = await patterns.update(id, { patternType: 'security', metadata: { name: 'Guard' } })
        expect(changed).toMatchObject({ id, patternType: 'security', version: '1.0.1', metadata: { name: 'Guard' } })
        expect(changed?.testTemplate).toEqual(pattern('f').testTemplate)
        expect(await patterns.get(id)).toEqual(changed)
        expect((await patterns.update(id, { patternType: 'security' }))?.version).toBe('1.0.1')
        expect(await patterns.update('nobody', {})).toBeUndefined()
        await expect(patterns.update(id, { codeSignature: pattern('g').codeSignature })).rejects.toEqual(
          refused(other.id),
        )
        await expect(patterns.update(id, { framework: 'go' as 'ava' })).rejects.toEqual(refused('framework'))
        await expect(patterns.update(id, { id: 'x' } as object)).rejects.toEqual(refused('the changes'))
        expect((await patterns.update(id, { codeSignature: 'h' }))?.version).toBe('1.0.2')
        expect((await patterns.upsert(pattern('f'))).isNew).toBe(true)
      })

      test('deletes a pattern with everything that belongs to it', async () => {
        const { id } = await patterns.upsert(pattern('f'))
        const other = await patterns.upsert(pattern('g'))
        await patterns.shareAcrossProjects(id, { targetFramework: 'ava', projectIds: ['p'] })
        await patterns.recordUse({ patternId: id, projectId: 'p', success: true })
        await patterns.setEmbedding(id, { embedder: 'e', vector: [1, 0] })
        await patterns.saveSimilarPairs(other.id, { minimum: 0 })
        expect(await patterns.listSimilarPairs()).toHaveLength(1)
        expect(await patterns.delete(id)).toBe(true)
        expect(await patterns.delete(id)).toBe(false)
        expect(await patterns.get(id)).toBeUndefined()
        expect(await patterns.search('f')).toEqual([])
        expect(await patterns.listUsage(id)).toEqual([])
        expect(await patterns.getStatistics(id)).toBeUndefined()
        expect(await patterns.listMappings()).toEqual([])
        expect(await patterns.listSimilarPairs()).toEqual([])
        expect(await patterns.getEmbedding(id, 'e')).toBeUndefined()
        expect(await patterns.findNearest([1, 0], { embedder: 'e' })).toEqual([])
        expect(idsOf(await patterns.findSimilar(other.id))).toEqual([])
        // Its signature is free again, and nothing of it comes back.
        const again = await patterns.upsert(pattern('f', { id }))
        expect(again).toEqual({ id, isNew: true, version: '1.0.0' })
        expect(await patterns.getStatistics(id)).toMatchObject({ totalUses: 0 })
        expect(await patterns.shareAcrossProjects(id, { targetFramework: 'ava' })).toMatchObject({ projectCount: 0 })
      })
    })

    describe('searching', () => {
      const texts: readonly [id: string, name: string, description: string, tags: string[]][] = [
        ['api', 'API validation', 'Validates the answer of an endpoint', ['rest', 'http']],
        ['form', 'Form input', 'The form is validated before it is sent', ['validation']],
        ['retry', 'Retrying', 'A request is sent again after a timeout', ['http', 'network']],
      ]
      beforeEach(async () => {
        await patterns.upsertMany(
          texts.map(([id, name, description, tags], i) =>
            pattern(id, { id, metadata: { name, description, tags }, framework: i === 2 ? 'cypress' : 'jest' }),
          ),
        )
      })

      test('finds words in every field by their stem, best first', async () => {
        const found = await patterns.search('validate')
        expect(idsOf(found)).toEqual(['api', 'form'])
        expect(found[0]?.score).toBeGreaterThan(found[1]?.score ?? 0)
        expect(found[0]?.pattern).toEqual(await patterns.get('api'))
        expect(idsOf(await patterns.search('requests timeouts'))).toEqual(['retry'])
        expect(idsOf(await patterns.search('CYPRESS'))).toEqual(['retry'])
        expect(idsOf(await patterns.search('network'))).toEqual(['retry'])
        expect(idsOf(await patterns.search('unit'))).toHaveLength(3)
      })

      test('requires all words, or with `any` one of them', async () => {
        expect(idsOf(await patterns.search('sent form'))).toEqual(['form'])
        expect(idsOf(await patterns.search('sent endpoint'))).toEqual([])
        expect(idsOf(await patterns.search('sent endpoint', { matching: 'any' })).sort()).toEqual([
          'api',
          'form',
          'retry',
        ])
      })

      test('supports prefixes and phrases', async () => {
        expect(idsOf(await patterns.search('vali*'))).toEqual(['api', 'form'])
        expect(idsOf(await patterns.search('"sent again"'))).toEqual(['retry'])
        expect(idsOf(await patterns.search('"again sent"'))).toEqual([])
        expect(idsOf(await patterns.search('"sent ag*"'))).toEqual(['retry'])
        expect(idsOf(await patterns.search('form-input'))).toEqual(['form'])
        expect(idsOf(await patterns.search('input-form'))).toEqual([])
      })

      test('returns snippets in parts that need no markers', async () => {
        expect(marked((await patterns.search('validates'))[0])).toEqual([
          'name: API [validation]',
          'description: [Validates] the answer of an endpoint',
        ])
        const [hit] = await patterns.search('http netw*')
        expect(marked(hit)).toEqual(['tags: [http], [network]'])
        const { id } = await patterns.upsert(
          pattern('x', { metadata: { name: '<b>größe</b> 😀 [größe]', description: `${'lang '.repeat(99)}größe` } }),
        )
        const [wide] = await patterns.search('größe')
        expect(wide?.pattern.id).toBe(id)
        expect(marked(wide)).toEqual([
          'name: <b>[größe]</b> 😀 [[größe]]',
          expect.stringMatching(/^description: …(lang ){2,20}\[größe\]$/),
        ])
      })

      test('filters by framework, type and language, and returns pages', async () => {
        expect(idsOf(await patterns.search('http', { framework: 'cypress' }))).toEqual(['retry'])
        expect(idsOf(await patterns.search('http', { patternType: 'e2e' }))).toEqual([])
        expect(idsOf(await patterns.search('http', { language: 'typescript' }))).toHaveLength(2)
        const all = idsOf(await patterns.search('unit'))
        const pages = await Promise.all([0, 1, 2, 3].map((offset) => patterns.search('unit', { limit: 1, offset })))
        expect(pages.flatMap(idsOf)).toEqual(all)
        expect(await patterns.search('unit', { limit: 0 })).toEqual([])
      })

      test.each(Object.entries(hostileTexts))('takes any text: %s', async (_, queries) => {
        for (const text of queries) {
          for (const matching of ['all', 'any'] as const) {
            expect(Array.isArray(await patterns.search(text, { matching }))).toBe(true)
          }
        }
      })

      test('operators and column names are ordinary words', async () => {
        await patterns.upsert(pattern('n', { id: 'n', metadata: { name: 'this and that or nothing near name' } }))
        expect(idsOf(await patterns.search('that AND this'))).toEqual(['n'])
        expect(idsOf(await patterns.search('form OR retrying'))).toEqual([])
        expect(idsOf(await patterns.search('form NOT api'))).toEqual([])
        expect(idsOf(await patterns.search('name:API'))).toEqual([])
      })

      test('rejects values that are not text, and unknown options', async () => {
        await expect(patterns.search(5 as unknown as string)).rejects.toEqual(refused('text'))
        await expect(patterns.search('a', { matching: 'some' as 'any' })).rejects.toEqual(refused('matching'))
        await expect(patterns.search('a', { first: 1 } as object)).rejects.toEqual(refused('first'))
        await expect(patterns.search('a', { limit: -1 })).rejects.toEqual(refused('limit'))
      })

      test('does not find old text after an update or a deletion (agentic-qe fault 6)', async () => {
        await patterns.update('api', { metadata: { name: 'Schema' } })
        expect(idsOf(await patterns.search('validation'))).toEqual(['form'])
        expect(idsOf(await patterns.search('endpoint'))).toEqual([])
        expect(idsOf(await patterns.search('schema'))).toEqual(['api'])
        await patterns.upsert(pattern('form', { metadata: { name: 'Sheet' } }))
        expect(idsOf(await patterns.search('validation'))).toEqual([])
        expect(idsOf(await patterns.search('sheet'))).toEqual(['form'])
        await patterns.delete('form')
        expect(idsOf(await patterns.search('sheet'))).toEqual([])
        expect(idsOf(await patterns.search('unit'))).toHaveLength(2)
      })
    })

    describe('using', () => {
      let id: string
      beforeEach(async () => {
        id = (await patterns.upsert(pattern('f'))).id
      })
      const use = (success: boolean, more: object = {}): Promise<unknown> =>
        patterns.recordUse({ patternId: id, projectId: 'p', success, ...more })

      test('counts the uses of a pattern (agentic-qe fault 5)', async () => {
        const [found] = await patterns.search('test f')
        const patternId = found?.pattern.id ?? ''
        await patterns.recordUse({ patternId, projectId: 'shop', success: true, executionTimeMs: 30 })
        await patterns.recordUse({ patternId, projectId: 'shop', success: false, coverageGain: 0.1, flaky: true })
        const statistics = await patterns.recordUse({ patternId, projectId: 'blog', success: true, quality: 0.9 })
        expect(statistics).toMatchObject({ totalUses: 3, projectCount: 2, successRate: 2 / 3, avgQuality: 0.9 })
        expect(await patterns.getStatistics(id)).toEqual(statistics)
        expect(await patterns.listUsage(id)).toMatchObject([
          { projectId: 'blog', usageCount: 1, successCount: 1, qualityScore: 0.9, avgExecutionTimeMs: null },
          {
            projectId: 'shop',
            usageCount: 2,
            successCount: 1,
            failureCount: 1,
            flakyCount: 1,
            avgExecutionTimeMs: 30,
            avgCoverageGain: 0.1,
            qualityScore: null,
          },
        ])
        expect(await patterns.getBankStatistics()).toEqual({
          patterns: 1,
          usedPatterns: 1,
          projects: 2,
          totalUses: 3,
          successRate: 2 / 3,
          mappings: 0,
          similarPairs: 0,
          embeddings: 0,
        })
      })

      test('a mean includes only the uses with a value', async () => {
        await use(true, { executionTimeMs: 10, coverageGain: 0.5, quality: 1 })
        await use(true)
        await use(true, { executionTimeMs: 30, coverageGain: 0, quality: 0.5 })
        const [usage] = await patterns.listUsage(id)
        expect(usage).toMatchObject({
          avgExecutionTimeMs: 20,
          avgCoverageGain: 0.25,
          qualityScore: 0.75,
          usageCount: 3,
        })
      })

      test('the trend compares recent uses with all', async () => {
        expect(await patterns.getStatistics(id)).toMatchObject({ trend: 'stable', successRate: null, totalUses: 0 })
        for (let i = 0; i < 5; i++) await use(false)
        expect(await patterns.getStatistics(id)).toMatchObject({
          trend: 'stable',
          successRate: 0,
          recentSuccessRate: 0,
        })
        for (let i = 0; i < 5; i++) await use(true)
        const rising = await patterns.getStatistics(id)
        expect(rising).toMatchObject({ trend: 'rising', successRate: 0.5 })
        // The last five weigh 1, the five before them half of that: 2 / 3.
        expect(rising?.recentSuccessRate).toBeCloseTo(2 / 3, 12)
        for (let i = 0; i < 30; i++) await use(true)
        expect(await patterns.getStatistics(id)).toMatchObject({ trend: 'rising' })
        for (let i = 0; i < 8; i++) await use(false)
        expect(await patterns.getStatistics(id)).toMatchObject({ trend: 'declining' })
      })

      test.each<[string, object, string]>([
        ['of no pattern', { patternId: 'nobody' }, 'the id of a pattern'],
        ['without a project', { projectId: '' }, 'projectId'],
        ['that neither succeeded nor failed', { success: 1 }, 'success'],
        ['in negative time', { executionTimeMs: -1 }, 'executionTimeMs'],
        ['that gained more than all', { coverageGain: 1.1 }, 'coverageGain'],
        ['of a quality that is none', { quality: Number.NaN }, 'quality'],
        ['in a framework that it was not shared with', { targetFramework: 'ava' }, 'shared with'],
        ['with a misspelled field', { time: 1 }, 'a use'],
      ])('refuses a use %s', async (_, more, message) => {
        await expect(use(true, more)).rejects.toEqual(refused(message))
        expect(await patterns.getBankStatistics()).toMatchObject({ totalUses: 0 })
      })

      test('the views have the same numbers', async () => {
        const other = await patterns.upsert(
          pattern('g', { framework: 'ava', metadata: { name: 'G', quality: { coverage: 0.8, reliability: 0.5 } } }),
        )
        await use(true, { executionTimeMs: 12, quality: 0.5 })
        await use(false, { flaky: true })
        expect(await patterns.analytics()).toMatchObject([
          {
            patternId: id,
            patternName: 'Test f',
            totalUses: 2,
            successRate: 0.5,
            avgExecutionTimeMs: 12,
            flakyCount: 1,
          },
          { patternId: other.id, patternName: 'G', totalUses: 0, successRate: null, lastUsed: null },
        ])
        expect(await patterns.getFrameworkStatistics()).toMatchObject([
          { framework: 'ava', patternCount: 1, totalUses: 0, successRate: null },
          { framework: 'jest', patternCount: 1, projectCount: 1, totalUses: 2, successRate: 0.5 },
        ])
        expect(await patterns.qualityReport()).toMatchObject([
          { patternId: id, avgQuality: 0.5, flakyRate: 0.5, statedCoverage: null, trend: 'stable' },
          { patternId: other.id, avgQuality: null, statedCoverage: 0.8, statedReliability: 0.5 },
        ])
        expect(await patterns.analytics({ framework: 'ava', limit: 1 })).toHaveLength(1)
        expect(await patterns.qualityReport({ patternType: 'e2e' })).toEqual([])
        await expect(patterns.analytics({ language: 'tsx' } as object)).rejects.toEqual(refused('language'))
      })
    })

    describe('sharing', () => {
      let id: string
      beforeEach(async () => {
        id = (await patterns.upsert(pattern('f'))).id
      })

      test('adds a mapping to another framework, and counts its projects and successes', async () => {
        const rules = { replace: [{ from: 'jest.fn', to: 'vi.fn' }] }
        const shared = await patterns.shareAcrossProjects(id, {
          targetFramework: 'vitest',
          transformationRules: rules,
          compatibilityScore: 0.9,
          projectIds: ['a', 'b', 'a'],
        })
        expect(shared).toMatchObject({
          patternId: id,
          sourceFramework: 'jest',
          targetFramework: 'vitest',
          transformationRules: rules,
          compatibilityScore: 0.9,
          projectCount: 2,
          successRate: null,
        })
        const use = { patternId: id, targetFramework: 'vitest' } as const
        await patterns.recordUse({ ...use, projectId: 'b', success: true })
        await patterns.recordUse({ ...use, projectId: 'c', success: false })
        expect(await patterns.listMappings({ patternId: id })).toMatchObject([{ projectCount: 3, successRate: 0.5 }])
        expect(await patterns.getStatistics(id)).toMatchObject({ totalUses: 2, projectCount: 2 })
        // Sharing again keeps what is not told.
        const again = await patterns.shareAcrossProjects(id, { targetFramework: 'vitest', projectIds: ['d'] })
        expect(again).toMatchObject({ transformationRules: rules, compatibilityScore: 0.9, projectCount: 4 })
        expect(again.successRate).toBe(0.5)
      })

      test('lists mappings by framework, most compatible first', async () => {
        await patterns.shareAcrossProjects(id, { targetFramework: 'ava', compatibilityScore: 0.2 })
        await patterns.shareAcrossProjects(id, { targetFramework: 'mocha' })
        const targets = async (options: object): Promise<string[]> =>
          (await patterns.listMappings(options)).map(({ targetFramework }) => targetFramework)
        expect(await targets({})).toEqual(['mocha', 'ava'])
        expect(await targets({ minCompatibility: 0.5, sourceFramework: 'jest' })).toEqual(['mocha'])
        expect(await targets({ targetFramework: 'ava' })).toEqual(['ava'])
        expect(await targets({ limit: 1, offset: 1 })).toEqual(['ava'])
        expect(await targets({ sourceFramework: 'ava' })).toEqual([])
      })

      test('deletes mappings when the pattern moves to another framework', async () => {
        await patterns.shareAcrossProjects(id, { targetFramework: 'ava' })
        await patterns.update(id, { framework: 'ava' })
        expect(await patterns.listMappings()).toEqual([])
      })

      test('rejects its own framework, an unknown pattern and a compatibility above 1', async () => {
        const share = (patternId: string, options: object): Promise<unknown> =>
          patterns.shareAcrossProjects(patternId, options as { targetFramework: 'ava' })
        await expect(share(id, { targetFramework: 'jest' })).rejects.toEqual(
          refused('another than that of the pattern'),
        )
        await expect(share('nobody', { targetFramework: 'ava' })).rejects.toEqual(refused('the id of a pattern'))
        await expect(share(id, { targetFramework: 'ava', compatibilityScore: 2 })).rejects.toEqual(
          refused('compatibilityScore'),
        )
        expect(await patterns.listMappings()).toEqual([])
      })
    })

    describe('similarity', () => {
      const loop = (name: string): NewTestPattern =>
        pattern(name, {
          id: name,
          testTemplate: `for (const item of list) { expect(${name}(item)).toEqual(item.want) }`,
        })

      test('an equal pattern of another framework is the most similar, in all parts', async () => {
        await patterns.upsertMany([loop('parseAmount'), loop('parsePrice'), pattern('closeDoor', { id: 'door' })])
        await patterns.upsert({ ...loop('parseAmount'), id: 'twin', framework: 'vitest' })
        const found = await patterns.findSimilar('parseAmount')
        expect(idsOf(found)).toEqual(['twin', 'parsePrice', 'door'])
        expect(found[0]).toMatchObject({ structure: 1, identifiers: 1 })
        expect(found[0]?.metadata).toBeLessThan(1)
        expect(found[1]?.structure).toBe(1)
        expect(found[1]?.identifiers).toBeLessThan(1)
        for (const { similarity, structure, identifiers, metadata } of found) {
          expect(similarity).toBeCloseTo(0.4 * structure + 0.4 * identifiers + 0.2 * metadata, 12)
        }
        expect(idsOf(await patterns.findSimilar('parseAmount', { framework: 'vitest' }))).toEqual(['twin'])
        expect(idsOf(await patterns.findSimilar('parseAmount', { limit: 1 }))).toEqual(['twin'])
        expect(idsOf(await patterns.findSimilar('parseAmount', { minimum: 0.99 }))).toEqual([])
        const weights = { structure: 1 }
        expect(idsOf(await patterns.findSimilar('parseAmount', { weights, minimum: 1 }))).toEqual([
          'parsePrice',
          'twin',
        ])
      })

      test('a pattern that is not stored is compared by the same vocabulary (agentic-qe fault 7)', async () => {
        await patterns.upsertMany([loop('parseAmount'), loop('parsePrice'), pattern('closeDoor')])
        const { id: _, ...untold } = loop('parseAmount')
        const [best, ...others] = await patterns.findSimilar(untold)
        expect(best).toMatchObject({ similarity: 1, structure: 1, identifiers: 1, metadata: 1 })
        expect(best?.pattern.id).toBe('parseAmount')
        // What it is compared by does not depend on which of the two is asked about.
        const back = await patterns.findSimilar('parsePrice')
        const forth = others.find(({ pattern }) => pattern.id === 'parsePrice')
        expect(back.find(({ pattern }) => pattern.id === 'parseAmount')?.similarity).toBe(forth?.similarity)
      })

      test('reflects added, changed and deleted patterns', async () => {
        await patterns.upsertMany([loop('a'), loop('b')])
        expect(idsOf(await patterns.findSimilar('a', { minimum: 0.5 }))).toEqual(['b'])
        await patterns.upsert(loop('c'))
        expect(idsOf(await patterns.findSimilar('a', { minimum: 0.5 }))).toEqual(['b', 'c'])
        await patterns.update('b', { testTemplate: 'x', codeSignature: 'y', metadata: {} })
        expect(idsOf(await patterns.findSimilar('a', { minimum: 0.5 }))).toEqual(['c'])
        await patterns.delete('c')
        expect(idsOf(await patterns.findSimilar('a', { minimum: 0.5 }))).toEqual([])
        // What is refused leaves it as it was.
        await expect(patterns.upsertMany([loop('d'), { ...pattern('e'), id: 'a' }])).rejects.toEqual(refused('id'))
        expect(idsOf(await patterns.findSimilar('a', { minimum: 0.5 }))).toEqual([])
      })

      test('stores pairs until one of the two changes', async () => {
        await patterns.upsertMany([loop('a'), loop('b'), loop('c'), pattern('z', { id: 'z' })])
        const kept = await patterns.saveSimilarPairs('b')
        expect(kept.map(({ patternA, patternB }) => `${patternA} ${patternB}`)).toEqual(['a b', 'b c'])
        expect(kept[0]).toMatchObject({ algorithm: 'hybrid-tfidf', structure: 1 })
        const again = await patterns.saveSimilarPairs('b')
        expect(again.map((pair) => ({ ...pair, lastComputed: '' }))).toEqual(
          kept.map((pair) => ({ ...pair, lastComputed: '' })),
        )
        expect(await patterns.listSimilarPairs({ patternId: 'c' })).toEqual(again.slice(1))
        expect(await patterns.listSimilarPairs({ minimum: 1 })).toEqual([])
        expect(await patterns.saveSimilarPairs('z')).toEqual([])
        await patterns.update('c', { testTemplate: 'other' })
        expect(await patterns.listSimilarPairs()).toEqual(again.slice(0, 1))
        await patterns.delete('a')
        expect(await patterns.listSimilarPairs()).toEqual([])
      })

      test('rejects unknown patterns and invalid options', async () => {
        await patterns.upsert(loop('a'))
        await expect(patterns.findSimilar('nobody')).rejects.toEqual(refused('the id of a pattern'))
        await expect(patterns.saveSimilarPairs('nobody')).rejects.toEqual(refused('the id of a pattern'))
        await expect(patterns.findSimilar({} as NewTestPattern)).rejects.toEqual(refused('codeSignature'))
        await expect(patterns.findSimilar('a', { minimum: 2 })).rejects.toEqual(refused('minimum'))
        await expect(patterns.findSimilar('a', { weights: {} })).rejects.toEqual(refused('weights'))
        await expect(patterns.findSimilar('a', { weights: { words: 1 } as object })).rejects.toEqual(refused('words'))
      })
    })

    describe('embeddings', () => {
      beforeEach(async () => {
        await patterns.upsertMany(['a', 'b', 'c'].map((id) => pattern(id, { id })))
        await patterns.update('c', { framework: 'ava' })
      })

      test('are returned as 32-bit floats, nearest first by cosine', async () => {
        await patterns.setEmbedding('a', { embedder: 'mini', vector: [3, 4] })
        await patterns.setEmbedding('b', { embedder: 'mini', vector: new Float32Array([0, 0.1]) })
        await patterns.setEmbedding('c', { embedder: 'mini', vector: [-1, 0] })
        const kept = await patterns.getEmbedding('b', 'mini')
        expect(kept?.vector).toEqual(new Float32Array([0, 0.1]))
        const near = await patterns.findNearest([1, 0], { embedder: 'mini' })
        expect(idsOf(near)).toEqual(['a', 'b', 'c'])
        expect(near.map(({ similarity }) => similarity)).toEqual([0.6, 0, -1])
        expect(idsOf(await patterns.findNearest(new Float32Array([0, 2]), { embedder: 'mini', limit: 1 }))).toEqual([
          'b',
        ])
        expect(idsOf(await patterns.findNearest([1, 0], { embedder: 'mini', minimum: 0.1 }))).toEqual(['a'])
        expect(idsOf(await patterns.findNearest([1, 0], { embedder: 'mini', framework: 'ava' }))).toEqual(['c'])
        expect(await patterns.listEmbedders()).toEqual([{ embedder: 'mini', dimension: 2, count: 3 }])
      })

      test('reflect set, replaced and deleted vectors', async () => {
        const nearest = async (): Promise<string[]> => idsOf(await patterns.findNearest([1, 0], { embedder: 'mini' }))
        expect(await nearest()).toEqual([])
        await patterns.setEmbedding('a', { embedder: 'mini', vector: [1, 1] })
        await patterns.setEmbedding('b', { embedder: 'mini', vector: [0, 1] })
        expect(await nearest()).toEqual(['a', 'b'])
        await patterns.setEmbedding('b', { embedder: 'mini', vector: [1, 0] })
        expect(await nearest()).toEqual(['b', 'a'])
        expect(await patterns.deleteEmbedding('b', 'mini')).toBe(true)
        expect(await patterns.deleteEmbedding('b', 'mini')).toBe(false)
        expect(await nearest()).toEqual(['a'])
        await patterns.delete('a')
        expect(await nearest()).toEqual([])
        expect(await patterns.listEmbedders()).toEqual([])
      })

      test('of another dimension or embedder are rejected', async () => {
        await patterns.setEmbedding('a', { embedder: 'mini', vector: [1, 1] })
        await patterns.setEmbedding('a', { embedder: 'large', vector: [1, 2, 3] })
        const set = (vector: unknown, embedder = 'mini', id = 'b'): Promise<void> =>
          patterns.setEmbedding(id, { embedder, vector: vector as number[] })
        await expect(set([1, 2, 3])).rejects.toEqual(refused('of dimension 2, as mini makes them'))
        await expect(patterns.findNearest([1], { embedder: 'large' })).rejects.toEqual(refused('of dimension 3'))
        await expect(patterns.findNearest([1, 2], { embedder: 'other' })).rejects.toEqual(refused('large, mini'))
        for (const vector of [[], [0, 0], [1, Number.NaN], [1e39, 1], ['1', 2], 'ab', null, { length: 2 }]) {
          await expect(set(vector)).rejects.toEqual(refused('vector'))
        }
        await expect(set([1, 2], '')).rejects.toEqual(refused('embedder'))
        await expect(set([1, 2], 'mini', 'nobody')).rejects.toEqual(refused('the id of a pattern'))
        expect((await patterns.getBankStatistics()).embeddings).toBe(2)
      })
    })

    test('a subscriber is notified of changes, and results belong to the caller', async () => {
      const told: string[][] = []
      const first = new Promise<void>((resolve) => {
        store.subscribe(
          ({ collections }) => {
            told.push([...collections])
            resolve()
          },
          { collections: ['testPatterns'] },
        )
      })
      const { id } = await patterns.upsert(pattern('f'))
      await first
      expect(told).toEqual([['testPatterns']])
      const got = await patterns.get(id)
      if (got) Object.assign(got.metadata, { name: 'changed' })
      expect((await patterns.get(id))?.metadata.name).toBe('Test f')
    })
  })
}
