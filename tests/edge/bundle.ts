import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface BundleOptions {
  /** Export conditions of the runtime, besides `import`. */
  readonly conditions?: readonly string[]
  /** What stands for a module: the path of a file, or another module. */
  readonly alias?: Readonly<Record<string, string>>
  /** Modules that the runtime brings itself, besides `node:` and `cloudflare:`. */
  readonly external?: readonly string[]
}

const SHIM = fileURLToPath(new URL('vitest-in-runtime.ts', import.meta.url))

/** One ES module of a program and all that it imports, in which `vitest` is our shim. @param entry a path from here. */
export async function bundle(entry: string, options: BundleOptions = {}): Promise<string> {
  const { conditions = [], alias = {}, external = [] } = options
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [...conditions],
    alias: { vitest: SHIM, ...alias },
    external: ['node:*', 'cloudflare:*', ...external],
  })
  return outputFiles[0]?.text ?? ''
}
