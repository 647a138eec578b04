import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHttp } from '../mcp/mcp-process.ts'

/** The scenarios of the conformance tests of the Model Context Protocol that apply to this server. */
const APPLY = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'prompts-list',
  'completion-complete',
  'dns-rebinding-protection',
]

const OWN_TOOL = "calls a tool of the scenario's own example server"
const OWN_RESOURCE = "reads a resource of the scenario's own example server"
const OWN_PROMPT = "gets a prompt of the scenario's own example server"
const NO_SESSIONS = 'needs a session whose streams are resumed; this server has neither'
const NO_SUBSCRIPTION = 'needs subscriptions to resources, an optional capability that this server does not offer'

const DO_NOT_APPLY: { readonly [scenario: string]: string } = {
  'tools-call-simple-text': OWN_TOOL,
  'tools-call-image': OWN_TOOL,
  'tools-call-audio': OWN_TOOL,
  'tools-call-embedded-resource': OWN_TOOL,
  'tools-call-mixed-content': OWN_TOOL,
  'tools-call-with-logging': OWN_TOOL,
  'tools-call-error': OWN_TOOL,
  'tools-call-with-progress': OWN_TOOL,
  'tools-call-sampling': OWN_TOOL,
  'tools-call-elicitation': OWN_TOOL,
  'json-schema-2020-12': OWN_TOOL,
  'elicitation-sep1034-defaults': OWN_TOOL,
  'elicitation-sep1330-enums': OWN_TOOL,
  'resources-read-text': OWN_RESOURCE,
  'resources-read-binary': OWN_RESOURCE,
  'resources-templates-read': OWN_RESOURCE,
  'prompts-get-simple': OWN_PROMPT,
  'prompts-get-with-args': OWN_PROMPT,
  'prompts-get-embedded-resource': OWN_PROMPT,
  'prompts-get-with-image': OWN_PROMPT,
  'server-sse-polling': NO_SESSIONS,
  'server-sse-multiple-streams': NO_SESSIONS,
  'resources-subscribe': NO_SUBSCRIPTION,
  'resources-unsubscribe': NO_SUBSCRIPTION,
  'logging-set-level': 'needs log messages to the client, an optional capability that this server does not offer',
}

const modules = join(import.meta.dirname, 'newest-node', 'node_modules')
const conformance = join(modules, '@modelcontextprotocol', 'conformance', 'dist', 'index.js')
const folder = mkdtempSync(join(tmpdir(), 'mcp-conformance-'))
/** The checks that passed and failed, of each scenario. */
let results: ReadonlyMap<string, { readonly passed: number; readonly failed: number }>
beforeAll(async () => {
  // The conformance client sends no token.
  const server = await startHttp(join(folder, 'learning.db'), {}, '--no-token')
  const told = await run('server', '--url', server.url, '--suite', 'all')
  await server.stop()
  const found = told.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed$/gm)
  results = new Map(
    [...found].map(([, scenario = '', passed, failed]) => [
      scenario,
      { passed: Number(passed), failed: Number(failed) },
    ]),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the conformance tests, which end with 1 where any scenario fails. @returns what they print */
async function run(...args: readonly string[]): Promise<string> {
  const ended = promisify(execFile)(join(modules, 'node', 'bin', 'node'), [conformance, ...args], { cwd: folder })
  return ended.then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  )
}

test('every scenario for servers either applies or has a reason why it does not', () => {
  expect([...results.keys()].toSorted()).toEqual([...APPLY, ...Object.keys(DO_NOT_APPLY)].toSorted())
})

test.each(APPLY)('the server passes the scenario %s', (scenario) => {
  expect(results.get(scenario)).toEqual({ passed: expect.any(Number), failed: 0 })
  expect(results.get(scenario)?.passed).toBeGreaterThan(0)
})
