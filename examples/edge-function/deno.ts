import { handlerOf } from './handler.ts'

/** The part of Deno that is used here. */
declare const Deno: {
  readonly env: { get(name: string): string | undefined }
  serve(
    options: { readonly port: number; readonly hostname: string },
    handler: (request: Request) => Promise<Response>,
  ): { shutdown(): Promise<void> }
  addSignalListener(signal: 'SIGINT' | 'SIGTERM', listener: () => void): void
  exit(): never
}

const [PORT = '8788', TOKEN, STORE] = ['PORT', 'TOKEN', 'STORE'].map((name) => Deno.env.get(name))
const handler = handlerOf({ TOKEN, STORE })
const server = Deno.serve({ port: Number(PORT), hostname: '127.0.0.1' }, handler)

async function stop(): Promise<void> {
  await server.shutdown()
  await handler.close()
  Deno.exit()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) Deno.addSignalListener(signal, () => void stop())
