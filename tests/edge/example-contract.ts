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
  /** Makes it whole again. Answers the address from then on. */
  restore(): Promise<string>
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
      const response = await fetch(`${address}v1/${path}`, { ...init, headers })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
    }
    const post = (path: string, body: unknown, headers: HeadersInit = {}): Promise<Answer> =>
      ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
    const refused = (status: number, code: string): unknown =>
      expect.objectContaining({ status, body: expect.objectContaining({ code, status, detail: expect.any(String) }) })

    test('learns from an experience and recommends by it', async () => {
      expect(await post('agents/one/experiences', learned)).toMatchObject({
        status: 201,
        body: { learned: true, value: 0.1 },
      })
      const { status, body } = await post('agents/one/recommendation', { state: { x: 1 } })
      expect([status, body]).toMatchObject([200, { actionKey: 'go', action: 'go', evidence: { visits: 1 } }])
      expect(await ask('agents/one')).toMatchObject({ status: 200, body: { id: 'one', experienceCount: 1 } })
    })

    test('decides, and learns from a reward that comes later', async () => {
      const decided = await post('agents/deciding/decisions', { state: 's', actions: ['go', 'stay'] })
      expect(decided).toMatchObject({ status: 201, body: { probability: 0.5 } })
      const reward = (value: number): Promise<Answer> =>
        ask(`agents/deciding/decisions/${decided.body.id}/reward`, {
          method: 'PUT',
          body: JSON.stringify({ reward: value }),
        })
      expect(await reward(1)).toMatchObject({ status: 200, body: { learned: true, value: 0.1 } })
      expect(await reward(0)).toEqual(refused(409, 'ALREADY_REWARDED'))
    })

    test('keeps agents apart', async () => {
      await post('agents/apart-1/experiences', learned)
      expect(await post('agents/apart-2/recommendation', { state: { x: 1 } })).toEqual(refused(404, 'NOT_FOUND'))
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
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
      expect((await ask('agents/many')).body).toMatchObject({ experienceCount: 50 })
    })

    test('remembers what is shared, and tells a client what it has already', async () => {
      const entry = 'agents/one/memory/default/a%2Fb'
      const set = { method: 'PUT', body: JSON.stringify({ value: 'here' }) }
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
      expect((await fetch(`${address}v1/${entry}`, { ...set, headers })).status).toBe(204)
      const got = await ask(entry)
      expect(got).toMatchObject({ status: 200, body: { key: 'a/b', value: 'here' } })
      const known = { ...headers, 'if-none-match': got.headers.get('etag') ?? '' }
      expect((await fetch(`${address}v1/${entry}`, { headers: known })).status).toBe(304)
    })

    test('performs a request with an idempotency key once', async () => {
      const key = { 'idempotency-key': 'key-1' }
      const [first, second] = [
        await post('agents/keys/experiences', learned, key),
        await post('agents/keys/experiences', learned, key),
      ]
      expect(second.body).toEqual(first.body)
      const other = await post('agents/keys/experiences', { ...learned, reward: 0 }, key)
      expect(other).toEqual(refused(422, 'IDEMPOTENCY_KEY_REUSED'))
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

    test('is healthy, and describes itself without a token', async () => {
      expect(await (await fetch(`${address}health`)).json()).toEqual({ status: 'ok' })
      expect(await (await fetch(`${address}openapi.json`)).json()).toMatchObject({ openapi: '3.1.1' })
    })

    test('refuses invalid UTF-8: two states would become one', async () => {
      const body = new TextEncoder().encode(JSON.stringify({ ...learned, state: '~' }))
      const bytes = body.map((byte) => (byte === 0x7e ? 0xff : byte))
      const answer = await ask('agents/one/experiences', { method: 'POST', body: bytes })
      expect(answer).toEqual(refused(400, 'INVALID_ARGUMENT'))
    })

    test.each([
      ['no JSON', '{"state":'],
      ['a reward that is no number', { ...learned, reward: 'much' }],
      ['neither a next state nor an end', { state: 's', action: 'x', reward: 1 }],
      ['data that is too deep', `{"state":${'['.repeat(20_000)}${']'.repeat(20_000)},"action":1,"reward":1}`],
    ])('refuses %s', async (_, body) => {
      expect(await post('agents/refusing/experiences', body)).toEqual(refused(400, 'INVALID_ARGUMENT'))
    })

    test.each([
      ['that says so', { 'content-length': '5000000' }],
      ['in chunks', {}],
    ])('takes a body of 5 MB to its end before it refuses it, %s', async (_, headers) => {
      const body = 'x'.repeat(5_000_000)
      for (let i = 0; i < 10; i++) {
        expect(await statusOf(`${address}v1/agents/one/experiences`, body, headers)).toBe(413)
      }
      const wrong = { ...headers, authorization: 'Bearer wrong' }
      expect(await statusOf(`${address}v1/agents/one/experiences`, body, wrong)).toBe(401)
      expect(await statusOf(`${address}v1/agents/one/nothing`, body, headers)).toBe(404)
    })

    test('reports internal errors to its log only', async () => {
      await post('agents/spoilt/experiences', learned)
      address = await served.spoil('spoilt')
      const answer = await post('agents/spoilt/experiences', learned)
      expect(answer.body).toMatchObject({
        code: expect.stringMatching(/^(NOT_A_STORE|CORRUPT_SNAPSHOT)$/),
        status: 500,
        detail: expect.stringMatching(/^(Not a learning store|Corrupt snapshot)$/),
      })
      // It does not heal by itself.
      expect(answer.headers.get('retry-after')).toBe(null)
      await expect.poll(() => served.logged()).toMatch(/StoreError: /)
      address = await served.restore()
    })

    test.each(harness.ways)('loses nothing that it acknowledged: %s', async (way) => {
      const agent = `agents/ended-${harness.ways.indexOf(way)}`
      const acknowledged = new Set<string>()
      let ended = false
      const lanes = Array.from({ length: 4 }, async (_, lane) => {
        for (let i = 0; !ended; i++) {
          const id = `${lane}-${i}`
          const answer = await post(`${agent}/experiences`, { ...learned, id }).catch(() => undefined)
          if (answer?.status === 201) acknowledged.add(id)
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
