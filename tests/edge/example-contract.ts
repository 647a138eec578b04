import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** The example, served by a runtime. */
export interface Served {
  /** Ends in a slash. */
  readonly address: string
  /** Ends what keeps the agent `id` in the middle of whatever it does; the next request finds it started again. Answers the address from then on. */
  end(way: string, id: string): Promise<string>
  /** Leaves something that is no store where that of the agent `id` was kept, and ends what keeps it. Answers the address from then on. */
  spoil(id: string): Promise<string>
  /** What it logged until now. */
  logged(): string
  close(): Promise<void>
}

export interface ExampleHarness {
  /** In which ways an agent can be ended. */
  readonly ways: readonly string[]
  serve(token: string): Promise<Served>
}

const TOKEN = 'a secret of the test'
const learned = { state: { x: 1 }, action: 'go', reward: 1, terminated: true }

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly [name: string]: unknown }
}

/** What the example promises over HTTP, wherever it is served. */
export function exampleContract(name: string, harness: ExampleHarness): void {
  describe(`the example in ${name}`, () => {
    let served: Served
    let address: string
    beforeAll(async () => {
      served = await harness.serve(TOKEN)
      address = served.address
    })
    afterAll(() => served?.close())

    const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers }
      const response = await fetch(`${address}${path}`, { ...init, headers })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
    }
    const post = (path: string, body: unknown, headers: HeadersInit = {}): Promise<Answer> =>
      ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
    const refused = (status: number, code: string): unknown =>
      expect.objectContaining({ status, body: { error: { code, status, message: expect.any(String) } } })

    test('learns from an experience and recommends by it', async () => {
      expect(await post('agents/one/experiences', learned)).toMatchObject({
        status: 200,
        body: { learned: true, value: 0.1 },
      })
      const { status, body } = await post('agents/one/recommendation', { state: { x: 1 } })
      expect([status, body]).toMatchObject([200, { actionKey: 'go', action: 'go', evidence: { visits: 1 } }])
      const others = { state: { x: 1 }, actions: ['stay'] }
      expect((await post('agents/one/recommendation', others)).body).toMatchObject({ action: null, probabilityBest: 0 })
      expect(await ask('agents/one')).toMatchObject({ status: 200, body: { id: 'one', experienceCount: 1 } })
    })

    test('chooses an action, and accepts its probability back', async () => {
      const actions = ['go', 'stay', { wait: 1 }]
      const chosen = await post('agents/choosing/action', { state: 's', actions })
      expect(chosen).toMatchObject({ status: 200 })
      const { action, probability, explored, ...rest } = chosen.body
      expect(actions).toContainEqual(action)
      // All are worth the same as yet.
      expect([probability, explored, rest]).toEqual([expect.closeTo(1 / 3, 9), false, {}])
      const taken = { state: 's', action, reward: 1, terminated: true, actions }
      expect(await post('agents/choosing/experiences', { ...taken, behaviorProbability: probability })).toMatchObject({
        status: 200,
      })
      // Those seen in this state, where none are given.
      expect((await post('agents/choosing/action', { state: 's' })).body).toEqual({
        action,
        probability: 1,
        explored: false,
      })
      expect(await post('agents/choosing/action', { state: 'never seen' })).toEqual(refused(400, 'INVALID_ARGUMENT'))
      for (const behaviorProbability of [0, 1.5, '1', null]) {
        const answer = await post('agents/choosing/experiences', { ...taken, behaviorProbability })
        expect(answer).toEqual(refused(400, 'INVALID_ARGUMENT'))
      }
    })

    test('keeps agents apart', async () => {
      await post('agents/apart-1/experiences', learned)
      expect((await post('agents/apart-2/recommendation', { state: { x: 1 } })).body).toMatchObject({
        actionKey: null,
        action: null,
      })
    })

    test('learns once from an experience that is sent twice', async () => {
      const experience = { ...learned, id: 'sent-twice' }
      expect((await post('agents/again/experiences', experience)).body).toMatchObject({ learned: true })
      expect((await post('agents/again/experiences', experience)).body).toMatchObject({ learned: false })
      expect((await ask('agents/again')).body).toMatchObject({ experienceCount: 1 })
    })

    test('learns from every one of many at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => post('agents/many/experiences', { ...learned, id: `m${i}` })),
      )
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      expect((await ask('agents/many')).body).toMatchObject({ experienceCount: 50 })
    })

    test.each(['', 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, TOKEN])(
      'refuses who comes with "%s"',
      async (authorization) => {
        const answer = await ask('agents/one', { headers: { authorization } })
        expect(answer).toEqual(refused(401, 'UNAUTHORIZED'))
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
        // Nor is told whether there is anything.
        expect(await ask('nothing', { headers: { authorization } })).toEqual(refused(401, 'UNAUTHORIZED'))
      },
    )

    test('reports a token that cannot be sent', async () => {
      const misconfigured = await harness.serve('clé secrète')
      const response = await fetch(`${misconfigured.address}agents/one`)
      // Read before it closes, which ends the connection in the middle of the body.
      const body = await response.json()
      await misconfigured.close()
      expect([response.status, body]).toEqual([
        500,
        {
          error: {
            code: 'NOT_CONFIGURED',
            status: 500,
            message: 'Expected the secret TOKEN to be set to visible ASCII characters',
          },
        },
      ])
    })

    test.each([
      '',
      'agents',
      'agents/',
      'agents/one/',
      'agents/one/nothing',
      'agents/one/experiences/1',
      'other/one',
      'agents/One',
      'agents/a.b',
      'agents/%2e%2e',
      'agents/a%2Fb',
      'agents/-a',
      `agents/${'a'.repeat(65)}`,
      'agents/one/constructor',
      'agents/..%2f..%2fx',
    ])('knows nothing at /%s', async (path) => {
      const answer = await ask(path)
      expect(answer).toEqual(refused(404, 'NOT_FOUND'))
      expect((answer.body.error as { message: string }).message).toMatch(
        /with an ID of 1 to 64 of a-z in lower case, 0-9, _ and -, that begins with a letter or digit$/,
      )
    })

    test.each([
      ['DELETE', 'agents/one', 'GET'],
      ['POST', 'agents/one', 'GET'],
      ['GET', 'agents/one/experiences', 'POST'],
      ['PUT', 'agents/one/recommendation', 'POST'],
    ])('refuses %s of /%s', async (method, path, allow) => {
      const answer = await ask(path, { method })
      expect(answer).toEqual(refused(405, 'METHOD_NOT_ALLOWED'))
      expect(answer.headers.get('allow')).toBe(allow)
    })

    test('refuses invalid UTF-8: two states would become one', async () => {
      const body = new TextEncoder().encode(JSON.stringify({ ...learned, state: '~' }))
      const bytes = body.map((byte) => (byte === 0x7e ? 0xff : byte))
      const answer = await ask('agents/one/experiences', { method: 'POST', body: bytes })
      expect(answer).toEqual(refused(400, 'INVALID_JSON'))
    })

    test.each([
      ['no JSON', '{"state":'],
      ['nothing', ''],
      ['JSON of another form', '[]'],
      ['no reward', { state: 's', action: 'x', terminated: true }],
      ['a reward that is no number', { ...learned, reward: 'much' }],
      ['a reward beyond numbers', '{"state":"s","action":"x","reward":1e999,"terminated":true}'],
      ['an unknown name', { ...learned, rewrad: 1 }],
      ['neither a next state nor an end', { state: 's', action: 'x', reward: 1 }],
      ['an id that is too long', { ...learned, id: 'a'.repeat(129) }],
      ['data that is too deep', `{"state":${'['.repeat(20_000)}${']'.repeat(20_000)},"action":1,"reward":1}`],
    ])('refuses %s, and learns nothing', async (_, body) => {
      const answer = await post('agents/refusing/experiences', body)
      expect(answer).toEqual(expect.objectContaining({ status: 400 }))
      expect((answer.body.error as { code: string }).code).toMatch(/^INVALID_(ARGUMENT|JSON)$/)
      expect((await ask('agents/refusing')).body).toMatchObject({ experienceCount: 0 })
    })

    test.each<[string, unknown]>([
      ['Expected a body that is an object, got null', 'null'],
      ['Expected only id, state, action, reward, nextState, terminated, truncated', { ...learned, rewrad: 1 }],
      ['Expected reward, got nothing', { state: 's', action: 'x', terminated: true }],
      ['Expected reward to be a finite number, got "much"', { ...learned, reward: 'much' }],
      ['Expected terminated to be true or false, got 1', { ...learned, terminated: 1 }],
      ['Expected id to be a string of 1 to 128 characters, got ""', { ...learned, id: '' }],
      [`Expected id to be a string of 1 to 128 characters, got "aaa`, { ...learned, id: 'a'.repeat(129) }],
      ['Expected actions to be a list of 1 to 100 actions, got "x"', { ...learned, actions: 'x' }],
      ['Expected actions to be a list of 1 to 100', { ...learned, actions: Array(101).fill(1) }],
      ['Expected behaviorProbability to be a number above 0 and at most 1', { ...learned, behaviorProbability: 2 }],
      ['Expected nextState, or terminated: true', { state: 's', action: 'x', reward: 1 }],
    ])('says "%s"', async (message, body) => {
      const answer = await post('agents/refusing/experiences', body)
      expect(answer).toEqual(refused(400, 'INVALID_ARGUMENT'))
      const told = (answer.body.error as { message: string }).message
      expect(told).toContain(message)
      expect(told.length).toBeLessThan(160)
    })

    test('refuses other content types than JSON', async () => {
      const answer = await post('agents/one/experiences', learned, { 'content-type': 'text/plain' })
      expect(answer).toEqual(refused(415, 'UNSUPPORTED_MEDIA_TYPE'))
    })

    test('refuses a body that is too large, with or without a content length', async () => {
      const body = JSON.stringify({ ...learned, state: 'x'.repeat(70_000) })
      expect(await post('agents/one/experiences', body)).toEqual(refused(413, 'TOO_LARGE'))
      expect(await statusOf(`${address}agents/one/experiences`, body, {})).toBe(413)
      expect(await statusOf(`${address}agents/one/experiences`, JSON.stringify(learned), {})).toBe(200)
    })

    test.each([
      ['that says so', { 'content-length': '5000000' }],
      ['in chunks', {}],
    ])('takes a body of 5 MB to its end before it refuses it, %s', async (_, headers) => {
      const body = 'x'.repeat(5_000_000)
      for (let i = 0; i < 10; i++) {
        expect(await statusOf(`${address}agents/one/experiences`, body, headers)).toBe(413)
      }
      const wrong = { ...headers, authorization: 'Bearer wrong' }
      expect(await statusOf(`${address}agents/one/experiences`, body, wrong)).toBe(401)
      expect(await statusOf(`${address}agents/one/nothing`, body, headers)).toBe(404)
    })

    test('reports internal errors to its log only', async () => {
      await post('agents/spoilt/experiences', learned)
      address = await served.spoil('spoilt')
      const answer = await post('agents/spoilt/experiences', learned)
      expect(answer.body.error).toEqual({
        code: expect.stringMatching(/^(NOT_A_STORE|CORRUPT_SNAPSHOT)$/),
        status: 500,
        message: 'Internal error',
      })
      // It does not heal by itself.
      expect(answer.headers.get('retry-after')).toBe(null)
      await expect.poll(() => served.logged()).toMatch(/StoreError: /)
    })

    test.each(harness.ways)('loses nothing that it acknowledged: %s', async (way) => {
      const agent = `agents/ended-${harness.ways.indexOf(way)}`
      const acknowledged = new Set<string>()
      let ended = false
      const lanes = Array.from({ length: 4 }, async (_, lane) => {
        for (let i = 0; !ended; i++) {
          const id = `${lane}-${i}`
          const answer = await post(`${agent}/experiences`, { ...learned, id }).catch(() => undefined)
          if (answer?.status === 200) acknowledged.add(id)
        }
      })
      await expect.poll(() => acknowledged.size).toBeGreaterThan(40)
      address = await served.end(way, agent.slice('agents/'.length))
      ended = true
      await Promise.all(lanes)
      const again = await Promise.all(
        [...acknowledged].map((id) => post(`${agent}/experiences`, { ...learned, id, reward: 0 })),
      )
      expect(again.filter(({ body }) => body.learned !== false)).toEqual([])
      const { experienceCount } = (await ask(agent)).body
      expect(experienceCount).toBeGreaterThanOrEqual(acknowledged.size)
    })
  })
}

/** The status that answers a body, which is sent in chunks unless the headers tell its length. */
function statusOf(
  address: string,
  body: string,
  more: { readonly [name: string]: string },
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...more }
    const sent = httpRequest(address, { method: 'POST', headers }, (response) => {
      response.resume()
      // Both ways to their end, so that a connection that breaks is seen.
      response.on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject)
    for (let at = 0; at < body.length; at += 10_000) sent.write(body.slice(at, at + 10_000))
    sent.end()
  })
}
