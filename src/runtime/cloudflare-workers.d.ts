/** The part of workerd's own module that is used. */
declare module 'cloudflare:workers' {
  /** Extends the lifetime of the current request by up to 30 s for this work. Throws outside of requests. */
  export function waitUntil(work: Promise<unknown>): void
}
