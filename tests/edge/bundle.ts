import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

export interface BundleOptions {
  /** Export conditions of the runtime, besides `import`. */
  readonly conditions?: readonly string[]
  /** What stands for a module: the path of a file, or another module. */
  readonly alias?: Readonly<Record<string, string>>
  /** Modules that the runtime brings itself, besides `node:` and `cloudflare:`. */
  readonly external?: readonly string[]
  readonly plugins?: readonly Plugin[]
  /** Where packages are looked for that are not installed beside the program. */
  readonly nodePaths?: readonly string[]
  /** A module unless given, or a script that leaves no global names. */
  readonly format?: 'esm' | 'iife'
}

const SHIM = fileURLToPath(new URL('vitest-in-runtime.ts', import.meta.url))

/** One text of a program and all that it imports, in which `vitest` is our shim. @param entry a path from here. */
export async function bundle(entry: string, options: BundleOptions = {}): Promise<string> {
  const { conditions = [], alias = {}, external = [], plugins = [], nodePaths = [], format = 'esm' } = options
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format,
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [...conditions],
    alias: { vitest: SHIM, ...alias },
    external: ['node:*', 'cloudflare:*', ...external],
    plugins: [...plugins],
    nodePaths: [...nodePaths],
    // Its paths name sources; here the package is found as it is built.
    tsconfigRaw: {},
  })
  return outputFiles[0]?.text ?? ''
}
