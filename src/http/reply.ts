import { sha256Hex } from './digests.ts'
import type { Reply } from './routes/route.ts'

/** The response of a route. Reads get an ETag, and 304 where the client has what it would be. */
export async function responseTo(request: Request, reply: Reply, basePath: string): Promise<Response> {
  const { status = 200, body, location } = reply
  const sent = new Headers({ 'x-content-type-options': 'nosniff' })
  if (location !== undefined) sent.set('location', `${basePath}${location}`)
  if (body === undefined) return new Response(null, { status, headers: sent })
  const text = JSON.stringify(body)
  sent.set('content-type', 'application/json')
  if (!isRead(request)) {
    sent.set('cache-control', 'no-store')
    return new Response(text, { status, headers: sent })
  }
  const etag = `"${(await sha256Hex(text)).slice(0, 32)}"`
  sent.set('cache-control', 'private, no-cache')
  sent.set('etag', etag)
  if (matches(request.headers.get('if-none-match'), etag)) {
    sent.delete('content-type')
    return new Response(null, { status: 304, headers: sent })
  }
  return new Response(request.method === 'HEAD' ? null : text, { status, headers: sent })
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Proxies that compress make weak tags of strong ones. */
function matches(header: string | null, etag: string): boolean {
  return header === '*' || (header?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) ?? false)
}
