/** The part of workerd's own module that is used. */
declare module 'cloudflare:workers' {
  /** Lets work go on, up to 30 s, after the request that is answered now has its answer. Throws outside of requests. */
  export function waitUntil(work: Promise<unknown>): void
}
