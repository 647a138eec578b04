import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { CodeBlock } from './code-blocks.ts'

const root = join(import.meta.dirname, '..', '..')

interface Config {
  readonly compilerOptions: { readonly paths: { readonly [specifier: string]: readonly [string] } }
}

/** The source of each entry of the package, by its specifier. */
const ENTRIES = Object.entries(
  (JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as Config).compilerOptions.paths,
)

/** A block as a module of its own. */
export interface BlockModule {
  readonly block: CodeBlock
  readonly file: string
  readonly text: string
  /** The lines before the code of the block. */
  readonly linesBefore: number
}

/** Whether the block belongs into a page, where the package has other options. */
export function isForPages({ path, code }: CodeBlock): boolean {
  return code.includes('indexeddb:') || path.startsWith('src/runtime/browser/') || path.startsWith('src/inspector/')
}

/** Writes each block as a module into a new folder of this project. @param exported the names of the values of the package. */
export function writeModules(blocks: readonly CodeBlock[], exported: readonly string[]): BlockModule[] {
  const folder = mkdtempSync(join(root, '.documentation-'))
  const nameOf = ({ language }: CodeBlock, i: number): string => `block-${i}.${language === 'tsx' ? 'tsx' : 'ts'}`
  const config = {
    extends: '../tsconfig.json',
    compilerOptions: {
      isolatedDeclarations: false,
      declaration: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    files: blocks.map(nameOf),
    include: ['../src/**/*.d.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return blocks.map((block, i) => {
    const file = join(folder, nameOf(block, i))
    const before = preludeOf(block, exported)
    const text = imported(`${before}\n${block.code}\nexport {}\n`, block)
    writeFileSync(file, text)
    return { block, file, text, linesBefore: before.split('\n').length }
  })
}

/** What a block may use without a declaration: exports of the package, `store` and `agent`. */
function preludeOf(block: CodeBlock, exported: readonly string[]): string {
  const code = `${block.setup}\n${block.code}`
  const names = exported.filter((name) => usesFree(code, name))
  const isAgentFree = usesFree(code, 'agent')
  const isStoreFree = usesFree(code, 'store') || (isAgentFree && !declares(code, 'store'))
  const lines = [
    `import { ${names.join(', ')} } from 'learning-store'`,
    "import { openLearningStore as openExample } from 'learning-store'",
    isStoreFree ? "const store = await openExample({ storage: 'memory:', seed: 1 })" : '',
    isAgentFree ? "const agent = await store.agent('example')" : '',
    block.setup,
  ]
  return lines.join('\n')
}

function usesFree(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.'"/-])${name}\\b(?!['":/-])`).test(code) && !declares(code, name)
}

function declares(code: string, name: string): boolean {
  const declared = new RegExp(`\\b(?:const|let|using|class|function|interface)\\s+(?:[{[][^}\\]=]*)?\\b${name}\\b`)
  const isImported = new RegExp(`\\bimport\\s+(?:type\\s+)?\\{[^}]*\\b${name}\\b[^}]*\\}`)
  return declared.test(code) || isImported.test(code)
}

/** The text with the sources of the package instead of its name. */
function imported(text: string, block: CodeBlock): string {
  return text.replace(/(?<=\b(?:from|import) |\bimport\()'(learning-store[^']*)'/g, (all, specifier: string) => {
    if (specifier === 'learning-store' && isForPages(block)) return "'../src/entry/browser.ts'"
    const source = ENTRIES.find(([name]) => name === specifier)?.[1][0]
    return source === undefined ? all : `'../${source.slice(2)}'`
  })
}

/** Type-checks modules in one run of the compiler. Returns its errors, by the lines of the documents. */
export async function typeErrors(modules: readonly BlockModule[], folder: string): Promise<string[]> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: root }, (_, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    )
  })
  // `npm run check` reports those of the sources.
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('src/'))
  return lines.map((line) => {
    const [, path = '', at = '', message = ''] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(line) ?? []
    const module = modules.find(({ file }) => relative(root, file) === path)
    return module ? `${module.block.path}:${module.block.line + Number(at) - module.linesBefore - 1}: ${message}` : line
  })
}
