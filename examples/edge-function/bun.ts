import { handlerOf } from './handler.ts'

/** The part of Bun that is used here. */
declare const Bun: {
  serve(options: {
    readonly port: number
    readonly hostname: string
    readonly fetch: (request: Request) => Promise<Response>
  }): { readonly url: URL; stop(): Promise<void> }
}

const handler = handlerOf(process.env)
const server = Bun.serve({ port: Number(process.env.PORT ?? '8788'), hostname: '127.0.0.1', fetch: handler })
console.log(`Listening on ${server.url}`)

async function stop(): Promise<void> {
  await server.stop()
  await handler.close()
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
