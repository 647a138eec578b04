/** What the runtime itself takes. */
export default { fetch: (): Response => new Response('ok') }
