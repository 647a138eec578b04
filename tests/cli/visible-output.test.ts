import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import type { AsyncStore } from '../../src/entry/node.ts'
import { Desk, type Ended } from './program.ts'

/** Sets the title, clears the screen, colors, overrides the direction, hides: what a terminal acts on or does not show. */
const HOSTILE =
  '\u001b]0;owned\u0007\u001b[2J\u009b31m\u0090q\u009c\u007f\r\u202eabc\u2066\u200b\u200f\ufeff\u00ad\u{e0041}\u2028z'
const ID = `agent${HOSTILE}`

/** Written apart from the program: C0 without tab and line end, DEL, C1, format characters, separators, invisible letters. */
const ACTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u

/** The styles of the program, and how its progress bar and its questions move. A terminal shows nothing else than text beside them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them
const STYLES = /\u001b\[(1|2|22|31|32|33|39)m|\u001b\[(\?25[lh]|\?7[lh]|\d*G|\d*A|[01]?J|[012]?K)|\u001b[78]/g

function checkVisible({ stdout, stderr }: Ended, styles: RegExp | string = ''): void {
  for (const text of [stdout, stderr]) {
    const left = text.replaceAll(styles, '').replaceAll('\r\n', '\n')
    const found = ACTIVE.exec(left)
    expect(found && JSON.stringify(left.slice(Math.max(0, found.index - 60), found.index + 9))).toBeNull()
  }
}

async function fill(store: AsyncStore): Promise<void> {
  const agent = await store.agent(ID, { type: `type${HOSTILE}` })
  for (let i = 0; i < 12; i++) {
    await agent.learnFromExecution({
      taskType: `task${HOSTILE}`,
      state: { [HOSTILE]: HOSTILE },
      action: HOSTILE,
      reward: i % 3 === 0 ? -1 : 1,
      success: i % 3 !== 0,
      discovery: 'rate',
      executionTimeMs: 40,
    })
  }
  const memory = store.memory.as({ agentId: ID })
  await memory.set({ key: HOSTILE, value: { [HOSTILE]: HOSTILE }, accessLevel: 'public', metadata: { x: HOSTILE } })
  await store.testPatterns.upsert({
    id: HOSTILE,
    patternType: 'edge-case',
    framework: 'jest',
    codeSignature: HOSTILE,
    testTemplate: HOSTILE,
    metadata: { name: HOSTILE, description: HOSTILE, tags: [HOSTILE] },
  })
}

/** A command line for each command that ends by itself. */
const LINES: readonly (readonly string[])[] = [
  ['learn', 'status'],
  ['learn', 'status', '--detailed'],
  ['learn', 'status', '--agent', ID, '--detailed'],
  ['learn', 'history'],
  ['learn', 'export'],
  ['learn', 'train', '--agent', ID],
  ['learn', 'train', '--iterations', '2'],
  ['learn', 'disable', '--agent', ID],
  ['learn', 'enable', '--agent', ID],
  ['learn', 'reset', '--agent', ID],
  ['learn', 'reset', '--agent', `nobody${HOSTILE}`, '--confirm'],
  ['patterns', 'list'],
  ['patterns', 'search', HOSTILE],
  ['patterns', 'show', HOSTILE],
  ['patterns', 'show', '1'],
  ['patterns', 'show', `none${HOSTILE}`],
  ['patterns', 'stats'],
  ['patterns', 'share', HOSTILE],
  ['patterns', 'share', HOSTILE, '--framework', HOSTILE],
  ['patterns', 'export', '--force'],
  ['patterns', 'import', '--input', `missing${HOSTILE}`],
  ['patterns', 'delete', HOSTILE],
  ['memory', 'list'],
  ['memory', 'search', HOSTILE],
  ['memory', 'show', HOSTILE],
  ['memory', 'show', `none${HOSTILE}`],
  ['memory', 'forget', HOSTILE],
  ['import', `missing${HOSTILE}`],
  ['import', `folder${HOSTILE}`],
  ['export'],
  ['export', '--format', 'csv'],
  ['export', '--format', HOSTILE],
  ['export', '--output', `out${HOSTILE}.jsonl`, '--force'],
  ['merge', `missing${HOSTILE}`],
  ['verify'],
  ['verify', '--storage', `file:missing${HOSTILE}.db`],
  ['doctor'],
  ['snapshot', '--output', `copy${HOSTILE}.db`, '--force'],
  ['tables'],
  ['query', 'SELECT * FROM learning_experiences'],
  ['query', `SELECT 1 AS "${HOSTILE}"`],
  ['query', `SELECT "${HOSTILE}" FROM nothing`],
  ['query', HOSTILE],
  ['serve', '--port', HOSTILE],
  ['mcp', `--${HOSTILE}`],
  [HOSTILE],
  [`--${HOSTILE}`],
]

let desk: Desk
beforeAll(async () => {
  desk = await Desk.make()
  await desk.teach(fill)
  const database = new Database(desk.path('.agentic-qe/memory.db'))
  database.exec(`CREATE TABLE "own${HOSTILE}" ("column${HOSTILE}")`)
  database.close()
  mkdirSync(desk.path(`folder${HOSTILE}`))
  writeFileSync(desk.path(`folder${HOSTILE}/file${HOSTILE}.jsonl`), `{"${HOSTILE.slice(0, 3)}`)
})
afterAll(() => desk[Symbol.asyncDispose]())

describe('whatever the program prints', () => {
  test('has a line here for each command', () => {
    const lines = LINES.map((line) => line.join(' '))
    expect(COMMANDS.filter(({ name }) => !lines.some((line) => line.startsWith(name))).map(({ name }) => name)).toEqual(
      [],
    )
  })

  test.each(LINES.map((line, i) => [i, line] as const))('acts on no terminal (line %i)', async (_, line) => {
    // An export into a pipe is a file.
    const isContent = line.includes('export') && !line.includes('--output')
    if (!isContent) checkVisible(await desk.run(...line))
    checkVisible(await desk.runAtTerminal('n\n', ...line), STYLES)
    const json = await desk.run(...line, '--json')
    checkVisible(json)
    for (const text of [json.stdout, json.stderr]) if (text !== '') JSON.parse(text)
  })

  test('has the same content as JSON', async () => {
    const { agents } = (await desk.json('learn', 'status', '--detailed')) as { agents: { id: string; type: string }[] }
    expect(agents).toMatchObject([{ id: ID, type: `type${HOSTILE}` }])
    expect(await desk.json('memory', 'show', HOSTILE)).toMatchObject({ entry: { value: { [HOSTILE]: HOSTILE } } })
  })

  test('of a name that is stored stands on one line', async () => {
    const { stderr } = await desk.run('learn', 'status', '--agent', 'no\nerror FORGED all is well')
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain('"no\\nerror FORGED')
  })

  test('is exact where it is a file', async () => {
    const { stdout } = await desk.run('export')
    await desk.run('export', '--output', 'exact.jsonl', '--force')
    expect(existsSync(desk.path('exact.jsonl'))).toBe(true)
    expect(stdout).toBe(readFileSync(desk.path('exact.jsonl'), 'utf8'))
    expect(stdout).toContain('\u009b31m')
  })

  test('shows any text and acts on none of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), async (text) => {
        const ended = await desk.run('query', 'SELECT ? AS a', text)
        checkVisible(ended)
        checkVisible(await desk.runAtTerminal('', 'learn', 'status', '--agent', text), STYLES)
        const json = await desk.run('query', 'SELECT ? AS a', text, '--json')
        checkVisible(json)
        if (!text.includes('\0') && !text.startsWith('-'))
          expect(String((JSON.parse(json.stdout) as [{ a: unknown }])[0].a)).toBe(text)
      }),
      { numRuns: 25, seed: 18 },
    )
  })
})
