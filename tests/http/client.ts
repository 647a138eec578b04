import type { Handler } from '../../src/entry/http.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Undefined where there is no content. */
  readonly body: unknown
}

export interface Sent {
  readonly method?: string
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown
  readonly headers?: { readonly [name: string]: string }
}

/** Sends a request to a handler in this process. */
export async function send(handler: Handler, path: string, { method, body, headers = {} }: Sent = {}): Promise<Answer> {
  const sent = new Headers(headers)
  if (body !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json')
  const response = await handler(
    new Request(`http://store.example${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: sent,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  )
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}
