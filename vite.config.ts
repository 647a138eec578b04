import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { worksOffline } from './demo/offline/plugin.ts'
import { writeSqlite } from './scripts/sqlite.mjs'

// The sources find SQLite where the build puts it for the compiled modules.
if (process.env.VITEST) writeSqlite(import.meta.dirname)

/** Debian's browser: Playwright's own is not downloaded. */
const launchOptions = {
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
}

/** Runs the files that take minutes first, so that the others fill the other cores meanwhile. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes('known-results')
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/** The build, as users of the package have it: from there a worker finds its script and its WebAssembly module. */
const entries = Object.entries({
  '': 'entry/browser',
  '/react': 'integrations/react/react',
  '/inspector': 'inspector/learning-inspector',
}).map(([entry, file]) => ({
  find: new RegExp(`^learning-store${entry}$`),
  replacement: fileURLToPath(new URL(`dist/src/${file}.js`, import.meta.url)),
}))
const alias = [...entries, { find: 'csv-parse/sync', replacement: 'csv-parse/browser/esm/sync' }]

const demo = fileURLToPath(new URL('demo/', import.meta.url))
const pages = readdirSync(demo).filter((name) => name.endsWith('.html'))

const config: ViteUserConfig = defineConfig({
  root: process.env.VITEST ? '.' : 'demo',
  // Relative, so that the built site works below any path.
  base: process.env.VITEST ? '/' : './',
  resolve: { alias: process.env.VITEST ? {} : alias },
  worker: { format: 'es' },
  plugins: process.env.VITEST ? [] : [worksOffline()],
  build: {
    outDir: '../dist-demo',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: pages.map((name) => `${demo}${name}`) },
  },
  test: {
    sequence: { sequencer: LongestFirst },
    // Vitest leaves one core to itself, which idles.
    maxWorkers: '100%',
    // Far more than any test needs on a quiet machine: only what hangs runs into it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A busy machine needs more than the default of one second.
    expect: { poll: { timeout: 120_000 } },
    coverage: { include: ['src/**/*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/pages/**', 'tests/package/**', 'tests/edge/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'edge',
          include: ['tests/edge/**/*.test.ts'],
          globalSetup: ['tests/edge/installed.ts'],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        resolve: { alias },
        // Dependencies found while a test runs would be bundled then, and the page reloaded.
        optimizeDeps: {
          include: [
            'comlink',
            'idb-keyval',
            '@foxglove/crc',
            'uuid',
            'quick-lru',
            'react',
            'react-dom/client',
            'react-dom/server',
            'react/jsx-runtime',
            'react/jsx-dev-runtime',
          ],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: ['tests/pages/**/*.test.ts'],
          globalSetup: ['tests/pages/installed.ts'],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: { name: 'package', include: ['tests/package/**/*.test.ts'], globalSetup: ['tests/package/packed.ts'] },
      },
    ],
  },
})

export default config
