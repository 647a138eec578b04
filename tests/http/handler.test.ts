import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bearerToken, createHandler, type Handler, type HandlerOptions } from '../../src/entry/http.ts'
import { type AsyncStore, openLearningStore, StoreError } from '../../src/entry/node.ts'
import { type Answer, type Sent, send } from './client.ts'

const learned = { state: { load: 'high' }, action: 'queue', reward: 1, terminated: true }

let store: AsyncStore
let handler: Handler
beforeAll(async () => {
  store = await openLearningStore({ storage: 'memory:', seed: 1 })
  handler = createHandler({ store, authenticate: 'none' })
})
afterAll(() => store.close())

const ask = (path: string, sent?: Sent): Promise<Answer> => send(handler, path, sent)
const problem = (status: number, code: string, detail: unknown = expect.any(String)): unknown =>
  expect.objectContaining({
    status,
    body: { type: 'about:blank', title: expect.any(String), status, detail, code },
  })

describe('createHandler', () => {
  test.each<[string, object]>([
    ['no store', { authenticate: 'none' }],
    ['a store and a way to open one', { open: () => undefined, store: {}, authenticate: 'none' }],
    ['no authentication', { open: () => undefined }],
    ['another word than none', { open: () => undefined, authenticate: 'all' }],
    ['a base path that ends in a slash', { open: () => undefined, authenticate: 'none', basePath: '/a/' }],
    ['an unknown option', { open: () => undefined, authenticate: 'none', token: 'secret' }],
  ])('refuses %s', (_, options) => {
    expect(() => createHandler(options as HandlerOptions)).toThrow(/^Expected /)
  })
})

describe('agents', () => {
  test('learn from an experience, and recommend by it', async () => {
    const first = await ask('/v1/agents/router/experiences', { body: { ...learned, id: 'e 1' } })
    expect(first).toMatchObject({ status: 201, body: { id: 'e 1', learned: true, value: 0.1 } })
    const location = first.headers.get('location') ?? ''
    expect(await ask(location)).toMatchObject({ status: 200, body: { id: 'e 1', agentId: 'router', reward: 1 } })
    const again = await ask('/v1/agents/router/experiences', { body: { ...learned, id: 'e 1' } })
    expect(again).toMatchObject({ status: 200, body: { learned: false } })
    const { state } = learned
    expect(await ask('/v1/agents/router/recommendation', { body: { state } })).toMatchObject({
      status: 200,
      body: { action: 'queue', evidence: { experienceIds: ['e 1'] } },
    })
    expect(await ask('/v1/agents/router/values/query', { body: { state } })).toMatchObject({
      body: { values: [{ action: 'queue', value: 0.1, visits: 1 }] },
    })
    expect(await ask('/v1/agents/router/values')).toMatchObject({ body: { values: [{ stateKey: 'load:high' }] } })
    expect(await ask('/v1/agents/router')).toMatchObject({ body: { id: 'router', experienceCount: 1 } })
    expect((await ask('/v1/agents')).body).toEqual({ agents: [expect.objectContaining({ id: 'router' })] })
  })

  test('learn from all experiences of a request, or from none', async () => {
    const url = '/v1/agents/batch/experiences/batch'
    const experiences = [learned, { ...learned, action: 'reject', reward: 0 }]
    expect(await ask(url, { body: { experiences } })).toMatchObject({
      status: 200,
      body: { results: [{ learned: true }, { learned: true }] },
    })
    const invalid = await ask(url, { body: { experiences: [learned, { ...learned, terminated: false }] } })
    expect(invalid).toEqual(problem(400, 'INVALID_ARGUMENT'))
    expect(await ask('/v1/agents/batch')).toMatchObject({ body: { experienceCount: 2 } })
    expect((await ask('/v1/agents/batch/experiences?minReward=0.5&limit=5')).body).toMatchObject({
      experiences: [{ action: 'queue' }],
    })
  })

  test('are created with a configuration, and changed by another', async () => {
    const configured = await ask('/v1/agents/linear', { method: 'PUT', body: { algorithm: 'linear' } })
    expect(configured).toMatchObject({ status: 200, body: { algorithm: 'linear', policy: 'squarecb' } })
    await ask('/v1/agents/linear/experiences', { body: learned })
    expect(await ask('/v1/agents/linear/explanation', { body: { state: learned.state } })).toMatchObject({
      status: 200,
      body: { action: 'queue', contributions: [{ feature: 'load=high', value: 1 }, {}] },
    })
    expect(await ask('/v1/agents/linear', { method: 'PUT', body: { algorithm: 'magic' } })).toEqual(
      problem(400, 'INVALID_ARGUMENT', expect.stringContaining('Expected algorithm to be one of')),
    )
  })

  test('are not created by reading', async () => {
    for (const path of ['', '/values', '/experiences', '/experiences/1']) {
      expect(await ask(`/v1/agents/nobody${path}`)).toEqual(problem(404, 'NOT_FOUND'))
    }
    const asked = await ask('/v1/agents/nobody/recommendation', { body: { state: 1 } })
    expect(asked).toEqual(problem(404, 'NOT_FOUND'))
    expect((await store.agents.list()).some(({ id }) => id === 'nobody')).toBe(false)
  })

  test('without a linear model explain nothing', async () => {
    await ask('/v1/agents/table/experiences', { body: learned })
    const asked = await ask('/v1/agents/table/explanation', { body: { state: 1 } })
    expect(asked).toEqual(problem(422, 'UNSUPPORTED', expect.stringContaining('linear model')))
  })

  test('evaluate policies from what they logged', async () => {
    const logged = { ...learned, actions: ['queue', 'reject'], behaviorProbability: 0.5 }
    for (const [action, reward] of [
      ['queue', 1],
      ['reject', 0],
    ] as const) {
      await ask('/v1/agents/logged/experiences', { body: { ...logged, action, reward } })
    }
    const policy = { probabilities: [{ state: learned.state, action: 'queue', probability: 1 }] }
    expect(await ask('/v1/agents/logged/evaluation', { body: { policy, estimator: 'snips' } })).toMatchObject({
      status: 200,
      body: { value: 1, standardError: null, interval: { lower: null, upper: null }, decisions: 2 },
    })
  })
})

describe('decisions', () => {
  const state = { load: 'low' }
  const url = '/v1/agents/decider/decisions'

  test('are rewarded once, by their id', async () => {
    const decided = await ask(url, { body: { state, actions: ['queue', 'reject'], metadata: { trace: 't-1' } } })
    expect(decided).toMatchObject({ status: 201, body: { probability: 0.5, expiresAt: null } })
    const location = decided.headers.get('location') ?? ''
    expect(await ask(location)).toMatchObject({ status: 200, body: { status: 'open', metadata: { trace: 't-1' } } })
    const reward = (value: number): Promise<Answer> =>
      ask(`${location}/reward`, { method: 'PUT', body: { reward: value } })
    const rewarded = await reward(1)
    expect(rewarded).toMatchObject({ status: 200, body: { learned: true, value: 0.1 } })
    expect((await reward(1)).body).toEqual(rewarded.body)
    expect(await reward(0)).toEqual(problem(409, 'ALREADY_REWARDED'))
    expect(await ask(location)).toMatchObject({ body: { status: 'rewarded', reward: 1 } })
    expect(await ask('/v1/agents/decider')).toMatchObject({ body: { decisions: { open: 0, rewarded: 1 } } })
    expect((await ask(`${url}?metadata=${encodeURIComponent('{"trace":"t-1"}')}`)).body).toMatchObject({
      decisions: [{ reward: 1 }],
    })
    expect(await ask(`${url}?metadata=t-1`)).toEqual(problem(400, 'INVALID_ARGUMENT'))
    expect(await ask(`${url}/none/reward`, { method: 'PUT', body: { reward: 1 } })).toEqual(problem(404, 'NOT_FOUND'))
  })

  test('with an idempotency key are the same after a restart', async () => {
    const sent = { body: { state, actions: ['queue', 'reject'] }, headers: { 'idempotency-key': 'decide-1' } }
    const first = await ask(url, sent)
    const restarted = createHandler({ store, authenticate: 'none' })
    expect((await send(restarted, url, sent)).body).toEqual(first.body)
    expect((await ask(`${url}?status=open`)).body).toMatchObject({ decisions: [{ id: expect.any(String) }] })
  })

  test('that expired get 410', async () => {
    let now = Date.parse('2026-01-01T00:00:00.000Z')
    await using aging = await openLearningStore({ storage: 'memory:', now: () => now })
    const own = createHandler({ store: aging, authenticate: 'none' })
    await send(own, '/v1/agents/a', { method: 'PUT', body: { rewardWithinMs: 1000 } })
    const decided = await send(own, '/v1/agents/a/decisions', { body: { state, actions: [1] } })
    expect(decided.body).toMatchObject({ expiresAt: '2026-01-01T00:00:01.000Z' })
    now += 2000
    const late = await send(own, `${decided.headers.get('location')}/reward`, { method: 'PUT', body: { reward: 1 } })
    expect(late).toEqual(problem(410, 'DECISION_EXPIRED'))
  })
})

describe('patterns', () => {
  test('are listed by agent, and found by their number', async () => {
    const use = { agentId: 'tester', taskType: 'unit-test', strategy: 'boundary values', success: true }
    for (let i = 0; i < 10; i++) await store.patterns.recordUse(use)
    const { body } = await ask('/v1/patterns?agentId=tester&taskType=unit-test&minLowerBound=0.5')
    expect(body).toMatchObject({ patterns: [{ patternData: 'boundary values', usageCount: 10 }] })
    const [{ id }] = (body as { patterns: [{ id: number }] }).patterns
    expect(await ask(`/v1/patterns/${id}`)).toMatchObject({ status: 200, body: { id, agentId: 'tester' } })
    expect(await ask('/v1/patterns/999')).toEqual(problem(404, 'NOT_FOUND'))
    expect(await ask('/v1/patterns/one')).toEqual(problem(400, 'INVALID_ARGUMENT'))
  })

  test('of tests are searched by words', async () => {
    const { id } = await store.testPatterns.upsert({
      patternType: 'unit',
      framework: 'vitest',
      codeSignature: { name: 'parse' },
      testTemplate: 'expect',
      metadata: { name: 'Parses a date' },
    })
    expect(await ask('/v1/test-patterns?text=parses&framework=vitest')).toMatchObject({
      status: 200,
      body: { hits: [{ pattern: { id } }] },
    })
    expect(await ask(`/v1/test-patterns/${id}`)).toMatchObject({ status: 200, body: { framework: 'vitest' } })
    expect(await ask('/v1/test-patterns?framework=basic')).toEqual(problem(400, 'INVALID_ARGUMENT'))
  })
})

describe('the shared memory', () => {
  test('is set, got, listed, searched and deleted as an agent may', async () => {
    const entry = '/v1/agents/writer/memory/default/plans%2Ftoday'
    expect(await ask(entry, { method: 'PUT', body: { value: { b: 1, a: 2 } } })).toMatchObject({ status: 204 })
    expect(await ask(entry)).toMatchObject({ status: 200, body: { key: 'plans/today', value: { b: 1, a: 2 } } })
    expect((await ask('/v1/agents/writer/memory?keys=plans%2F*')).body).toMatchObject({
      entries: [{ key: 'plans/today', owner: 'writer' }],
    })
    expect((await ask('/v1/agents/writer/memory?partition=other')).body).toEqual({ entries: [] })
    const search = (agent: string): Promise<Answer> =>
      ask(`/v1/agents/${agent}/memory/search`, { body: { text: 'plans', filter: { a: { $gte: 2 } } } })
    expect((await search('writer')).body).toMatchObject({ hits: [{ entry: { key: 'plans/today' }, similarity: null }] })
    expect((await search('reader')).body).toEqual({ hits: [] })
    const other = entry.replace('writer', 'reader')
    expect(await ask(other)).toEqual(problem(403, 'ACCESS_DENIED'))
    expect(await ask(other, { method: 'DELETE' })).toEqual(problem(403, 'ACCESS_DENIED'))
    expect((await ask('/v1/agents/reader/memory')).body).toEqual({ entries: [] })
    expect(await ask(entry, { method: 'DELETE' })).toMatchObject({ status: 204, body: undefined })
    expect(await ask(entry)).toEqual(problem(404, 'NOT_FOUND'))
    expect(await ask(entry, { method: 'DELETE' })).toEqual(problem(404, 'NOT_FOUND'))
  })
})

describe('a request', () => {
  test.each([
    ['/', 404],
    ['/v1', 404],
    ['/v1/agents/', 404],
    ['/v1/agents/a/b', 404],
    ['/v1/agents/a/experiences/b/c', 404],
    ['/v1/agents/%ff', 400],
    [`/v1/agents/${'a'.repeat(257)}`, 400],
    ['/v1/agents?limit=1001', 400],
    ['/v1/agents?limit=-1', 400],
    ['/v1/agents?limit=', 400],
    ['/v1/agents?limit=1&limit=2', 400],
    ['/v1/agents?max=1', 400],
    ['/v1/agents?constructor=1', 400],
    ['/v1/agents?limit=1000', 200],
  ])('for %s gets %i', async (path, status) => {
    expect(await ask(path)).toMatchObject({ status })
  })

  test.each([
    ['POST', '/v1/agents', 'GET, HEAD'],
    ['DELETE', '/v1/agents/a', 'GET, PUT, HEAD'],
    ['GET', '/v1/agents/a/recommendation', 'POST'],
    ['OPTIONS', '/v1/agents', 'GET, HEAD'],
  ])('%s %s is told the methods that are allowed', async (method, path, allow) => {
    const answer = await ask(path, { method })
    expect([answer, answer.headers.get('allow')]).toEqual([problem(405, 'METHOD_NOT_ALLOWED'), allow])
  })

  test('HEAD gets the headers of GET without content', async () => {
    const [head, get] = await Promise.all([ask('/v1/agents', { method: 'HEAD' }), ask('/v1/agents')])
    expect([head.status, head.body]).toEqual([200, undefined])
    expect([...head.headers]).toEqual([...get.headers])
  })

  test.each<[string, unknown, string]>([
    ['no JSON', '{"state":', 'Expected a JSON body'],
    ['nothing', '', 'Expected a JSON body'],
    ['a list', '[]', 'Expected the body to be an object, got a list'],
    ['an unknown name', { ...learned, rewrad: 1 }, 'Expected the body to have only id, state, action, reward'],
    ['no reward', { state: 1, action: 1 }, 'Expected reward to be given, got undefined'],
    ['a reward that is text', { ...learned, reward: 'much' }, 'Expected reward to be a finite number, got "much"'],
    ['a reward beyond numbers', '{"state":1,"action":1,"reward":1e999}', 'Expected reward to be a finite number'],
    ['a flag that is a number', { ...learned, terminated: 1 }, 'Expected terminated to be true or false, got 1'],
    ['an empty id', { ...learned, id: '' }, 'Expected id to be a string of 1 to 256 characters, got ""'],
    ['no actions', { ...learned, actions: [] }, 'Expected actions to be a list of 1 to 1000, got a list'],
    ['too many actions', { ...learned, actions: Array(1001).fill(1) }, 'Expected actions to be a list of 1 to 1000'],
    [
      'a probability of 0',
      { ...learned, behaviorProbability: 0 },
      'to be a finite number above 0 and at most 1, got 0',
    ],
    ['a state without end', { state: 1, action: 1, reward: 1 }, 'nextState'],
    ['deep data', `{"state":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'Expected a JSON body of at most 48 levels'],
    ['quotes between brackets', `{"state":"\\"${'['.repeat(100)}"}`, 'Expected action to be given'],
  ])('with %s says what is expected', async (_, body, detail) => {
    const answer = await ask('/v1/agents/refusing/experiences', { body })
    expect(answer).toEqual(problem(400, 'INVALID_ARGUMENT', expect.stringContaining(detail)))
    expect((answer.body as { detail: string }).detail.length).toBeLessThan(250)
  })

  test('with invalid UTF-8 is refused: two states would become one', async () => {
    const body = new TextEncoder()
      .encode(JSON.stringify({ ...learned, state: '~' }))
      .map((b) => (b === 0x7e ? 0xff : b))
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    const response = await handler(new Request('http://store.example/v1/agents/a/experiences', init))
    expect(response.status).toBe(400)
  })

  test('of another content type is refused', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await ask('/v1/agents/a/experiences', { body: learned, headers })
    expect(answer).toEqual(problem(415, 'UNSUPPORTED_MEDIA_TYPE'))
  })

  test('that is too large is refused', async () => {
    const small = createHandler({ store, authenticate: 'none', maxBodyBytes: 100 })
    const url = '/v1/agents/a/experiences'
    expect(await send(small, url, { body: learned })).toMatchObject({ status: 201 })
    expect(await send(small, url, { body: { ...learned, state: 'x'.repeat(100) } })).toEqual(problem(413, 'TOO_LARGE'))
  })

  test('gets headers that keep browsers from guessing and storing', async () => {
    const get = await ask('/v1/agents')
    const post = await ask('/v1/agents/a/experiences', { body: learned })
    for (const { headers } of [get, post, await ask('/nothing')]) {
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('access-control-allow-origin')).toBe(null)
    }
    expect(get.headers.get('cache-control')).toBe('private, no-cache')
    expect(post.headers.get('cache-control')).toBe('no-store')
  })
})

describe('an ETag', () => {
  test('stays while the content does, and saves sending it again', async () => {
    const { headers } = await ask('/v1/agents')
    const etag = headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/)
    const again = (value: string): Promise<Answer> => ask('/v1/agents', { headers: { 'if-none-match': value } })
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect(await again(value)).toMatchObject({ status: 304, body: undefined })
    }
    expect(await again('"other"')).toMatchObject({ status: 200 })
    await ask('/v1/agents/new-agent/experiences', { body: learned })
    expect(await again(etag)).toMatchObject({ status: 200 })
  })
})

describe('an idempotency key', () => {
  const url = '/v1/agents/once/experiences'
  const withKey = (key: string): Sent => ({ body: learned, headers: { 'idempotency-key': key } })

  test('repeats the first response', async () => {
    const answers = await Promise.all([ask(url, withKey('a')), ask(url, withKey('a')), ask(url, withKey('a'))])
    for (const { status, body } of answers) expect([status, body]).toEqual([201, answers[0]?.body])
    expect(await ask('/v1/agents/once')).toMatchObject({ body: { experienceCount: 1 } })
  })

  test('belongs to its body, and to its path', async () => {
    await ask(url, withKey('b'))
    const other = await ask(url, { ...withKey('b'), body: { ...learned, reward: 0 } })
    expect(other).toEqual(problem(422, 'IDEMPOTENCY_KEY_REUSED'))
    expect(await ask('/v1/agents/twice/experiences', withKey('b'))).toMatchObject({ status: 201 })
  })

  test('becomes the id of the experience, so that it holds after a restart', async () => {
    const first = await ask(url, withKey('c'))
    const restarted = createHandler({ store, authenticate: 'none' })
    const again = await send(restarted, url, withKey('c'))
    const { id } = first.body as { id: string }
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(again).toMatchObject({ status: 200, body: { id, learned: false } })
  })

  test('of a request that failed can be used again', async () => {
    const invalid = await ask(url, { ...withKey('d'), body: { ...learned, nextState: null, terminated: 1 } })
    expect(invalid.status).toBe(400)
    expect(await ask(url, withKey('d'))).toMatchObject({ status: 201 })
  })

  test('is refused where it cannot be one', async () => {
    expect(await ask(url, withKey('ü'))).toEqual(problem(400, 'INVALID_ARGUMENT'))
    expect(await ask(url, withKey('x'.repeat(256)))).toEqual(problem(400, 'INVALID_ARGUMENT'))
  })
})

describe('authentication', () => {
  const bearer = (token: string): { readonly headers: { readonly authorization: string } } => ({
    headers: { authorization: `Bearer ${token}` },
  })

  test('by a token lets nobody see what there is without one', async () => {
    const guarded = createHandler({ store, authenticate: bearerToken(['a secret', 'another']) })
    for (const path of ['/v1/agents', '/nothing']) {
      for (const sent of [{}, bearer('wrong'), bearer('a secre'), { headers: { authorization: 'Basic a secret' } }]) {
        const answer = await send(guarded, path, sent)
        expect([answer, answer.headers.get('www-authenticate')]).toEqual([problem(401, 'UNAUTHORIZED'), 'Bearer'])
      }
    }
    expect(await send(guarded, '/v1/agents', bearer('a secret'))).toMatchObject({ status: 200 })
    expect(await send(guarded, '/v1/agents', bearer('another'))).toMatchObject({ status: 200 })
    expect(await send(guarded, '/nothing', bearer('another'))).toMatchObject({ status: 404 })
    expect(await send(guarded, '/health')).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await send(guarded, '/openapi.json')).toMatchObject({ status: 200 })
  })

  test('limits what a token may do', async () => {
    const tokens = ['all', { token: 'one', agents: ['one'] }, { token: 'reader', readOnly: true }]
    const guarded = createHandler({ store, authenticate: bearerToken(tokens) })
    const statusOf = async (token: string, path: string, sent: Sent = {}): Promise<number> =>
      (await send(guarded, path, { ...sent, ...bearer(token) })).status
    expect(await statusOf('all', '/v1/agents/one/experiences', { body: learned })).toBe(201)
    expect(await statusOf('one', '/v1/agents/one/experiences', { body: learned })).toBe(201)
    expect(await statusOf('one', '/v1/agents/two/experiences', { body: learned })).toBe(403)
    expect(await statusOf('one', '/v1/agents/one')).toBe(200)
    expect(await statusOf('one', '/v1/agents/two')).toBe(403)
    expect(await statusOf('one', '/v1/patterns')).toBe(403)
    expect(await statusOf('one', '/v1/patterns?agentId=one')).toBe(200)
    expect((await send(guarded, '/v1/agents', bearer('one'))).body).toEqual({
      agents: [expect.objectContaining({ id: 'one' })],
    })
    const policy = { policy: { agentId: 'router' }, estimator: 'dm' }
    expect(await statusOf('one', '/v1/agents/one/evaluation', { body: policy })).toBe(403)
    expect(await statusOf('reader', '/v1/agents/two/experiences', { body: learned })).toBe(403)
    expect(await statusOf('reader', '/v1/agents/one/recommendation', { body: { state: 1 } })).toBe(200)
  })

  test.each(['', 'clé', ' x', 'x\n'])('refuses the token %j', (token) => {
    expect(() => bearerToken(token)).toThrow('a secret of visible ASCII characters')
  })
})

describe('a page of another origin', () => {
  const origin = 'https://app.example'
  const cors = { origins: [origin] }
  const preflight = { 'access-control-request-method': 'PUT' }

  test('may use the handler where it is allowed, without a token for the question', async () => {
    const open = createHandler({ store, authenticate: bearerToken('secret'), cors })
    const asked = await send(open, '/v1/agents/a', { method: 'OPTIONS', headers: { origin, ...preflight } })
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, PUT, HEAD',
      'access-control-allow-headers': expect.stringContaining('authorization'),
      'access-control-max-age': '600',
      vary: 'origin',
    })
    const refused = await send(open, '/v1/agents', { headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin])
    const evil = await send(open, '/health', { headers: { origin: 'https://evil.example' } })
    expect(evil.headers.get('access-control-allow-origin')).toBe(null)
  })

  test('may not, unless it is configured', async () => {
    const asked = await ask('/v1/agents/a', { method: 'OPTIONS', headers: { origin, ...preflight } })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([405, null])
  })
})

test('a handler below a path answers there only', async () => {
  const below = createHandler({ store, authenticate: 'none', basePath: '/learning' })
  expect(await send(below, '/learning/v1/agents')).toMatchObject({ status: 200 })
  expect(await send(below, '/v1/agents')).toMatchObject({ status: 404 })
  expect(await send(below, '/learningv1/agents')).toMatchObject({ status: 404 })
  const { headers } = await send(below, '/learning/v1/agents/a/experiences', { body: { ...learned, id: 'below' } })
  expect(await send(below, headers.get('location') ?? '')).toMatchObject({ status: 200 })
  const { body } = await send(below, '/learning/openapi.json')
  expect(body).toMatchObject({ servers: [{ url: '/learning' }] })
})

describe('a store that the handler opens', () => {
  test('is opened by the first request that needs it, and closed with the handler', async () => {
    const stores: AsyncStore[] = []
    const opening = createHandler({
      authenticate: 'none',
      open: async () => {
        stores.push(await openLearningStore({ storage: 'memory:' }))
        return stores[stores.length - 1] as AsyncStore
      },
    })
    await send(opening, '/openapi.json')
    await send(opening, '/nothing')
    expect(stores).toHaveLength(0)
    await Promise.all([send(opening, '/v1/agents'), send(opening, '/v1/agents')])
    expect(stores).toHaveLength(1)
    await opening.close()
    await expect(stores[0]?.status()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('is opened again after an error of its own, which is reported', async () => {
    const errors: unknown[] = []
    let opened = 0
    const opening = createHandler({
      authenticate: 'none',
      onError: (error) => errors.push(error),
      async open() {
        opened++
        if (opened === 1) throw new StoreError('LOCKED', '/srv/agents.db is held by process 4711')
        return openLearningStore({ storage: 'memory:' })
      },
    })
    const locked = await send(opening, '/v1/agents')
    expect(locked).toEqual(problem(503, 'LOCKED', 'Store locked; send the request again later'))
    expect(locked.headers.get('retry-after')).toBe('2')
    expect(errors).toEqual([expect.objectContaining({ code: 'LOCKED' })])
    expect(await send(opening, '/v1/agents')).toMatchObject({ status: 200 })
    // An error of the request closes nothing.
    expect(await send(opening, '/v1/agents/a/experiences', { body: { ...learned, terminated: false } })).toMatchObject({
      status: 400,
    })
    await send(opening, '/v1/agents')
    expect(opened).toBe(2)
    await opening.close()
  })
})
