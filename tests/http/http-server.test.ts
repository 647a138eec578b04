import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { HttpProblem } from '../../src/http/problem.ts'
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/runtime/node/server/http-server.ts'

const servers: HttpServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function start(options: Partial<HttpServerOptions> = {}): Promise<HttpServer> {
  const handler = async (request: Request): Promise<Response> =>
    new Response(`${request.method} ${await request.text()}`)
  const server = await startHttpServer({ port: 0, handler, ...options })
  servers.push(server)
  return server
}

interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** `fetch` does not send the headers `host` and `origin` that it is given. */
async function send(url: string, headers: { readonly [name: string]: string }, body?: string): Promise<Reply> {
  const sent = httpRequest(url, { method: body === undefined ? 'GET' : 'POST', headers, agent: false })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }
}

/** Sends bytes as they are. @returns the status line */
async function sendRaw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end(text)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8').split('\r\n')[0] ?? ''
}

test('a server listens on loopback, and its handler receives requests with their body', async () => {
  const { url } = await start()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const response = await fetch(url, { method: 'POST', body: 'hello' })
  expect([response.status, await response.text()]).toEqual([200, 'POST hello'])
})

describe('a host other than loopback', () => {
  test('is refused without a token', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  test('is served with one, under any name', async () => {
    const { url } = await start({ host: '0.0.0.0', token: 'secret' })
    const to = url.replace('0.0.0.0', '127.0.0.1')
    expect(await send(to, { host: 'example.com' })).toMatchObject({ status: 401 })
    expect(await send(to, { host: 'example.com', authorization: 'Bearer secret' })).toMatchObject({ status: 200 })
  })
})

test('a port that is in use is refused', async () => {
  const { url } = await start()
  const again = start({ port: Number(new URL(url).port) })
  await expect(again).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('EADDRINUSE'),
  })
})

describe('a page of another site', () => {
  test.each([
    ['evil.example', 403],
    ['evil.example:80', 403],
    ['localhost.evil.example', 403],
    ['evil.example@127.0.0.1', 400],
    ['localhost:5173', 200],
    ['[::1]:8787', 200],
    ['LOCALHOST', 200],
  ])('that comes by the host %s gets %i', async (host, status) => {
    const { url } = await start()
    expect(await send(url, { host })).toMatchObject({ status })
  })

  test('is refused by its origin, and one of the server or an allowed one is not', async () => {
    const { url } = await start({ allowedOrigins: ['https://app.example'] })
    const statusOf = async (origin: string): Promise<number> => (await send(url, { origin }, '{}')).status
    expect(await statusOf('https://evil.example')).toBe(403)
    expect(await statusOf('null')).toBe(403)
    expect(await statusOf('http://127.0.0.1:1')).toBe(403)
    expect(await statusOf('https://app.example')).toBe(200)
    expect(await statusOf(url)).toBe(200)
  })

  test('may use a host that is allowed by name', async () => {
    const { url } = await start({ allowedHosts: ['store.example'] })
    expect(await send(url, { host: 'store.example:8080' })).toMatchObject({ status: 200 })
    expect(await send(url, { host: 'other.example' })).toMatchObject({ status: 403 })
  })
})

describe('a token', () => {
  test('is required, except for public paths and preflights', async () => {
    const { url } = await start({ token: 'secret', publicPaths: ['/health'], allowedOrigins: ['https://app.example'] })
    const statusOf = async (path: string, headers: { [name: string]: string } = {}): Promise<number> =>
      (await send(`${url}${path}`, headers)).status
    expect(await statusOf('/')).toBe(401)
    expect(await statusOf('/', { authorization: 'Bearer wrong' })).toBe(401)
    expect(await statusOf('/', { authorization: 'Basic secret' })).toBe(401)
    expect(await statusOf('/', { authorization: 'Bearer secret' })).toBe(200)
    expect(await statusOf('/', { authorization: 'bearer secret' })).toBe(200)
    expect(await statusOf('/health')).toBe(200)
    expect(await statusOf('/health/')).toBe(401)
    const asked = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    expect((await fetch(url, { method: 'OPTIONS', headers: asked })).status).toBe(200)
    expect(await statusOf('/', asked)).toBe(401)
  })

  test('that no header can carry is refused, and not shown', async () => {
    const refused = start({ token: 'clé secrète' })
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('clé') })
  })
})

test('a body that is too large gets 413, whatever length it declares', async () => {
  const { url } = await start({ maxBodyBytes: 10 })
  const body = 'x'.repeat(2 * 1024 * 1024)
  expect(await send(url, {}, '0123456789')).toMatchObject({ status: 200 })
  expect(await send(url, {}, body)).toMatchObject({ status: 413 })
  expect(await send(url, { 'transfer-encoding': 'chunked' }, body)).toMatchObject({ status: 413 })
  expect(await send(url, { 'content-encoding': 'gzip' }, 'x')).toMatchObject({ status: 415 })
})

describe('problem details', () => {
  test('answer an error of the handler, which the server reports without telling the client', async () => {
    const errors: unknown[] = []
    const bug = new Error('secret path')
    const { url } = await start({ onError: (error) => errors.push(error), handler: () => Promise.reject(bug) })
    const { status, headers, text } = await send(url, {})
    expect([status, headers['content-type']]).toEqual([500, 'application/problem+json'])
    const title = 'Internal error'
    expect(JSON.parse(text)).toEqual({ type: 'about:blank', title, status: 500, detail: title, code: 'INTERNAL' })
    expect(errors).toEqual([bug])
  })

  test('have the message and headers of a known problem', async () => {
    const problem = new HttpProblem('METHOD_NOT_ALLOWED', 'Expected GET, got POST', { allow: 'GET' })
    const { url } = await start({ handler: () => Promise.reject(problem) })
    const { status, headers, text } = await send(url, {}, '')
    expect([status, headers.allow]).toEqual([405, 'GET'])
    expect(JSON.parse(text)).toMatchObject({ code: 'METHOD_NOT_ALLOWED', detail: 'Expected GET, got POST' })
  })

  test.each([
    'GET @evil.example/ HTTP/1.1\r\nhost: localhost\r\n',
    'GET / HTTP/1.1\r\nhost: localhost/x\r\n',
    'GET / HTTP/1.1\r\n',
  ])('answer the request line %j with 400', async (text) => {
    const { url } = await start()
    expect(await sendRaw(url, `${text}connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('stopping', () => {
  test('lets requests finish, takes no others, and closes connections that are kept alive', async () => {
    let enter = (): void => {}
    const entered = new Promise<void>((resolve) => {
      enter = resolve
    })
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const server = await start({
      handler: async () => {
        enter()
        await released
        return new Response('done')
      },
    })
    const response = fetch(server.url)
    await entered
    const stopped = server.stop()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    release()
    expect(await (await response).text()).toBe('done')
    expect((await response).headers.get('connection')).toBe('close')
    await stopped
  })

  test('closes a connection that was made before, after its request', async () => {
    const server = await start()
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(socket, 'connect')
    // The server has accepted the connection before it answers on a later one.
    await fetch(server.url, { headers: { connection: 'close' } })
    const stopped = server.stop()
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += chunk
    expect(text).toMatch(/^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is)
    await stopped
  })

  test('ends requests that do not finish in time', async () => {
    let enter = (): void => {}
    const entered = new Promise<void>((resolve) => {
      enter = resolve
    })
    const server = await start({
      stopTimeoutMs: 1,
      handler: (request) => {
        enter()
        return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
      },
      onError: () => {},
    })
    const response = fetch(server.url)
    const failed = expect(response).rejects.toThrow('fetch failed')
    await entered
    await server.stop()
    await failed
  })
})
